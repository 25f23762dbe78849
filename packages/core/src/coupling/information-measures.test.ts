import { describe, expect, test } from "vitest";
import { dDtf08 } from "./ddtf08.ts";
import { dDtf, dtf, gdtf } from "./dtf.ts";
import { ffPdc } from "./ffpdc.ts";
import { pdc } from "./gpdc.ts";
import { grangerSpectral } from "./granger-spectral.ts";
import { idtf } from "./idtf.ts";
import { ipdc } from "./ipdc.ts";
import { modelPartialCoherence, modelPartialCoherency, modelSpectrum } from "./model-coherence.ts";
import { noiseVariance } from "./model-shape.ts";
import { pdcf } from "./pdcf.ts";
import { largestDifference, modelOf, randomModel, reordered, rescaled } from "./test-models.ts";

const at = { samplingRate: 200, frequencies: [0, 3, 6.5, 9, 40, 100] };
const nF = at.frequencies.length;
const diagonal = (values: readonly number[]) =>
  values.flatMap((value, i) => values.map((_, j) => (i === j ? value : 0)));

/** A(f) from its definition, `[real, imaginary]` of one entry. */
function entry(model: ReturnType<typeof randomModel>, f: number, i: number, j: number): [number, number] {
  const n = model.nChannels;
  let re = i === j ? 1 : 0;
  let im = 0;
  for (let r = 1; r <= model.order; r++) {
    const a = model.coefficients[((r - 1) * n + i) * n + j];
    re -= a * Math.cos((2 * Math.PI * f * r) / at.samplingRate);
    im += a * Math.sin((2 * Math.PI * f * r) / at.samplingRate);
  }
  return [re, im];
}

describe("the partial directed coherence factor", () => {
  test("equals PDC for unit, uncorrelated noise", () => {
    const model = { ...randomModel(4, 3, 5), noiseCovariance: Float64Array.from(diagonal([1, 1, 1, 1])) };
    expect(largestDifference(pdcf(model, at).values, pdc(model, at).values)).toBeLessThan(1e-14);
  });

  test("of two channels agrees with its definition, the noise covariance inverted by hand", () => {
    const model = { ...randomModel(2, 4, 8), noiseCovariance: Float64Array.of(2, 0.6, 0.6, 0.5) };
    const determinant = 2 * 0.5 - 0.6 * 0.6;
    const inverse = [0.5 / determinant, -0.6 / determinant, -0.6 / determinant, 2 / determinant];
    const { values } = pdcf(model, at);
    at.frequencies.forEach((f, k) => {
      for (let j = 0; j < 2; j++) {
        const [ar, ai] = entry(model, f, 0, j);
        const [br, bi] = entry(model, f, 1, j);
        const total =
          inverse[0] * (ar * ar + ai * ai) +
          inverse[3] * (br * br + bi * bi) +
          2 * inverse[1] * (ar * br + ai * bi);
        expect(values[(k * 2 + 0) * 2 + j]).toBeCloseTo(Math.hypot(ar, ai) / Math.sqrt(total), 12);
        expect(values[(k * 2 + 1) * 2 + j]).toBeCloseTo(Math.hypot(br, bi) / Math.sqrt(total), 12);
      }
    });
  });

  test("divided by the noise of the sink it is iPDC", () => {
    const model = randomModel(5, 3, 2);
    const variance = noiseVariance(model);
    const scaled = pdcf(model, at).values.map((v, q) => v / Math.sqrt(variance[Math.floor(q / 5) % 5]));
    expect(largestDifference(scaled, ipdc(model, at).values)).toBeLessThan(1e-14);
  });

  test("with uncorrelated noise the squares of a column, each over the noise of its sink, add up to one", () => {
    const model = { ...randomModel(3, 2, 6), noiseCovariance: Float64Array.from(diagonal([2, 0.5, 1])) };
    const { values } = pdcf(model, at);
    for (let f = 0; f < nF; f++)
      for (let j = 0; j < 3; j++) {
        const sum = [2, 0.5, 1].reduce((s, v, i) => s + values[(f * 3 + i) * 3 + j] ** 2 / v, 0);
        expect(sum).toBeCloseTo(1, 12);
      }
  });

  test("a singular noise covariance gives NaN", () => {
    const model = { ...randomModel(2, 2, 6), noiseCovariance: Float64Array.of(1, 1, 1, 1) };
    expect(pdcf(model, at).values.every(Number.isNaN)).toBe(true);
    expect(idtf(model, at).values.every(Number.isNaN)).toBe(true);
  });
});

describe("the information directed transfer function", () => {
  test("equals gDTF when the noise is uncorrelated and differs when it is not", () => {
    const model = randomModel(4, 3, 5);
    const plain = { ...model, noiseCovariance: Float64Array.from(diagonal([2, 0.1, 1, 5])) };
    expect(largestDifference(idtf(plain, at).values, gdtf(plain, at).values)).toBeLessThan(1e-13);
    expect(largestDifference(idtf(model, at).values, gdtf(model, at).values)).toBeGreaterThan(0.01);
  });

  test("of two channels, -ln(1 - iDTF^2) is Geweke's spectral Granger causality", () => {
    for (const seed of [1, 2, 3]) {
      const model = randomModel(2, 3, seed);
      const granger = grangerSpectral(model, at).values;
      const { values } = idtf(model, at);
      for (let f = 0; f < nF; f++)
        for (const q of [1, 2])
          expect(-Math.log1p(-(values[f * 4 + q] ** 2))).toBeCloseTo(granger[f * 4 + q], 10);
    }
  });

  test("does not know units, lies within 0..1, and is 0 without a path", () => {
    const model = randomModel(4, 3, 9);
    const { values } = idtf(model, at);
    expect(largestDifference(values, idtf(rescaled(model, [1e5, 1, 1e-3, 7]), at).values)).toBeLessThan(
      1e-12,
    );
    for (const value of values) expect(value).toBeLessThanOrEqual(1 + 1e-12);
    const oneWay = modelOf({ nChannels: 2, terms: [[1, 1, 0, 0.5]] });
    const [link, back] = [idtf(oneWay, at).values[2], idtf(oneWay, at).values[1]];
    expect(link).toBeGreaterThan(0.3);
    expect(back).toBe(0);
  });
});

describe("direct DTF over all pairs and frequencies", () => {
  test("the squares of the whole add up to one, and ratios within a sink are those of dDTF", () => {
    const model = randomModel(4, 3, 12);
    const { values } = dDtf08(model, at);
    expect(values.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 12);
    const direct = dDtf(model, at).values;
    for (let i = 0; i < 4; i++) {
      const ratio = values[i * 4] / direct[i * 4];
      for (let f = 0; f < nF; f++)
        for (let j = 0; j < 4; j++)
          expect(values[(f * 4 + i) * 4 + j] / direct[(f * 4 + i) * 4 + j]).toBeCloseTo(ratio, 10);
    }
  });

  test("of two channels at one frequency agrees with the formula written out", () => {
    const model = modelOf({
      nChannels: 2,
      terms: [
        [1, 0, 0, 0.5],
        [1, 1, 1, 0.3],
        [2, 1, 0, 0.4],
      ],
    });
    const single = { samplingRate: 200, frequencies: [10] };
    const [a00, a10, a11] = [entry(model, 10, 0, 0), entry(model, 10, 1, 0), entry(model, 10, 1, 1)];
    const size = ([re, im]: [number, number]) => re * re + im * im;
    // H of a lower triangular A; P_01 of unit noise is conj(A_10) A_11 over the norms of the columns.
    const h = [1 / size(a00), 0, size(a10) / (size(a00) * size(a11)), 1 / size(a11)];
    const p = (size(a10) * size(a11)) / ((size(a00) + size(a10)) * size(a11));
    const parts = [h[0], 0, h[2] * p, h[3]];
    const total = parts[0] + parts[2] + parts[3];
    dDtf08(model, single).values.forEach((value, q) => {
      expect(value).toBeCloseTo(Math.sqrt(parts[q] / total), 12);
    });
    expect(dtf(model, single).values[2]).toBeCloseTo(Math.sqrt(h[2] / (h[2] + h[3])), 12);
  });
});

describe("full-frequency PDC", () => {
  test("agrees with its definition; the squares of a column add up to one over sinks and frequencies", () => {
    const model = randomModel(3, 4, 15);
    const { values } = ffPdc(model, at);
    for (let j = 0; j < 3; j++) {
      let total = 0;
      for (const f of at.frequencies)
        for (let i = 0; i < 3; i++) total += Math.hypot(...entry(model, f, i, j)) ** 2;
      at.frequencies.forEach((f, k) => {
        for (let i = 0; i < 3; i++)
          expect(values[(k * 3 + i) * 3 + j]).toBeCloseTo(
            Math.hypot(...entry(model, f, i, j)) / Math.sqrt(total),
            13,
          );
      });
    }
  });

  test("at one frequency it is PDC", () => {
    const single = { samplingRate: 200, frequencies: [8] };
    const model = randomModel(4, 2, 16);
    expect(largestDifference(ffPdc(model, single).values, pdc(model, single).values)).toBeLessThan(1e-15);
  });
});

describe("partial coherency", () => {
  test("its magnitude is partial coherence, and its two halves are conjugates", () => {
    const model = randomModel(4, 3, 3);
    const { real, imaginary } = modelPartialCoherency(model, at);
    const { values } = modelPartialCoherence(model, at);
    for (let q = 0; q < values.length; q++) {
      expect(Math.hypot(real[q], imaginary[q])).toBeCloseTo(values[q], 13);
      const mirror = q - (q % 16) + (q % 4) * 4 + (Math.floor(q / 4) % 4);
      expect(real[q]).toBe(real[mirror]);
      expect(imaginary[q] + imaginary[mirror]).toBe(0);
    }
  });

  test("of two channels is their coherency, phase included", () => {
    const model = randomModel(2, 3, 8);
    const { real, imaginary } = modelPartialCoherency(model, at);
    const spectrum = modelSpectrum(model, at);
    for (let f = 0; f < nF; f++) {
      const norm = Math.sqrt(spectrum.real[f * 4] * spectrum.real[f * 4 + 3]);
      expect(real[f * 4 + 1]).toBeCloseTo(spectrum.real[f * 4 + 1] / norm, 12);
      expect(imaginary[f * 4 + 1]).toBeCloseTo(spectrum.imaginary[f * 4 + 1] / norm, 12);
    }
  });
});

test("reordering the channels reorders rows and columns", () => {
  const model = randomModel(4, 3, 11);
  const order = [2, 0, 3, 1];
  for (const measure of [pdcf, idtf, dDtf08, ffPdc]) {
    const before = measure(model, at).values;
    const after = measure(reordered(model, order), at).values;
    for (let q = 0; q < after.length; q++)
      expect(after[q]).toBeCloseTo(
        before[q - (q % 16) + order[Math.floor(q / 4) % 4] * 4 + order[q % 4]],
        12,
      );
  }
});
