import { describe, expect, test } from "vitest";
import { boxMuller, mulberry32 } from "../random/index.ts";
import { bridgeTail, detrendedBridgeTail } from "./brownian-tail.ts";
import { kolmogorovSmirnovUniform } from "./kolmogorov-smirnov.ts";
import { kpss } from "./kpss.ts";

const white = (seed: number, n: number) => Float64Array.from({ length: n }, boxMuller(mulberry32(seed)));
const walk = (seed: number, n: number, share: number) => {
  const steps = boxMuller(mulberry32(seed + 10_000));
  let level = 0;
  return white(seed, n).map((e) => {
    level += share * steps();
    return level + e;
  });
};
const seeds = (n: number) => Array.from({ length: n }, (_, k) => k + 1);

describe("the limit distributions", () => {
  test("have the critical values of Kwiatkowski, Phillips, Schmidt and Shin, table 1", () => {
    // Theirs are three digits of a simulation.
    for (const [critical, p] of [
      [0.347, 0.1],
      [0.463, 0.05],
      [0.574, 0.025],
      [0.739, 0.01],
    ] as const)
      expect(Math.abs(bridgeTail(critical) / p - 1)).toBeLessThan(0.04);
    for (const [critical, p] of [
      [0.119, 0.1],
      [0.146, 0.05],
      [0.176, 0.025],
      [0.216, 0.01],
    ] as const)
      expect(Math.abs(detrendedBridgeTail(critical) / p - 1)).toBeLessThan(0.05);
  });

  test("of the level statistic is that of Anderson and Darling's omega squared, 1952, table 1", () => {
    for (const [x, below] of [
      [0.0248, 0.01],
      [0.11888, 0.5],
      [0.3473, 0.9],
      [0.46136, 0.95],
      [0.74346, 0.99],
      [1.16786, 0.999],
    ] as const)
      expect(Math.abs(1 - bridgeTail(x) - below)).toBeLessThan(2e-5);
  });

  test("are the tails of the sums of chi-square variables that they stand for", () => {
    // 20 000 sums of the first 60 terms; the rest adds its mean.
    const gauss = boxMuller(mulberry32(5));
    const nDraws = 20_000;
    const weights = seeds(60).map((k) => 1 / (k * Math.PI) ** 2);
    const rest = 1 / 6 - weights.reduce((a, b) => a + b, 0);
    const draws = Float64Array.from({ length: nDraws }, () => {
      let sum = rest;
      for (const weight of weights) sum += weight * gauss() ** 2;
      return bridgeTail(sum);
    });
    expect(kolmogorovSmirnovUniform(draws).p).toBeGreaterThan(0.001);
  });

  test("fall from 1 to 0", () => {
    for (const tail of [bridgeTail, detrendedBridgeTail]) {
      expect(tail(0)).toBe(1);
      expect(tail(1e-3)).toBeCloseTo(1, 10);
      expect(tail(Number.NaN)).toBeNaN();
      let previous = 1;
      for (let x = 0.02; x < 3; x += 0.02) {
        expect(tail(x)).toBeLessThan(previous + 1e-13);
        previous = tail(x);
      }
      expect(previous).toBeLessThan(1e-7);
    }
  });
});

describe("kpss", () => {
  test("agrees with the statistic worked out by hand", () => {
    // e = -1, 1, -2, 2 about the mean 2; S = -1, 0, -2, 0; sum S^2 = 5, sum e^2 = 10.
    const series = [1, 3, 0, 4];
    expect(kpss(series, { lags: 0 }).statistic).toBeCloseTo(5 / 16 / (10 / 4), 14);
    // One lag with weight 1/2: products -1, -2, -4 sum to -7.
    expect(kpss(series, { lags: 1 }).statistic).toBeCloseTo(5 / 16 / ((10 - 7) / 4), 14);
    // About the line 2 + 0.6 (t - 1.5): e = -.1, 1.3, -2.3, 1.1; S = -.1, 1.2, -1.1, 0.
    const linear = (0.01 + 1.44 + 1.21) / 16 / ((0.01 + 1.69 + 5.29 + 1.21) / 4);
    expect(kpss(series, { lags: 0, trend: "linear" }).statistic).toBeCloseTo(linear, 14);
  });

  test("takes the lags of the rules", () => {
    const x = white(1, 200);
    expect(kpss(x, { lags: "short" }).lags).toBe(4);
    expect(kpss(x, { lags: "long" }).lags).toBe(14);
    expect(kpss(x).lags).toBe(14);
    // Autocovariances 1 and -3/4: s0 = 1 - 3/2, s1 = -3/2, 1.1447 (9 * 4)^(1/3) = 3.78.
    expect(kpss([1, -1, 1, -1], { lags: "automatic" }).lags).toBe(3);
  });

  test("keeps its level on white noise, at 5 % and as a whole", () => {
    for (const trend of ["level", "linear"] as const) {
      const p = seeds(1000).map((seed) => kpss(white(seed, 400), { trend, lags: "short" }).p);
      const rejected = p.filter((value) => value < 0.05).length;
      // 50 expected, three standard errors are 21.
      expect(rejected).toBeGreaterThan(29);
      expect(rejected).toBeLessThan(71);
      expect(kolmogorovSmirnovUniform(p).p).toBeGreaterThan(0.001);
    }
  });

  test("finds a drifting level nine times in ten, and a trend unless it was allowed for", () => {
    const power = seeds(200).filter((seed) => kpss(walk(seed, 400, 0.3), { lags: "short" }).p < 0.05).length;
    expect(power).toBeGreaterThan(180);
    const tilted = (seed: number) => white(seed, 400).map((e, t) => e + 0.01 * t);
    expect(seeds(100).every((seed) => kpss(tilted(seed)).p < 0.05)).toBe(true);
    const allowed = seeds(100).filter((seed) => kpss(tilted(seed), { trend: "linear" }).p < 0.05).length;
    expect(allowed).toBeLessThan(15);
  });

  test("does not know units or offsets", () => {
    const x = white(3, 100);
    const { statistic } = kpss(x);
    expect(kpss(x.map((value) => 1e6 + 1e-3 * value)).statistic).toBeCloseTo(statistic, 5);
    const tilted = x.map((value, t) => 7 * value + 3 * t - 40);
    expect(kpss(tilted, { trend: "linear" }).statistic).toBeCloseTo(
      kpss(x, { trend: "linear" }).statistic,
      10,
    );
  });

  test("a constant series is NaN; too short a series and impossible lags are errors", () => {
    expect(kpss([2, 2, 2, 2])).toMatchObject({ statistic: Number.NaN, p: Number.NaN });
    expect(() => kpss([1, 2])).toThrow(/at least 3/);
    expect(() => kpss([1, 2, 3, 4], { lags: 4 })).toThrow(/0\.\.3/);
    expect(() => kpss([1, 2, 3, 4], { lags: 1.5 })).toThrow(/whole number/);
  });
});
