import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { boxMuller, irwinHall, mulberry32 } from "../random/index.ts";
import { chiSquareSurvival, kolmogorovSmirnovUniform } from "../statistics/index.ts";
import { fitMvar } from "./fit-mvar.ts";
import type { MvarModel } from "./model.ts";
import { portmanteau } from "./portmanteau.ts";
import { portmanteauPermutation } from "./portmanteau-permutation.ts";
import { residuals } from "./residuals.ts";
import { simulatedConsistency } from "./simulated-consistency.ts";
import { windowStationarity } from "./stationarity.ts";
import { BACCALA_EXAMPLE_3, cutRecord, simulateNetwork } from "./test-networks.ts";

const x = simulateNetwork(BACCALA_EXAMPLE_3, 5, 3000, 31);
const halves = cutRecord(x, 5, [
  [0, 1400],
  [1500, 3000],
]);

/** A model that predicts nothing: its residuals are the data. */
const idle = (nChannels: number): MvarModel & { demean: boolean } => ({
  nChannels,
  order: 1,
  coefficients: new Float64Array(nChannels ** 2),
  noiseCovariance: Float64Array.from({ length: nChannels ** 2 }, (_, q) =>
    q % (nChannels + 1) === 0 ? 1 : 0,
  ),
  nObservations: 100,
  spectralRadius: 0,
  status: "ok",
  demean: false,
});

describe("portmanteauPermutation", () => {
  test("p is uniform when the residuals are white, heavy tails and correlated channels included", () => {
    const p = Array.from({ length: 300 }, (_, seed) => {
      const gauss = boxMuller(mulberry32(seed + 1));
      const windows = [40, 25].map((nSamples) => {
        const window = new Float64Array(2 * nSamples);
        for (let t = 0; t < nSamples; t++) {
          const common = gauss() ** 3;
          window[t] = common + gauss();
          window[nSamples + t] = common - gauss();
        }
        return window;
      });
      const uniform = mulberry32(seed + 5000);
      return portmanteauPermutation(idle(2), windows, { maxLag: 4, nPermutations: 99, uniform }).p;
    });
    // p has a hundred values; half a step in the middle of each.
    expect(kolmogorovSmirnovUniform(p.map((value) => value - 0.005)).p).toBeGreaterThan(0.001);
    const rejected = p.filter((value) => value <= 0.05).length;
    // 15 expected, three standard errors are 11.
    expect(rejected).toBeGreaterThan(3);
    expect(rejected).toBeLessThan(27);
  });

  test("holds the statistic of portmanteau, and counts shuffled ones at or above it", () => {
    const model = fitMvar(halves, { nChannels: 5, order: 3 });
    for (const kind of ["ljung-box", "li-mcleod", "box-pierce", "lutkepohl"] as const) {
      const uniform = mulberry32(1);
      const shuffled = portmanteauPermutation(model, halves, {
        maxLag: 10,
        nPermutations: 19,
        uniform,
        kind,
      });
      expect(shuffled.statistic).toBe(portmanteau(model, halves, { maxLag: 10, kind }).statistic);
      expect(shuffled.p * 20).toBeCloseTo(Math.round(shuffled.p * 20), 12);
      expect(shuffled.p).toBeGreaterThan(0.05);
    }
  });

  test("finds an order that is too low", () => {
    const low = fitMvar(halves, { nChannels: 5, order: 1 });
    const options = { maxLag: 5, nPermutations: 99, uniform: mulberry32(2) };
    expect(portmanteauPermutation(low, halves, options).p).toBe(0.01);
  });

  test("the same seed gives the same p, degenerate residuals NaN, bad options an error", () => {
    const model = fitMvar(halves, { nChannels: 5, order: 2 });
    const of = (seed: number) =>
      portmanteauPermutation(model, halves, { maxLag: 3, nPermutations: 9, uniform: mulberry32(seed) });
    expect(of(4)).toEqual(of(4));
    const twice = Float64Array.of(1, -1, 2, 0, 1, -1, 2, 0);
    expect(portmanteauPermutation(idle(2), [twice], { maxLag: 1, uniform: mulberry32(1) }).p).toBeNaN();
    const uniform = mulberry32(1);
    expect(() => portmanteauPermutation(model, halves, { maxLag: 0, uniform })).toThrow(OptionError);
    expect(() => portmanteauPermutation(model, halves, { maxLag: 3, nPermutations: 0, uniform })).toThrow(
      OptionError,
    );
  });
});

test("the Lütkepohl form weighs each lag by its count and keeps the level", () => {
  const record = simulateNetwork([[1, 0, 0, 0.5]], 1, 200, 77);
  const model = fitMvar([record], { nChannels: 1, order: 1 });
  const [e] = residuals(model, [record]);
  let statistic = 0;
  const squares = e.reduce((sum, value) => sum + value * value, 0);
  for (let lag = 1; lag <= 6; lag++) {
    let products = 0;
    for (let t = lag; t < e.length; t++) products += e[t] * e[t - lag];
    statistic += (e.length ** 2 / (e.length - lag)) * (products / squares) ** 2;
  }
  const outcome = portmanteau(model, [record], { maxLag: 6, kind: "lutkepohl" });
  expect(outcome.statistic).toBeCloseTo(statistic, 10);
  expect(outcome.p).toBeCloseTo(chiSquareSurvival(statistic, 5), 12);
});

describe("windowStationarity", () => {
  const gauss = irwinHall(mulberry32(8));
  const window = (drift: number, nSamples = 300) => {
    const out = new Float64Array(2 * nSamples);
    let level = 0;
    for (let t = 0; t < nSamples; t++) {
      level += drift * gauss();
      out[t] = gauss();
      out[nSamples + t] = level + gauss();
    }
    return out;
  };

  test("passes white windows at 1 - alpha and counts the channels that fail", () => {
    const still = Array.from({ length: 200 }, () => window(0));
    const result = windowStationarity(still, { nChannels: 2 });
    expect(result.p.length).toBe(400);
    expect(result.passRate).toBeGreaterThan(0.92);
    expect(result.passRate).toBeLessThan(0.99);
    expect(result.nRejected.reduce((sum, count) => sum + count, 0)).toBe(
      Math.round((1 - result.passRate) * 400),
    );
  });

  test("a channel whose level drifts fails and its neighbour does not", () => {
    const drifting = Array.from({ length: 60 }, () => window(0.5));
    const { p } = windowStationarity(drifting, { nChannels: 2 });
    const failed = (channel: number) => drifting.filter((_, w) => p[w * 2 + channel] < 0.05).length;
    expect(failed(1)).toBeGreaterThan(50);
    expect(failed(0)).toBeLessThan(10);
  });

  test("flat channels count as rejected, no windows have no rate, wrong shapes are errors", () => {
    expect(windowStationarity([new Float64Array(20)], { nChannels: 2 }).nRejected[0]).toBe(2);
    expect(windowStationarity([], { nChannels: 2 }).passRate).toBeNaN();
    expect(() => windowStationarity([new Float64Array(21)], { nChannels: 2 })).toThrow(ShapeError);
    expect(() => windowStationarity([], { nChannels: 2, alpha: 1 })).toThrow(OptionError);
  });
});

describe("simulatedConsistency", () => {
  const normal = (seed: number) => boxMuller(mulberry32(seed));

  test("a model of the right order reproduces the correlations, one of order 1 does not", () => {
    const right = fitMvar(halves, { nChannels: 5, order: 3 });
    const low = fitMvar(halves, { nChannels: 5, order: 1 });
    const of = (model: typeof right) =>
      simulatedConsistency(model, halves, { normal: normal(1), maxLag: 12 });
    expect(of(right)).toBeGreaterThan(0.8);
    expect(of(right)).toBeLessThan(1);
    expect(of(low)).toBeLessThan(0.75);
  });

  test("grows towards 1 with the data", () => {
    const long = simulateNetwork(BACCALA_EXAMPLE_3, 5, 60_000, 6);
    const model = fitMvar([long], { nChannels: 5, order: 3 });
    expect(simulatedConsistency(model, [long], { normal: normal(2) })).toBeGreaterThan(0.95);
  });

  test("a model that is not stable has none, lags below 0 are refused", () => {
    const model = fitMvar(halves, { nChannels: 5, order: 3 });
    const unstable = { ...model, spectralRadius: 1.02 };
    expect(simulatedConsistency(unstable, halves, { normal: normal(1) })).toBeNaN();
    expect(() => simulatedConsistency(model, halves, { normal: normal(1), maxLag: -1 })).toThrow(OptionError);
  });
});
