import type { DeviceBench } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { type CytonBench, cytonOnBench, written } from "./test-support/cyton-bench.ts";

let made: CytonBench | undefined;
afterEach(async () => {
  await made?.bench.close();
  made = undefined;
});

function board(...given: Parameters<typeof cytonOnBench>): CytonBench {
  made = cytonOnBench(...given);
  return made;
}

describe("impedance", () => {
  const seconds = (bench: DeviceBench) => bench.events.filter((event) => event.kind === "impedance");

  test("of each electrode is measured, and the current is off again afterwards", async () => {
    const kilohms = [10, 5, 20, 50, 0, 1, 100, 750];
    const { bench, simulator } = board({ electrodeKilohms: kilohms, signal: (_, out) => out.fill(3) });
    await bench.start();
    await bench.time.advance(2);
    await bench.time.until(bench.device.impedance!(true));
    expect(simulator.leadOffInputs).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await bench.time.advance(4);
    const measured = seconds(bench).at(-1)!;
    if (measured.kind !== "impedance") throw new Error("unreachable");
    for (const [c, truth] of kilohms.entries())
      expect(Math.abs(measured.kilohms[c]! - truth)).toBeLessThan(0.1 + 0.01 * truth);
    expect(measured.kilohms.slice(8).every(Number.isNaN)).toBe(true);
    await bench.time.until(bench.device.impedance!(false));
    expect(simulator.leadOffInputs).toEqual([]);
  });

  test("of a Daisy's electrodes is right as well", async () => {
    const { bench } = board(
      { daisyAttached: true, signal: (_, out) => out.fill(3) },
      { daisy: true, channels: Array.from({ length: 16 }, (_, c) => ({ kind: c % 2 ? "ecg" : "eeg" })) },
    );
    await bench.start();
    await bench.time.advance(2);
    await bench.time.until(bench.device.impedance!(true));
    await bench.time.advance(4);
    const measured = seconds(bench).at(-1)!;
    if (measured.kind !== "impedance") throw new Error("unreachable");
    for (let c = 0; c < 16; c++) expect(Math.abs(measured.kilohms[c]! - 10)).toBeLessThan(0.2);
  });

  test("current that a stop left on is switched off before data flow again", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(1);
    await bench.time.until(bench.device.impedance!(true));
    await bench.time.until(bench.device.stop());
    expect(simulator.leadOffInputs).toHaveLength(8);
    await bench.start();
    expect(simulator.leadOffInputs).toEqual([]);
    expect(written(bench).at(-1)).toBe("b");
  });
});
