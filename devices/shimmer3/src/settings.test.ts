import { ManualTime } from "@attune/device-kit";
import { describe, expect, test } from "vitest";
import { discoverShimmers, shimmer3 } from "./device-type.ts";
import { EXG_GAINS, ecgRegisters, gainOf, millivoltsPerCount } from "./exg.ts";
import { shimmer3Settings } from "./settings.ts";

describe("registers and settings", () => {
  test("every gain is written and read back, with a rate of the chip that is fast enough", () => {
    for (const gain of EXG_GAINS)
      for (const chip of [1, 2] as const)
        for (const channel of [1, 2] as const)
          expect(gainOf(ecgRegisters(chip, gain, 512), channel)).toBe(gain);
    expect([100, 125, 250, 256, 512, 1024].map((rate) => ecgRegisters(1, 6, rate)[0])).toEqual([
      0, 0, 1, 2, 3, 4,
    ]);
    expect(gainOf(Uint8Array.of(0, 0, 0, 0x70, 0), 1)).toBeNaN();
    expect(millivoltsPerCount(6)).toBeCloseTo(4.80811e-5, 9);
  });

  test.each([
    [{ port: "" }],
    [{ port: "x", samplingRate: 2000 }],
    [{ port: "x", gain: 5 }],
    [{ port: "x", channels: [{ source: "exg3-ch1", label: "a" }] }],
    [
      {
        port: "x",
        channels: [
          { source: "exg1-ch1", label: "a" },
          { source: "exg1-ch1", label: "b" },
        ],
      },
    ],
  ])("%j is refused", (settings) => {
    expect(shimmer3Settings.safeParse(settings).success).toBe(false);
  });

  test("make a device, and ports that may lead to one are found by their names", async () => {
    const device = shimmer3.create(
      "heart",
      shimmer3.settings.parse({ port: "/dev/does-not-exist" }),
      new ManualTime().context,
    );
    expect(device.id).toBe("heart");
    await device.close();
    const found = discoverShimmers([
      { path: "/dev/rfcomm0" },
      { path: "/dev/tty.Shimmer3-5A2B-RNI-SPP" },
      { path: "/dev/ttyUSB0", vendorId: "0403", productId: "6015" },
    ]);
    expect(found.map(({ settings }) => settings.port)).toEqual([
      "/dev/rfcomm0",
      "/dev/tty.Shimmer3-5A2B-RNI-SPP",
    ]);
    for (const { settings } of found) expect(shimmer3.settings.safeParse(settings).success).toBe(true);
  });
});
