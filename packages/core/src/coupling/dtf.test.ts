import { describe, expect, test } from "vitest";
import { dDtf, dtf, ffDtf, gdtf } from "./dtf.ts";
import { gpdc } from "./gpdc.ts";
import { modelAutocovariance } from "./model-autocovariance.ts";
import { modelCoherence, modelPartialCoherence, modelSpectrum } from "./model-coherence.ts";
import {
  axisMean,
  largestDifference,
  modelOf,
  randomModel,
  reordered,
  rescaled,
  wholeAxis,
} from "./test-models.ts";

const at = { samplingRate: 200, frequencies: [0, 3, 6.5, 9, 40, 100] };
const nF = at.frequencies.length;
const chain = modelOf({
  nChannels: 3,
  terms: [
    [1, 0, 0, 0.5],
    [1, 1, 0, 0.6],
    [1, 2, 1, 0.6],
  ],
});

describe("the directed transfer function", () => {
  test("row is the sink: a chain 0 > 1 > 2 shows its links and the indirect 0 > 2, never backwards", () => {
    for (const measure of [dtf, gdtf, ffDtf]) {
      const { values } = measure(chain, at);
      for (let f = 0; f < nF; f++) {
        const value = (i: number, j: number) => values[(f * 3 + i) * 3 + j];
        for (const [i, j] of [
          [1, 0],
          [2, 1],
          [2, 0],
        ] as const)
          expect(value(i, j)).toBeGreaterThan(0.02);
        for (const [i, j] of [
          [0, 1],
          [1, 2],
          [0, 2],
        ] as const)
          expect(value(i, j)).toBe(0);
      }
    }
  });

  test("the direct transfer function leaves the indirect path out", () => {
    const { values } = dDtf(chain, at);
    for (let f = 0; f < nF; f++) {
      expect(values[(f * 3 + 2) * 3 + 1]).toBeGreaterThan(0.01);
      expect(values[(f * 3 + 2) * 3 + 0]).toBeLessThan(1e-12);
    }
  });

  test("squares of a row add up to one over the sources, in ffDTF over sources and frequencies", () => {
    const model = randomModel(5, 4, 3);
    for (const measure of [dtf, gdtf]) {
      const { values } = measure(model, at);
      for (let row = 0; row < nF * 5; row++) {
        const sum = values.subarray(row * 5, row * 5 + 5).reduce((total, v) => total + v * v, 0);
        expect(sum).toBeCloseTo(1, 12);
      }
    }
    const { values } = ffDtf(model, at);
    for (let i = 0; i < 5; i++) {
      let sum = 0;
      for (let f = 0; f < nF; f++) for (let j = 0; j < 5; j++) sum += values[(f * 5 + i) * 5 + j] ** 2;
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test("the generalised form does not know units; with white noise of one size it is the plain form", () => {
    const model = randomModel(4, 3, 9);
    const inOtherUnits = rescaled(model, [1e5, 1, 1e-3, 7]);
    expect(largestDifference(gdtf(model, at).values, gdtf(inOtherUnits, at).values)).toBeLessThan(1e-12);
    expect(largestDifference(gdtf(chain, at).values, dtf(chain, at).values)).toBeLessThan(1e-15);
  });

  test("with uncorrelated noise squared gDTF is the share of the sink's power that came from the source", () => {
    const model = randomModel(3, 3, 4);
    const noise = Float64Array.of(2, 0, 0, 0, 0.5, 0, 0, 0, 1);
    const all = { ...model, noiseCovariance: noise };
    const share = gdtf(all, at).values;
    const power = modelSpectrum(all, at).real;
    const onlyFirst = modelSpectrum(
      { ...all, noiseCovariance: Float64Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0) },
      at,
    );
    for (let f = 0; f < nF; f++)
      for (let i = 0; i < 3; i++) {
        const q = (f * 3 + i) * 3 + i;
        expect(share[(f * 3 + i) * 3] ** 2).toBeCloseTo(onlyFirst.real[q] / power[q], 12);
      }
  });

  test("reordering the channels reorders rows and columns", () => {
    const model = randomModel(4, 3, 11);
    const order = [2, 0, 3, 1];
    for (const measure of [dtf, gdtf, ffDtf, dDtf]) {
      const before = measure(model, at).values;
      const after = measure(reordered(model, order), at).values;
      for (let q = 0; q < after.length; q++) {
        const slice = q - (q % 16);
        const old = slice + order[Math.floor(q / 4) % 4] * 4 + order[q % 4];
        expect(after[q]).toBeCloseTo(before[old], 12);
      }
    }
  });

  test("a pole on the unit circle gives NaN at its frequency", () => {
    const walk = modelOf({ nChannels: 1, terms: [[1, 0, 0, 1]] });
    const { values } = dtf(walk, { samplingRate: 200, frequencies: [0, 10] });
    expect(values[0]).toBeNaN();
    expect(values[1]).toBe(1);
  });
});

describe("coherence from a model", () => {
  test("the spectrum of white noise is its covariance at every frequency", () => {
    const noise = [2, 0.5, 0.5, 1];
    const white = modelOf({ nChannels: 2, terms: [[1, 0, 0, 0]], noise });
    const { real, imaginary } = modelSpectrum(white, at);
    for (let q = 0; q < real.length; q++) {
      expect(real[q]).toBeCloseTo(noise[q % 4] ?? Number.NaN, 14);
      expect(imaginary[q]).toBeCloseTo(0, 14);
    }
  });

  test("with two channels there is nothing to take out: both coherences agree", () => {
    const model = randomModel(2, 3, 8);
    expect(
      largestDifference(modelCoherence(model, at).values, modelPartialCoherence(model, at).values),
    ).toBeLessThan(1e-12);
  });

  test("a common cause makes two channels coherent, and not partially coherent", () => {
    const fork = modelOf({
      nChannels: 3,
      terms: [
        [1, 0, 0, 0.8],
        [1, 1, 0, 0.7],
        [2, 2, 0, 0.7],
      ],
    });
    const low = { samplingRate: 200, frequencies: [5] };
    expect(modelCoherence(fork, low).values[1 * 3 + 2]).toBeGreaterThan(0.5);
    expect(modelPartialCoherence(fork, low).values[1 * 3 + 2]).toBeLessThan(1e-14);
  });

  test("both are symmetric, within 0..1 and free of scale", () => {
    const model = randomModel(4, 3, 21);
    for (const measure of [modelCoherence, modelPartialCoherence]) {
      const { values } = measure(model, at);
      for (let q = 0; q < values.length; q++) {
        const mirror = q - (q % 16) + (q % 4) * 4 + (Math.floor(q / 4) % 4);
        expect(values[q]).toBe(values[mirror]);
        expect(values[q]).toBeLessThanOrEqual(1 + 1e-12);
      }
      const inOtherUnits = measure(rescaled(model, [1e4, 1, 1e-4, 3]), at).values;
      expect(largestDifference(values, inOtherUnits)).toBeLessThan(1e-12);
    }
  });

  test("channels without links are not partially coherent, with themselves wholly", () => {
    const model = modelOf({
      nChannels: 3,
      terms: [
        [1, 0, 0, 0.5],
        [1, 1, 1, 0.4],
        [1, 2, 2, 0.3],
      ],
    });
    const { values } = modelPartialCoherence(model, at);
    const links = gpdc(model, at).values;
    for (let q = 0; q < values.length; q++) expect(values[q]).toBeCloseTo(links[q], 12);
  });

  test("the mean spectrum over all frequencies is the covariance of the channels", () => {
    const model = randomModel(3, 2, 6);
    const axis = wholeAxis(512, 200);
    const { real } = modelSpectrum(model, { samplingRate: 200, frequencies: axis });
    const covariance = modelAutocovariance(model, 0);
    for (let q = 0; q < 9; q++) expect(axisMean(real, 9, q)).toBeCloseTo(covariance[q], 12);
  });
});
