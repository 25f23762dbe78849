import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { pearsonCorrelation } from "../statistics/index.ts";
import { fisherZ } from "./fisher-z.ts";
import { argmaxLag, pickPeak } from "./lag-peaks.ts";
import { evaluateMeasure, primaryMeasure } from "./primary-measure.ts";
import { autoregressive, follower, noise } from "./series.test-support.ts";
import { windowedCrossCorrelation } from "./windowed-cross-correlation.ts";

const samplingRate = 1;
const small = { samplingRate, windowSeconds: 12, stepSeconds: 5, maxLagSeconds: 4 };

/** Textbook residuals of a straight line. */
function withoutLine(x: Float64Array): Float64Array {
  const middle = (x.length - 1) / 2;
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const tt = x.reduce((s, _, t) => s + (t - middle) ** 2, 0);
  const slope = x.reduce((s, v, t) => s + (t - middle) * v, 0) / tt;
  return x.map((v, t) => v - mean - slope * (t - middle));
}

describe("windowedCrossCorrelation", () => {
  test("gives Pearson's r of a[i, i+W) with b[i+l, i+l+W), anchored at the first member", () => {
    const a = autoregressive(0.8, 80, 1);
    const b = autoregressive(0.8, 80, 2);
    const { correlations, starts, lags, z } = windowedCrossCorrelation(a, b, small);
    expect(starts[0]).toBe(4);
    expect(starts.at(-1)! + 12 + 4).toBeLessThanOrEqual(80);
    expect(starts.at(-1)! + 5 + 12 + 4).toBeGreaterThan(80);
    starts.forEach((i, w) => {
      let sum = 0;
      lags.forEach((l, k) => {
        const r = pearsonCorrelation(a.slice(i, i + 12), b.slice(i + l, i + l + 12));
        expect(correlations[w * 9 + k]).toBeCloseTo(r, 12);
        sum += fisherZ(r);
      });
      expect(z[w]).toBeCloseTo(sum / 9, 12);
    });
  });

  test("moves the leader's window back when anchored at the latest sample", () => {
    const a = autoregressive(0.8, 60, 3);
    const b = autoregressive(0.8, 60, 4);
    const { correlations, starts, lags } = windowedCrossCorrelation(a, b, { ...small, anchor: "latest" });
    starts.forEach((i, w) => {
      lags.forEach((l, k) => {
        const fromA = i - Math.max(0, l);
        const fromB = i - Math.max(0, -l);
        const r = pearsonCorrelation(a.slice(fromA, fromA + 12), b.slice(fromB, fromB + 12));
        expect(correlations[w * 9 + k]).toBeCloseTo(r, 12);
      });
    });
  });

  test("takes the line out of each window when asked", () => {
    const a = autoregressive(0.9, 60, 5);
    const b = autoregressive(0.9, 60, 6);
    const { correlations, starts } = windowedCrossCorrelation(a, b, {
      ...small,
      maxLagSeconds: 0,
      removeLine: true,
    });
    starts.forEach((i, w) => {
      const r = pearsonCorrelation(withoutLine(a.slice(i, i + 12)), withoutLine(b.slice(i, i + 12)));
      expect(correlations[w]).toBeCloseTo(r, 11);
    });
  });

  test("exchanging the members negates every lag to the bit (anchor latest)", () => {
    const { adult, infant } = follower(400, 3, 0.8, 1);
    adult.fill(Number.NaN, 100, 104);
    const options = { samplingRate, anchor: "latest" as const, removeLine: true };
    const one = windowedCrossCorrelation(adult, infant, options);
    const other = windowedCrossCorrelation(infant, adult, options);
    const nLags = one.lags.length;
    for (let w = 0; w < one.starts.length; w++)
      for (let k = 0; k < nLags; k++)
        expect(other.correlations[w * nLags + k]).toBe(one.correlations[w * nLags + nLags - 1 - k]);
    const negated = (lags: Float64Array) => Array.from(lags, (lag) => 0 - lag);
    expect(negated(other.peaks.lags)).toEqual(Array.from(one.peaks.lags, (lag) => lag + 0));
    expect(negated(other.argmax.lags)).toEqual(Array.from(one.argmax.lags, (lag) => lag + 0));
    expect(other.argmax.secondLeads).toBe(one.argmax.firstLeads);
    expect(one.argmax.firstLeads).toBeGreaterThan(0.6);
  });

  test("a constant added to a member changes nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5000, max: 5000 }),
        fc.integer({ min: 1, max: 50 }),
        (constant, seed) => {
          // Multiples of 1/64, so that the sum is exact and the bits must be the same.
          const a = noise(90, "constant", seed).map((x) => Math.round(64 * x) / 64);
          const b = noise(90, "other", seed);
          const plain = windowedCrossCorrelation(a, b, small);
          const moved = windowedCrossCorrelation(
            a.map((x) => x + constant),
            b,
            small,
          );
          expect(moved.correlations).toEqual(plain.correlations);
        },
      ),
    );
  });

  test("the scale of a member does not matter, nor does its sign but for that of r", () => {
    const a = autoregressive(0.8, 200, 7);
    const b = autoregressive(0.8, 200, 8);
    const plain = windowedCrossCorrelation(a, b, small);
    const scaled = windowedCrossCorrelation(
      a.map((x) => -1e6 * x),
      b.map((x) => 1e-6 * x),
      small,
    );
    plain.correlations.forEach((r, k) => {
      expect(scaled.correlations[k]).toBeCloseTo(-r, 12);
    });
  });

  test("leaves missing pairs out, and gives no value below 80 % of them", () => {
    const a = noise(60, "gap-a");
    const b = noise(60, "gap-b");
    const options = { samplingRate, windowSeconds: 20, stepSeconds: 20, maxLagSeconds: 0 };
    a.fill(Number.NaN, 0, 4);
    b.fill(Number.NaN, 20, 25);
    const { correlations, nValid, nWindows, meanZ } = windowedCrossCorrelation(a, b, options);
    expect(Array.from(nValid)).toEqual([16, 15, 20]);
    expect(correlations[0]).toBeCloseTo(pearsonCorrelation(a.slice(4, 20), b.slice(4, 20)), 12);
    expect(correlations[1]).toBeNaN();
    expect(nWindows).toBe(2);
    expect(meanZ).toBeCloseTo((fisherZ(correlations[0]!) + fisherZ(correlations[2]!)) / 2, 12);
  });

  test("a member that does not vary has no correlation, whatever its level and line", () => {
    const b = noise(60, "flat");
    for (const [level, slope] of [
      [0.1, 0],
      [754.3, 0],
      [754.3, 0.1],
      [-1e9 / 3, 0],
    ] as const) {
      const flat = new Float64Array(60).map((_, t) => level + slope * t);
      for (const options of [
        { ...small, detrend: true },
        { ...small, removeLine: true },
      ]) {
        const { nWindows, meanZ, meanMaxAbsZ } = windowedCrossCorrelation(flat, b, options);
        expect([nWindows, meanZ, meanMaxAbsZ]).toEqual([0, Number.NaN, Number.NaN]);
      }
    }
    const still = windowedCrossCorrelation(new Float64Array(60).fill(0.1), b, small);
    expect(still.nWindows).toBe(0);
    expect(still.peaks.firstLeads).toBeNaN();
  });

  test("a series with itself is 1 at lag 0 and its z stays finite", () => {
    const a = autoregressive(0.5, 200, 9);
    const { correlations, argmax, meanMaxAbsZ } = windowedCrossCorrelation(a, a, small);
    expect(correlations[4]).toBe(1);
    expect(argmax.together).toBe(1);
    expect(meanMaxAbsZ).toBeGreaterThan(18);
    expect(meanMaxAbsZ).toBeLessThan(19);
  });

  test("finds who leads: a planted lag of 3 s is the median of the argmax", () => {
    const { adult, infant } = follower(1200, 3, 0.9, 2);
    expect(windowedCrossCorrelation(adult, infant, { samplingRate }).argmax.medianLag).toBe(3);
    expect(windowedCrossCorrelation(infant, adult, { samplingRate }).argmax.medianLag).toBe(-3);
  });

  test("windows and lags are in seconds at any rate", () => {
    const { lags, starts, windowSeconds } = windowedCrossCorrelation(noise(500, 1), noise(500, 2), {
      samplingRate: 5,
      windowSeconds: 30,
      stepSeconds: 10,
      maxLagSeconds: 3,
    });
    expect([lags[0], lags[1], lags.at(-1)]).toEqual([-3, -2.8, 3]);
    expect([starts[0], starts[1], windowSeconds]).toEqual([3, 13, 30]);
  });

  test("a series too short for a window gives none, and wrong calls are refused", () => {
    expect(windowedCrossCorrelation(noise(20, 1), noise(20, 2), { samplingRate }).starts).toHaveLength(0);
    expect(() => windowedCrossCorrelation(noise(20, 1), noise(21, 2), { samplingRate })).toThrow(ShapeError);
    for (const wrong of [
      { samplingRate: 0 },
      { samplingRate: 1, windowSeconds: 2 },
      { samplingRate: 1, stepSeconds: 0 },
      { samplingRate: 1, maxLagSeconds: 1.5 },
      { samplingRate: 1, minimumCoverage: 0 },
    ])
      expect(() => windowedCrossCorrelation(noise(90, 1), noise(90, 2), wrong)).toThrow(OptionError);
  });
});

describe("peaks by lag", () => {
  test("the nearest to zero wins, then the higher one, and an exact tie has no winner", () => {
    const row = (values: number[]) => Float64Array.from(values);
    expect(pickPeak(row([0, 1, 5, 1, 0, 0, 0, 1, 2, 1, 0]), 0, 5)).toBe(2);
    expect(pickPeak(row([1, 5, 1, 0, 0, 0, 0, 1, 2, 1, 0]), 0, 5)).toBe(8);
    expect(pickPeak(row([0, 1, 5, 1, 0, 0, 0, 1, 5, 1, 0]), 0, 5)).toBe(-1);
    expect(pickPeak(row([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1]), 0, 5)).toBe(-1);
    expect(pickPeak(row([0, 1, 5, Number.NaN, 0, 0, 0, 1, 2, 1, 0]), 0, 5)).toBe(8);
    expect(argmaxLag(row([3, 1, 2, 3, Number.NaN]), 0, 2)).toBe(3);
    expect(argmaxLag(row([3, 1, 2, 1, 3]), 0, 2)).toBe(-1);
    expect(argmaxLag(row([Number.NaN, Number.NaN, Number.NaN]), 0, 1)).toBe(-1);
  });
});

describe("the declared primary measure", () => {
  test("is near 0 without covariation, though maxima over lags are not", () => {
    const values = Array.from({ length: 40 }, (_, k) =>
      evaluateMeasure(autoregressive(0.9, 300, "pa", k), autoregressive(0.9, 300, "pb", k)),
    );
    const mean = values.reduce((sum, { meanZ }) => sum + meanZ, 0) / 40;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(values.every(({ meanMaxAbsZ }) => meanMaxAbsZ > 0.3)).toBe(true);
    const { adult, infant } = follower(300, 2, 0.8, 3);
    expect(evaluateMeasure(adult, infant).meanZ).toBeGreaterThan(0.1);
    expect(primaryMeasure.options.maxLagSeconds).toBe(3);
  });
});
