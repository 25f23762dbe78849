import { describe, expect, test } from "vitest";
import {
  conditionOf,
  contextOf,
  type Dyad,
  dyadWindows,
  quickSettings,
} from "../example-windows.test-support.ts";
import { testTimeReversal } from "./time-reversal.ts";

const settings = quickSettings({ nSurrogates: 99 });

const reversal = (dyad: Dyad, used = settings) =>
  testTimeReversal(contextOf(conditionOf("direct", dyadWindows(dyad)), used));

/** The same innovations reach both heads at once, unequally: no link, but a correlation. */
const mixed: Dyad["mixing"] = [
  [2, 0, 0.7],
  [3, 1, 0.7],
];

describe("net flow against time", () => {
  test("turns round with planted coupling: D is positive and beyond chance", () => {
    const rows = reversal({ seed: 1, nWindows: 120, strength: 0.05 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ from: "adult", to: "infant", p: 0.01 });
    expect(rows[0]!.netForward).toBeGreaterThan(0.2);
    expect(rows[0]!.difference).toBeGreaterThan(0.05);
    expect(rows[0]!.difference).toBeCloseTo(rows[0]!.netForward - rows[0]!.netReversed, 12);
  });

  test("does not for mixed noise without a link: |D| < .02", () => {
    const [row] = reversal({ seed: 2, nWindows: 120, mixing: mixed });
    expect(Math.abs(row!.difference)).toBeLessThan(0.02);
  });

  test("is not called significant without coupling more often than chance allows", () => {
    const values = Array.from(
      { length: 40 },
      (_, seed) => reversal({ seed: 100 + seed, nWindows: 30 })[0]!.p,
    );
    // 40 at 5 %: more than 6 in 0.3 % of runs.
    expect(values.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(6);
  });

  test("has the same bits again, whatever else the settings draw", () => {
    const dyad = { seed: 3, nWindows: 30, strength: 0.05 };
    expect(reversal(dyad, { ...settings, nulls: ["timeReverse"] })).toEqual(reversal(dyad));
  });

  test("is tested with windows that overlap, too", () => {
    const overlapping = quickSettings({ nSurrogates: 99, window: { seconds: 1, overlap: 0.5 } });
    const data = conditionOf("direct", dyadWindows({ seed: 4, nWindows: 120, strength: 0.05, hop: 100 }), {
      hop: 100,
      windowsPerEpisode: 200,
    });
    expect(testTimeReversal(contextOf(data, overlapping))[0]).toMatchObject({ p: 0.01 });
  });

  test("has no row where there are too few windows to shuffle", () => {
    expect(reversal({ seed: 5, nWindows: 4, strength: 0.1 })).toEqual([]);
  });
});
