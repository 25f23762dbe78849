import { describe, expect, test } from "vitest";
import { congruence, invertComplex } from "./complex-matrix.ts";
import { blockGranger, conditionalGranger } from "./conditional-granger.ts";
import { conditionalGrangerSpectral, grangerSpectral } from "./granger-spectral.ts";
import { modelAutocovariance } from "./model-autocovariance.ts";
import { modelSpectrum } from "./model-coherence.ts";
import { reduceModel, WhiteningFilter } from "./reduced-process.ts";
import {
  axisMean,
  largestDifference,
  modelOf,
  randomModel,
  reordered,
  rescaled,
  wholeAxis,
} from "./test-models.ts";

const axis = { samplingRate: 200, frequencies: wholeAxis(512, 200) };
const strong = modelOf({
  nChannels: 4,
  terms: [
    [1, 0, 0, 1.6],
    [2, 0, 0, -0.9],
    [1, 1, 1, 0.5],
    [2, 1, 0, 0.4],
    [1, 2, 2, 0.3],
    [1, 2, 1, -0.5],
    [3, 1, 2, 0.2],
    [1, 3, 3, -0.6],
    [1, 3, 2, 0.4],
  ],
  noise: [1, 0.3, 0, 0.2, 0.3, 1, 0.1, 0, 0, 0.1, 2, 0.5, 0.2, 0, 0.5, 1],
});

describe("the process that is left when channels are dropped", () => {
  test("has the innovations that a very long regression finds", () => {
    const visible = [0, 2, 3];
    const process = reduceModel(strong, visible);
    // Independent route: Yule-Walker of the sub-process at an order where its memory has died out.
    const order = 60;
    const n = 4;
    const covariance = modelAutocovariance(strong, order);
    const side = (order + 1) * 3;
    const gram = new Float64Array(side * side);
    for (let a = 0; a < side; a++) {
      for (let b = 0; b < side; b++) {
        const lag = Math.floor(b / 3) - Math.floor(a / 3);
        const [i, j] = [visible[a % 3], visible[b % 3]];
        gram[a * side + b] =
          lag >= 0 ? covariance[(lag * n + i) * n + j] : covariance[(-lag * n + j) * n + i];
      }
    }
    const expected = residualCovarianceOf(gram, side, 3);
    expect(largestDifference(process?.innovationCovariance ?? [], expected)).toBeLessThan(1e-10);
  });

  test("is whitened by its filter: G S_visible G* is the innovation covariance at every frequency", () => {
    const visible = [3, 1];
    const process = reduceModel(strong, visible);
    if (process === undefined) throw new Error("the model is stable");
    const { real, imaginary, frequencies } = modelSpectrum(strong, axis);
    const filter = new WhiteningFilter(strong, process, frequencies, 200);
    const [gr, gi] = [new Float64Array(4), new Float64Array(4)];
    const [sr, si] = [new Float64Array(4), new Float64Array(4)];
    for (let f = 0; f < frequencies.length; f += 16) {
      filter.executeAt(f);
      invertComplex(gr, gi, filter.real.slice(), filter.imaginary.slice(), 2);
      congruence(sr, si, gr, gi, process.innovationCovariance, 2, 2);
      for (let a = 0; a < 2; a++) {
        for (let b = 0; b < 2; b++) {
          const q = (f * 4 + visible[a]) * 4 + visible[b];
          expect(sr[a * 2 + b]).toBeCloseTo(real[q], 8);
          expect(si[a * 2 + b]).toBeCloseTo(imaginary[q], 8);
        }
      }
    }
  });
});

describe("conditional Granger causality", () => {
  test("row is the sink, and absent links are exactly zero", () => {
    const f = conditionalGranger(strong);
    const links = [
      [1, 0],
      [2, 1],
      [1, 2],
      [3, 2],
    ];
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        if (links.some(([a, b]) => a === i && b === j)) expect(f[i * 4 + j]).toBeGreaterThan(0.005);
        else expect(f[i * 4 + j]).toBe(0);
      }
    }
  });

  test("the mean of its spectrum over all frequencies is the time-domain value", () => {
    const uncorrelated = {
      ...strong,
      noiseCovariance: strong.noiseCovariance.map((v, q) => (q % 5 === 0 ? v : 0)),
    };
    for (const model of [uncorrelated, randomModel(3, 4, 1), randomModel(5, 2, 2)]) {
      const n = model.nChannels;
      const time = conditionalGranger(model);
      const { values } = conditionalGrangerSpectral(model, axis);
      for (let q = 0; q < n * n; q++) expect(axisMean(values, n * n, q)).toBeCloseTo(time[q], 9);
    }
  });

  test("the mean falls short by Jensen's formula where correlated noise breaks the minimum phase", () => {
    // A_00 - (s_01 / s_11) A_10 = 1 - 1.6 z + 1.02 z^2 has its roots inside the unit circle.
    const resonant = modelOf({
      nChannels: 2,
      terms: [
        [1, 0, 0, 1.6],
        [2, 0, 0, -0.9],
        [1, 1, 1, 0.5],
        [2, 1, 0, 0.4],
      ],
      noise: [1, 0.3, 0.3, 1],
    });
    const { values } = conditionalGrangerSpectral(resonant, axis);
    const missing = conditionalGranger(resonant)[2] - axisMean(values, 4, 2);
    expect(missing).toBeCloseTo(2 * Math.log(1.02), 6);
  });

  test("does not change with the channels' units and follows their order", () => {
    const before = conditionalGranger(strong);
    expect(largestDifference(conditionalGranger(rescaled(strong, [1e4, 1, 1e-3, 50])), before)).toBeLessThan(
      1e-11,
    );
    const order = [2, 0, 3, 1];
    const after = conditionalGranger(reordered(strong, order));
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) expect(after[i * 4 + j]).toBeCloseTo(before[order[i] * 4 + order[j]], 11);
  });

  test("equals block causality of single channels", () => {
    const f = conditionalGranger(strong);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++)
        if (i !== j) expect(blockGranger(strong, { from: [j], to: [i] })).toBeCloseTo(f[i * 4 + j], 12);
  });

  test("a singular noise covariance or missing coefficients give NaN", () => {
    const singular = { ...strong, noiseCovariance: new Float64Array(16).fill(1) };
    expect(conditionalGranger(singular)[1]).toBeNaN();
    const missing = { ...strong, coefficients: strong.coefficients.map(() => Number.NaN) };
    expect(conditionalGranger(missing)[1]).toBeNaN();
    expect(blockGranger(missing, { from: [0], to: [1] })).toBeNaN();
  });
});

describe("causality between blocks", () => {
  test("unconditional, it counts what an unseen channel mediates; conditional, it does not", () => {
    const chain = modelOf({
      nChannels: 3,
      terms: [
        [1, 0, 0, 0.5],
        [1, 1, 0, 0.8],
        [1, 2, 1, 0.8],
      ],
    });
    expect(blockGranger(chain, { from: [0], to: [2] })).toBe(0);
    expect(blockGranger(chain, { from: [0], to: [2], conditional: false })).toBeGreaterThan(0.1);
    expect(blockGranger(chain, { from: [2], to: [0], conditional: false })).toBeCloseTo(0, 12);
  });

  test("the mean of the spectral form is the time-domain value, for whole heads and for parts", () => {
    const heads = [
      [0, 1],
      [2, 3],
    ];
    const spectral = grangerSpectral(strong, { ...axis, blocks: heads }).values;
    const [adult, infant] = heads;
    expect(axisMean(spectral, 4, 2)).toBeCloseTo(blockGranger(strong, { from: adult, to: infant }), 9);
    expect(axisMean(spectral, 4, 1)).toBeCloseTo(blockGranger(strong, { from: infant, to: adult }), 9);
    const pairs = grangerSpectral(strong, axis).values;
    for (const [i, j] of [
      [3, 0],
      [0, 3],
      [1, 2],
    ]) {
      const time = blockGranger(strong, { from: [j], to: [i], conditional: false });
      expect(axisMean(pairs, 16, i * 4 + j)).toBeCloseTo(time, 9);
    }
  });

  test("for two channels it is Geweke's formula and the conditional form", () => {
    const model = randomModel(2, 3, 3);
    const { values } = grangerSpectral(model, axis);
    const { real } = modelSpectrum(model, axis);
    const [s00, s01, , s11] = model.noiseCovariance;
    const { values: conditional } = conditionalGrangerSpectral(model, axis);
    expect(largestDifference(values, conditional)).toBeLessThan(1e-11);
    // S_00 without the part of channel 1's own noise, H_01 found from S_00 of that noise alone.
    const own = { ...model, noiseCovariance: Float64Array.of(0, 0, 0, s11 - (s01 * s01) / s00) };
    const caused = modelSpectrum(own, axis).real;
    for (let f = 0; f < axis.frequencies.length; f += 37)
      expect(values[f * 4 + 1]).toBeCloseTo(Math.log(real[f * 4] / (real[f * 4] - caused[f * 4])), 11);
  });

  test("blocks that overlap or stand alone are refused", () => {
    expect(() => blockGranger(strong, { from: [0, 1], to: [1] })).toThrow(/stands twice/);
    expect(() => grangerSpectral(strong, { ...axis, blocks: [[0, 1]] })).toThrow(/two blocks/);
    expect(() => grangerSpectral(strong, { ...axis, blocks: [[0, 1], [4]] })).toThrow(/0\.\.3/);
  });
});

/** Covariance of the first n entries given all the others, by elimination from the end. */
function residualCovarianceOf(gram: Float64Array, side: number, n: number): Float64Array {
  const a = gram.slice();
  for (let k = side - 1; k >= n; k--)
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) a[i * side + j] -= (a[i * side + k] * a[k * side + j]) / a[k * side + k];
  return Float64Array.from({ length: n * n }, (_, q) => a[Math.floor(q / n) * side + (q % n)]);
}
