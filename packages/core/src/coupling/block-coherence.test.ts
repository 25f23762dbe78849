import { describe, expect, test } from "vitest";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { modelBlockCoherence } from "./block-coherence.ts";
import { blockGranger } from "./conditional-granger.ts";
import { grangerSpectral } from "./granger-spectral.ts";
import { type CrossSpectrum, modelCoherence, modelSpectrum } from "./model-coherence.ts";
import { modelMultipleCoherence } from "./multiple-coherence.ts";
import { axisMean, largestDifference, modelOf, randomModel, rescaled, wholeAxis } from "./test-models.ts";

const at = { samplingRate: 200, frequencies: [0, 3, 6.5, 9, 40, 100] };
const nF = at.frequencies.length;
type Complex = readonly [number, number];

/** Expansion along the first row: as far from elimination as a determinant gets. */
function determinant(matrix: readonly (readonly Complex[])[]): Complex {
  if (matrix.length === 0) return [1, 0];
  let re = 0;
  let im = 0;
  matrix[0].forEach(([ar, ai], column) => {
    const [br, bi] = determinant(matrix.slice(1).map((row) => row.filter((_, c) => c !== column)));
    const sign = column % 2 === 0 ? 1 : -1;
    re += sign * (ar * br - ai * bi);
    im += sign * (ar * bi + ai * br);
  });
  return [re, im];
}

const block = ({ real, imaginary }: CrossSpectrum, f: number, n: number, rows: readonly number[]) =>
  rows.map((i) => rows.map((j): Complex => [real[(f * n + i) * n + j], imaginary[(f * n + i) * n + j]]));

describe("block coherence", () => {
  test("agrees with the ratio of determinants", () => {
    for (const seed of [1, 2, 3]) {
      const model = randomModel(6, 3, seed);
      const blocks = [[4, 0], [2, 5, 1], [3]];
      const { values } = modelBlockCoherence(model, { ...at, blocks });
      const spectrum = modelSpectrum(model, at);
      for (let f = 0; f < nF; f++) {
        const det = (rows: readonly number[]) => determinant(block(spectrum, f, 6, rows))[0];
        for (let a = 0; a < 3; a++)
          for (let b = 0; b < 3; b++) {
            const expected =
              a === b
                ? 1
                : Math.sqrt(1 - det([...blocks[a], ...blocks[b]]) / (det(blocks[a]) * det(blocks[b])));
            expect(values[(f * 3 + a) * 3 + b]).toBeCloseTo(expected, 10);
          }
      }
    }
  });

  test("of single channels is coherence, whatever the scale of the channels", () => {
    const model = rescaled(randomModel(4, 3, 21), [1e4, 1, 1e-4, 3]);
    const { values } = modelBlockCoherence(model, { ...at, blocks: [[0], [1], [2], [3]] });
    expect(largestDifference(values, modelCoherence(model, at).values)).toBeLessThan(1e-12);
  });

  test("mixing channels within a head changes nothing: a common reference is harmless", () => {
    const model = randomModel(4, 2, 4);
    // y = T x with an average reference of channels 0 and 1 kept invertible: y0 = x0 - x1 / 2, y1 = x1 - x0 / 2.
    const t = [1, -0.5, 0, 0, -0.5, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const inverse = [4 / 3, 2 / 3, 0, 0, 2 / 3, 4 / 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Float64Array.from({ length: 16 }, (_, q) => {
        let sum = 0;
        for (let k = 0; k < 4; k++) sum += a[Math.floor(q / 4) * 4 + k] * b[k * 4 + (q % 4)];
        return sum;
      });
    const transposed = t.map((_, q) => t[(q % 4) * 4 + Math.floor(q / 4)]);
    const mixed = {
      ...model,
      coefficients: Float64Array.from(
        [0, 1].flatMap((r) => [
          ...product(product(t, model.coefficients.subarray(r * 16, r * 16 + 16)), inverse),
        ]),
      ),
      noiseCovariance: product(product(t, model.noiseCovariance), transposed),
    };
    const options = {
      ...at,
      blocks: [
        [0, 1],
        [2, 3],
      ],
    };
    expect(
      largestDifference(
        modelBlockCoherence(mixed, options).values,
        modelBlockCoherence(model, options).values,
      ),
    ).toBeLessThan(1e-12);
  });

  test("-ln(1 - C^2), averaged over frequency, is both directions and the instantaneous part together", () => {
    const model = randomModel(4, 2, 17);
    const [from, to] = [
      [0, 1],
      [2, 3],
    ];
    const frequencies = wholeAxis(1024, 200);
    const { values } = modelBlockCoherence(model, { samplingRate: 200, frequencies, blocks: [from, to] });
    const dependence = values.map((v, q) => (q % 4 === 1 ? -Math.log1p(-v * v) : 0));
    const noise = { real: model.noiseCovariance, imaginary: new Float64Array(16), frequencies };
    const det = (rows: readonly number[]) => determinant(block(noise, 0, 4, rows))[0];
    const instantaneous = Math.log((det(from) * det(to)) / det([0, 1, 2, 3]));
    const both =
      blockGranger(model, { from, to }) + blockGranger(model, { from: to, to: from }) + instantaneous;
    expect(axisMean(dependence, 4, 1)).toBeCloseTo(both, 8);
  });

  test("is exactly 0 between heads that share nothing, and tiny coupling keeps its digits", () => {
    const terms = [
      [1, 0, 0, 0.5],
      [1, 1, 0, 0.4],
      [1, 2, 2, 0.6],
      [1, 3, 2, 0.3],
    ] as const;
    const blocks = [
      [0, 1],
      [2, 3],
    ];
    const apart = modelBlockCoherence(modelOf({ nChannels: 4, terms }), { ...at, blocks });
    for (let f = 0; f < nF; f++) expect(apart.values[f * 4 + 1]).toBe(0);
    const coupled = (g: number) =>
      modelBlockCoherence(modelOf({ nChannels: 4, terms: [...terms, [1, 2, 0, g]] }), { ...at, blocks });
    const [weak, weaker] = [coupled(1e-8).values, coupled(1e-9).values];
    for (let f = 0; f < nF; f++) expect(weak[f * 4 + 1] / weaker[f * 4 + 1]).toBeCloseTo(10, 8);
  });

  test("a block that repeats a channel is NaN; overlapping and missing blocks are refused", () => {
    const singular = modelOf({ nChannels: 3, terms: [[1, 2, 0, 0.4]], noise: [1, 1, 0, 1, 1, 0, 0, 0, 1] });
    const { values } = modelBlockCoherence(singular, { ...at, blocks: [[0, 1], [2]] });
    expect(values[1]).toBeNaN();
    const model = randomModel(3, 1, 1);
    expect(() => modelBlockCoherence(model, { ...at, blocks: [[0, 1]] })).toThrow(/at least two/);
    expect(() => modelBlockCoherence(model, { ...at, blocks: [[0, 1], [1]] })).toThrow(/stands twice/);
  });

  test("lies within 0..1 and at or above every pair's coherence and every block's Granger share", () => {
    const model = randomModel(4, 3, 30);
    const blocks = [
      [0, 1],
      [2, 3],
    ];
    const whole = modelBlockCoherence(model, { ...at, blocks }).values;
    const pairs = modelCoherence(model, at).values;
    const granger = grangerSpectral(model, { ...at, blocks }).values;
    for (let f = 0; f < nF; f++) {
      expect(whole[f * 4 + 1]).toBeLessThan(1);
      for (const i of [0, 1])
        for (const j of [2, 3]) expect(whole[f * 4 + 1]).toBeGreaterThanOrEqual(pairs[(f * 4 + i) * 4 + j]);
      expect(granger[f * 4 + 1]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("multiple coherence", () => {
  test("of white channels is the multiple correlation of a regression on simulated data", () => {
    // y = 0.5 a - 0.3 b + e with correlated a and b; samples, then R^2 by the normal equations of two predictors.
    const gauss = irwinHall(mulberry32(3));
    const n = 4000;
    const sums = new Float64Array(9);
    for (let t = 0; t < n; t++) {
      const a = gauss();
      const b = 0.6 * a + gauss();
      const y = 0.5 * a - 0.3 * b + gauss();
      [y, a, b].forEach((u, i) => {
        [y, a, b].forEach((v, j) => {
          sums[i * 3 + j] += (u * v) / n;
        });
      });
    }
    const [yy, ya, yb, , aa, ab, , , bb] = sums;
    const det = aa * bb - ab * ab;
    const [beta, gamma] = [(ya * bb - yb * ab) / det, (yb * aa - ya * ab) / det];
    const rSquared = (beta * ya + gamma * yb) / yy;
    const white = modelOf({ nChannels: 3, terms: [[1, 0, 0, 0]], noise: sums });
    const { values, frequencies } = modelMultipleCoherence(white, at);
    expect(values.length).toBe(frequencies.length * 3);
    for (let f = 0; f < nF; f++) expect(values[f * 3]).toBeCloseTo(Math.sqrt(rSquared), 12);
  });

  test("agrees with 1 - 1 / (Spec_ii (Spec^-1)_ii), the inverse by minors", () => {
    const model = randomModel(5, 3, 13);
    const { values } = modelMultipleCoherence(model, at);
    const spectrum = modelSpectrum(model, at);
    const all = [0, 1, 2, 3, 4];
    for (let f = 0; f < nF; f++) {
      const whole = determinant(block(spectrum, f, 5, all))[0];
      for (const i of all) {
        const minor = determinant(
          block(
            spectrum,
            f,
            5,
            all.filter((j) => j !== i),
          ),
        )[0];
        const own = spectrum.real[(f * 5 + i) * 5 + i];
        expect(values[f * 5 + i]).toBeCloseTo(Math.sqrt(1 - whole / (own * minor)), 11);
      }
    }
  });

  test("is 0 where nothing is shared and 1 where a channel is a filtered copy", () => {
    const noise = [1, 0, 0, 0, 1e-24, 0, 0, 0, 1];
    const model = modelOf({ nChannels: 3, terms: [[2, 1, 0, 0.8]], noise });
    const { values } = modelMultipleCoherence(model, { ...at, predictors: [0] });
    for (let f = 0; f < nF; f++) {
      expect(values[f * 3 + 0]).toBeNaN();
      expect(values[f * 3 + 1]).toBeCloseTo(1, 12);
      expect(values[f * 3 + 1]).toBeLessThanOrEqual(1);
      expect(values[f * 3 + 2]).toBe(0);
    }
  });

  test("with one predictor is coherence, and never falls when predictors are added", () => {
    const model = randomModel(4, 3, 5);
    const pairs = modelCoherence(model, at).values;
    const one = modelMultipleCoherence(model, { ...at, predictors: [2] }).values;
    const two = modelMultipleCoherence(model, { ...at, predictors: [2, 3] }).values;
    for (let f = 0; f < nF; f++)
      for (const i of [0, 1]) {
        expect(one[f * 4 + i]).toBeCloseTo(pairs[(f * 4 + i) * 4 + 2], 13);
        expect(two[f * 4 + i]).toBeGreaterThanOrEqual(one[f * 4 + i]);
      }
  });

  test("a model of one channel has none; unknown predictors are refused", () => {
    expect(modelMultipleCoherence(randomModel(1, 2, 1), at).values.every(Number.isNaN)).toBe(true);
    const model = randomModel(3, 1, 1);
    expect(() => modelMultipleCoherence(model, { ...at, predictors: [] })).toThrow(/no channel/);
    expect(() => modelMultipleCoherence(model, { ...at, predictors: [3] })).toThrow(/0\.\.2/);
  });
});
