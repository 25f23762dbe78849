import { describe, expect, test } from "vitest";
import { modelAutocovariance, modelLaggedCovariance } from "./model-autocovariance.ts";
import { modelOf, randomModel } from "./test-models.ts";

describe("the autocovariance of a model", () => {
  test("of a first-order channel is a^k / (1 - a^2)", () => {
    const covariance = modelAutocovariance(modelOf({ nChannels: 1, terms: [[1, 0, 0, -0.9]] }), 5);
    for (let k = 0; k <= 5; k++) expect(covariance[k]).toBeCloseTo((-0.9) ** k / (1 - 0.81), 12);
  });

  test("close to the unit circle it still converges", () => {
    const [variance] = modelAutocovariance(modelOf({ nChannels: 1, terms: [[1, 0, 0, 1 - 1e-6]] }), 0);
    expect(variance * (1 - (1 - 1e-6) ** 2)).toBeCloseTo(1, 8);
  });

  test("satisfies the Yule-Walker equations at every lag, zero included", () => {
    const model = randomModel(3, 4, 12);
    const n = 3;
    const covariance = modelAutocovariance(model, 7);
    const entry = (lag: number, i: number, j: number): number =>
      lag >= 0 ? covariance[(lag * n + i) * n + j] : covariance[(-lag * n + j) * n + i];
    for (let lag = 0; lag <= 7; lag++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let value = lag === 0 ? model.noiseCovariance[i * n + j] : 0;
          for (let r = 0; r < 4; r++)
            for (let k = 0; k < n; k++)
              value += model.coefficients[(r * n + i) * n + k] * entry(lag - r - 1, k, j);
          expect(value).toBeCloseTo(entry(lag, i, j), 12);
        }
      }
    }
  });

  test("row is the later channel: a driver's past is seen in R_k[sink, source]", () => {
    const covariance = modelAutocovariance(modelOf({ nChannels: 2, terms: [[2, 1, 0, 0.7]] }), 2);
    expect(covariance[2 * 4 + 1 * 2 + 0]).toBeCloseTo(0.7, 14);
    expect(covariance[2 * 4 + 0 * 2 + 1]).toBe(0);
  });

  test("the lagged covariance is symmetric and built from the same lags", () => {
    const model = randomModel(2, 3, 4);
    const covariance = modelAutocovariance(model, 2);
    const lagged = modelLaggedCovariance(model);
    for (let a = 0; a < 6; a++) {
      for (let b = 0; b < 6; b++) {
        expect(lagged[a * 6 + b]).toBe(lagged[b * 6 + a]);
        const lag = Math.floor(b / 2) - Math.floor(a / 2);
        if (lag >= 0)
          expect(lagged[a * 6 + b]).toBeCloseTo(covariance[(lag * 2 + (a % 2)) * 2 + (b % 2)], 12);
      }
    }
  });

  test("an unstable model has none: NaN, not an endless loop", () => {
    for (const pole of [1, 1.01, 40]) {
      const covariance = modelAutocovariance(modelOf({ nChannels: 1, terms: [[1, 0, 0, pole]] }), 1);
      expect([...covariance]).toEqual([Number.NaN, Number.NaN]);
    }
  });
});
