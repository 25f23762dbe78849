import { describe, expect, test } from "vitest";
import { fitMvar, LagMoments, simulateVar } from "../mvar/index.ts";
import { boxMuller, mulberry32 } from "../random/index.ts";
import { blockGranger } from "./conditional-granger.ts";
import { blockGrangerFromGram, reverseLaggedGram } from "./gram-granger.ts";
import { modelAutocovariance } from "./model-autocovariance.ts";
import { largestDifference, modelOf, randomModel, rescaled } from "./test-models.ts";
import {
  timeReversedDifference,
  timeReversedDifferenceFromGram,
  timeReversedModel,
} from "./time-reversal.ts";

const driven = modelOf({
  nChannels: 2,
  terms: [
    [1, 0, 0, 0.5],
    [1, 1, 1, 0.5],
    [1, 1, 0, 0.5],
  ],
});

const realise = (model: ReturnType<typeof randomModel>, nSamples: number, seed: number) =>
  simulateVar({
    nChannels: model.nChannels,
    coefficients: model.coefficients,
    nSamples,
    normal: boxMuller(mulberry32(seed)),
  });

const backwards = (data: Float64Array, n: number): Float64Array => {
  const nSamples = data.length / n;
  return data.map((_, q) => data[q - (q % nSamples) + nSamples - 1 - (q % nSamples)]);
};

const momentsOf = (data: Float64Array, n: number, order: number): LagMoments => {
  const moments = new LagMoments(n, order);
  moments.addWindow(data, data.length / n);
  return moments;
};

describe("the model of reversed time", () => {
  test("has the autocovariances transposed, at lags beyond its order too", () => {
    for (const model of [driven, randomModel(3, 4, 2), randomModel(4, 1, 5)]) {
      const n = model.nChannels;
      const forward = modelAutocovariance(model, 9);
      const reversed = modelAutocovariance(timeReversedModel(model), 9);
      for (let lag = 0; lag <= 9; lag++)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++)
            expect(reversed[(lag * n + i) * n + j]).toBeCloseTo(forward[(lag * n + j) * n + i], 11);
    }
  });

  test("reversing twice gives the model back", () => {
    const model = randomModel(3, 3, 7);
    const twice = timeReversedModel(timeReversedModel(model));
    expect(largestDifference(twice.coefficients, model.coefficients)).toBeLessThan(1e-11);
    expect(largestDifference(twice.noiseCovariance, model.noiseCovariance)).toBeLessThan(1e-11);
  });

  test("agrees with a fit to the reversed record", () => {
    const fitted = fitMvar([backwards(realise(driven, 50_000, 3), 2)], { nChannels: 2, order: 1 });
    const exact = timeReversedModel(driven);
    expect(largestDifference(fitted.coefficients, exact.coefficients)).toBeLessThan(0.02);
    expect(largestDifference(fitted.noiseCovariance, exact.noiseCovariance)).toBeLessThan(0.03);
  });
});

describe("the difference that time reversal makes", () => {
  test("is positive from the leader to the follower, and negative the other way round", () => {
    const pair = { forward: driven, reversed: timeReversedModel(driven) };
    const led = timeReversedDifference({ ...pair, fromIndices: [0], toIndices: [1] });
    expect(led.forwardNet).toBeGreaterThan(0.1);
    expect(led.reversedNet).toBeLessThan(0);
    expect(led.difference).toBeGreaterThan(0.2);
    const swapped = timeReversedDifference({ ...pair, fromIndices: [1], toIndices: [0] });
    expect(swapped.difference).toBeCloseTo(-led.difference, 12);
  });

  test("is zero for independent sources that are only mixed, where net causality is not", () => {
    // Reversible sources and an instantaneous mixing: A -> M A M^-1, S -> M S M'.
    const [a, b, m] = [0.9, -0.3, 0.6];
    const mixed = modelOf({
      nChannels: 2,
      terms: [
        [1, 0, 0, (a - m * m * b) / (1 - m * m)],
        [1, 0, 1, (m * (b - a)) / (1 - m * m)],
        [1, 1, 0, (m * (a - b)) / (1 - m * m)],
        [1, 1, 1, (b - m * m * a) / (1 - m * m)],
      ],
      noise: [1 + 4 * m * m, m + 4 * m, m + 4 * m, m * m + 4],
    });
    const d = timeReversedDifference({
      forward: mixed,
      reversed: timeReversedModel(mixed),
      fromIndices: [0],
      toIndices: [1],
    });
    expect(Math.abs(d.forwardNet)).toBeGreaterThan(0.05);
    expect(Math.abs(d.difference)).toBeLessThan(1e-10);
  });

  test("from moments of a long record it agrees with the models", () => {
    const data = realise(driven, 100_000, 11);
    const fromGram = timeReversedDifferenceFromGram(momentsOf(data, 2, 12), {
      fromIndices: [0],
      toIndices: [1],
    });
    const exact = timeReversedDifference({
      forward: driven,
      reversed: timeReversedModel(driven),
      fromIndices: [0],
      toIndices: [1],
    });
    expect(fromGram.forwardNet).toBeCloseTo(exact.forwardNet, 1);
    expect(Math.abs(fromGram.difference - exact.difference)).toBeLessThan(0.02);
  });
});

describe("causality from a gram", () => {
  test("the gram of reversed windows is the gram with its lags mirrored", () => {
    const model = randomModel(3, 2, 3);
    const data = realise(model, 200, 1);
    const mirrored = reverseLaggedGram(momentsOf(data, 3, 4));
    const direct = momentsOf(backwards(data, 3), 3, 4);
    expect(mirrored.nRows).toBe(direct.nRows);
    expect(largestDifference(mirrored.gram, direct.gram)).toBeLessThan(1e-9);
  });

  test("is the log ratio of the determinants of two fits on the same rows", () => {
    const data = realise(randomModel(4, 2, 3), 400, 8);
    const order = 3;
    const centred = data.slice();
    const full = fitMvar([centred], { nChannels: 4, order, demean: false });
    const alone = fitMvar([centred.slice(2 * 400)], { nChannels: 2, order, demean: false });
    const determinant = (m: Float64Array, n: number, at: number) =>
      m[at * n + at] * m[(at + 1) * n + at + 1] - m[at * n + at + 1] * m[(at + 1) * n + at];
    const expected = Math.log(
      determinant(alone.noiseCovariance, 2, 0) / determinant(full.noiseCovariance, 4, 2),
    );
    const f = blockGrangerFromGram(momentsOf(centred, 4, order), { from: [0, 1], to: [2, 3] });
    expect(f).toBeCloseTo(expected, 10);
  });

  test("tends to the causality of the full model as the order grows", () => {
    const data = realise(driven, 200_000, 4);
    const exact = blockGranger(driven, { from: [0], to: [1] });
    const f = blockGrangerFromGram(momentsOf(data, 2, 15), { from: [0], to: [1] });
    expect(Math.abs(f - exact)).toBeLessThan(0.01);
  });

  test("does not know units, and is NaN when there are too few rows", () => {
    const model = randomModel(2, 2, 3);
    const data = realise(model, 300, 8);
    const inVolts = data.map((v, q) => (q < 300 ? v * 1e-6 : v * 1e3));
    const [a, b] = [data, inVolts].map((d) =>
      blockGrangerFromGram(momentsOf(d, 2, 3), { from: [0], to: [1] }),
    );
    expect(b).toBeCloseTo(a, 10);
    const short = momentsOf(realise(model, 8, 1), 2, 4);
    expect(blockGrangerFromGram(short, { from: [0], to: [1] })).toBeNaN();
    expect(blockGranger(rescaled(model, [1, 1]), { from: [0], to: [1] })).toBeGreaterThan(0);
  });
});
