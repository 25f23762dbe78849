import { ManualTime } from "@attune/device-kit";
import { describe, expect, test } from "vitest";
import { discoverDongles, openbciCyton } from "./device-type.ts";

describe("the device type", () => {
  test("makes a device from checked settings", async () => {
    const device = openbciCyton.create(
      "eeg",
      openbciCyton.settings.parse({ port: "/dev/does-not-exist" }),
      new ManualTime().context,
    );
    expect(device.id).toBe("eeg");
    await device.close();
  });

  test("sees a dongle by its USB ids, and by its name where there are none", () => {
    const found = discoverDongles([
      { path: "/dev/ttyUSB0", vendorId: "0403", productId: "6015", serialNumber: "DM00Q0QN" },
      { path: "/dev/ttyUSB1", manufacturer: "FTDI", serialNumber: "DQ007UYA" },
      { path: "/dev/ttyUSB2", vendorId: "0403", productId: "6001", manufacturer: "FTDI" },
      { path: "/dev/ttyACM0", vendorId: "2341", productId: "0043" },
      { path: "/dev/rfcomm0" },
    ]);
    expect(found.map(({ settings }) => settings.port)).toEqual(["/dev/ttyUSB0", "/dev/ttyUSB1"]);
    for (const { settings } of found) expect(openbciCyton.settings.safeParse(settings).success).toBe(true);
  });
});
