import { describe, expect, test } from "vitest";
import { Estimator } from "./estimator.ts";
import { conditionOf, dyadWindows, quickSettings, ROWS } from "./example-windows.test-support.ts";
import { intervalsOf } from "./intervals.ts";
import type { StudySettings } from "./settings.ts";

const STRENGTH = 0.1;

function intervalsFor(interval: StudySettings["interval"], seed: number, nWindows = 60) {
  const estimator = new Estimator(quickSettings({ interval }), ROWS);
  const windows = dyadWindows({ seed, nWindows, strength: STRENGTH });
  const full = estimator.means(estimator.ofWindows(windows));
  return { full, intervals: intervalsOf(estimator, conditionOf("direct", windows), full) };
}

/** What the statistic tends to, from far more data than the intervals are made of. */
const truth = (() => {
  const estimator = new Estimator(quickSettings(), ROWS);
  return estimator.means(estimator.ofWindows(dyadWindows({ seed: 99, nWindows: 1500, strength: STRENGTH })));
})();

describe("intervals over episodes", () => {
  test.each(["jackknife", "block-bootstrap"] as const)("%s: about 95 of 100 cover the truth", (interval) => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const covered = seeds.filter((seed) => {
      const adultToInfantAlpha = intervalsFor(interval, seed).intervals[1]!;
      return adultToInfantAlpha.low <= truth[1]! && truth[1]! <= adultToInfantAlpha.high;
    });
    // 60 at 95 %: 52 or more in 99.2 % of runs; the percentile bootstrap over 12 episodes is known to fall short by a little.
    expect(covered.length).toBeGreaterThanOrEqual(interval === "jackknife" ? 52 : 48);
  });

  test("are narrower with more data and wide enough to mean something", () => {
    const width = (nWindows: number) => {
      const { low, high } = intervalsFor("jackknife", 7, nWindows).intervals[1]!;
      return high - low;
    };
    expect(width(240)).toBeLessThan(0.75 * width(60));
    expect(width(240)).toBeGreaterThan(0);
  });

  test("say how they were made", () => {
    expect(intervalsFor("jackknife", 1).intervals[0]!.method).toBe("jackknife over 12 episodes");
    expect(intervalsFor("block-bootstrap", 1).intervals[0]!.method).toBe("block bootstrap over 12 episodes");
  });

  test("the jackknife's lies around the value, and all have the same bits again", () => {
    const { full, intervals } = intervalsFor("jackknife", 2);
    intervals.forEach(({ low, high }, v) => {
      expect((low + high) / 2).toBeCloseTo(full[v]!, 12);
    });
    expect(intervalsFor("block-bootstrap", 2)).toEqual(intervalsFor("block-bootstrap", 2));
  });

  test.each([
    ["none", 60],
    ["jackknife", 2],
  ] as const)("%s with %d windows: there is none", (interval, nWindows) => {
    const { intervals } = intervalsFor(interval, 1, nWindows);
    expect(intervals).toHaveLength(4);
    for (const each of intervals) expect(each).toEqual({ low: Number.NaN, high: Number.NaN, method: "none" });
  });
});
