import { mulberry32, normal } from "@attune/core";
import { describe, expect, test } from "vitest";
import { testOverTime } from "./family-wise.ts";

/** Squares of normal numbers, smoothed over time: as skewed and as dependent as real courses. */
function courses(seed: number, n: number, nTimes: number): number[][] {
  const gaussian = normal(mulberry32(seed));
  return Array.from({ length: n }, () => {
    const raw = Array.from({ length: nTimes + 2 }, () => gaussian() ** 2);
    return Array.from({ length: nTimes }, (_, t) => raw[t]! + raw[t + 1]! + raw[t + 2]!);
  });
}

describe("a test over time", () => {
  test("rejects somewhere in 5 % of courses that are like the surrogates", () => {
    let rejected = 0;
    const nRuns = 2000;
    for (let run = 0; run < nRuns; run++) {
      const [course, ...surrogates] = courses(run, 40, 12);
      if (Math.min(...testOverTime(course!, surrogates, 0.05).p) <= 0.05) rejected++;
    }
    // Binomial: 0.05 +- 4 standard errors of 0.0049.
    expect(rejected / nRuns).toBeGreaterThan(0.03);
    expect(rejected / nRuns).toBeLessThan(0.07);
  });

  test("finds a rise where it is and nowhere else", () => {
    const [course, ...surrogates] = courses(7, 200, 20);
    course![13]! += 60;
    const { p } = testOverTime(course!, surrogates, 0.05);
    expect(p[13]).toBe(1 / 200);
    expect(p.filter((value) => value < 0.05)).toHaveLength(1);
  });

  test("a value is above the limit exactly where p is below alpha", () => {
    for (let seed = 0; seed < 100; seed++) {
      const [course, ...surrogates] = courses(seed, 100, 10);
      course![4]! += 12;
      const { p, nullHigh } = testOverTime(course!, surrogates, 0.05);
      expect(course!.map((value, t) => value > nullHigh[t]!)).toEqual(p.map((value) => value < 0.05));
    }
  });

  test("scale and offset of a time do not matter", () => {
    const [course, ...surrogates] = courses(3, 60, 6);
    const change = (x: readonly number[]) => x.map((value, t) => 10 ** t * value - t);
    const changed = testOverTime(change(course!), surrogates.map(change), 0.05);
    expect(changed.p).toEqual(testOverTime(course!, surrogates, 0.05).p);
  });

  test("a time that could not be computed is NaN and does not spoil the others", () => {
    const [course, ...surrogates] = courses(5, 60, 6);
    const without = testOverTime(
      course!.slice(1),
      surrogates.map((each) => each.slice(1)),
      0.05,
    );
    const { p } = testOverTime([Number.NaN, ...course!.slice(1)], surrogates, 0.05);
    expect(p[0]).toBeNaN();
    expect(p.slice(1)).toEqual(without.p);
  });
});
