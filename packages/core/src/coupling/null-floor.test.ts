import { describe, expect, test } from "vitest";
import { fitMvar, LagMoments, simulateVar } from "../mvar/index.ts";
import { boxMuller, mulberry32 } from "../random/index.ts";
import { gpdc } from "./gpdc.ts";
import { modelLaggedCovariance } from "./model-autocovariance.ts";
import { gpdcNullFloor } from "./null-floor.ts";
import { modelOf } from "./test-models.ts";

const samplingRate = 200;
const frequencies = [4.5, 7.5, 30];
const resonator = (frequency: number, radius: number, c: number) =>
  [
    [1, c, c, 2 * radius * Math.cos((2 * Math.PI * frequency) / samplingRate)],
    [2, c, c, -radius * radius],
  ] as const;
const uncoupled = modelOf({ nChannels: 2, terms: [...resonator(10, 0.95, 0), ...resonator(7, 0.9, 1)] });

describe("the null floor of GPDC", () => {
  test("is what 400 uncoupled recordings show on average, and its threshold is passed as often as it says", () => {
    const nSamples = 2000;
    const order = 3;
    const nRuns = 400;
    const wide = { ...uncoupled, order, coefficients: new Float64Array(order * 4) };
    wide.coefficients.set(uncoupled.coefficients);
    const { floor, threshold, simpleThreshold } = gpdcNullFloor(wide, modelLaggedCovariance(wide), {
      samplingRate,
      frequencies,
      nSamples: nSamples - order,
    });
    const mean = new Float64Array(6);
    const passed = new Float64Array(6);
    const normal = boxMuller(mulberry32(2024));
    for (let run = 0; run < nRuns; run++) {
      const data = simulateVar({ nChannels: 2, coefficients: uncoupled.coefficients, nSamples, normal });
      const { values } = gpdc(fitMvar([data], { nChannels: 2, order }), { samplingRate, frequencies });
      for (let f = 0; f < 3; f++) {
        for (let j = 0; j < 2; j++) {
          const squared = values[(f * 2 + (1 - j)) * 2 + j] ** 2;
          mean[f * 2 + j] += squared / nRuns;
          if (squared > threshold[f * 2 + j]) passed[f * 2 + j]++;
        }
      }
    }
    for (let q = 0; q < 6; q++) {
      // Standard error of the mean of 400 about 6 %, plus the first-order bias of the floor.
      expect(mean[q] / floor[q]).toBeGreaterThan(0.8);
      expect(mean[q] / floor[q]).toBeLessThan(1.25);
      expect(passed[q] / nRuns).toBeGreaterThan(0.02);
      expect(passed[q] / nRuns).toBeLessThan(0.09);
      expect(simpleThreshold[q]).toBeGreaterThanOrEqual(threshold[q] * (1 - 1e-9));
    }
  });

  test("falls as one over the number of samples and depends on the sender's spectrum", () => {
    const options = { samplingRate, frequencies, nSamples: 200 };
    const lagged = modelLaggedCovariance(uncoupled);
    const once = gpdcNullFloor(uncoupled, lagged, options).floor;
    const ten = gpdcNullFloor(uncoupled, lagged, { ...options, nSamples: 2000 }).floor;
    for (let q = 0; q < 6; q++) expect(once[q] / ten[q]).toBeCloseTo(10, 10);
    expect(Math.abs(once[2] / once[3] - 1)).toBeGreaterThan(0.05);
  });

  test("is almost the same from the moments of the data as from the model", () => {
    const data = simulateVar({
      nChannels: 2,
      coefficients: uncoupled.coefficients,
      nSamples: 20_000,
      normal: boxMuller(mulberry32(5)),
    });
    const model = fitMvar([data], { nChannels: 2, order: 2 });
    const moments = new LagMoments(2, 2);
    moments.addWindow(data, 20_000);
    // The regressors' block of the gram, lags 1 and 2.
    const lagged = new Float64Array(16);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) lagged[a * 4 + b] = moments.gram[(a + 2) * 6 + b + 2] / moments.nRows;
    const options = { samplingRate, frequencies, nSamples: moments.nRows };
    const fromData = gpdcNullFloor(model, lagged, options);
    const fromModel = gpdcNullFloor(model, modelLaggedCovariance(model), options);
    for (let q = 0; q < 6; q++) expect(fromData.floor[q] / fromModel.floor[q]).toBeCloseTo(1, 2);
  });

  test("refuses a covariance of the wrong size and a nonsensical alpha", () => {
    const options = { samplingRate, frequencies, nSamples: 100 };
    expect(() => gpdcNullFloor(uncoupled, new Float64Array(9), options)).toThrow(/4 x 4/);
    const lagged = modelLaggedCovariance(uncoupled);
    expect(() => gpdcNullFloor(uncoupled, lagged, { ...options, alpha: 0 })).toThrow(/alpha/);
    expect(() => gpdcNullFloor(uncoupled, lagged, { ...options, nSamples: 0 })).toThrow(/nSamples/);
  });
});
