import { describe, expect, test } from "vitest";
import { gpdc } from "../coupling/index.ts";
import { OptionError } from "../errors.ts";
import { fitMvar } from "./fit-mvar.ts";
import { fitRidge } from "./ridge.ts";
import { selectRidge } from "./select-ridge.ts";
import {
  BACCALA_EXAMPLE_3,
  cutRecord,
  denseCoefficients,
  largestDifference,
  simulateNetwork,
} from "./test-networks.ts";

const n = 5;
const x = simulateNetwork(BACCALA_EXAMPLE_3, n, 3000, 31);
const halves = cutRecord(x, n, [
  [0, 1400],
  [1500, 3000],
]);
const options = { nChannels: n, order: 3 };

/** Ridge as least squares on data with extra rows: sqrt(lambda G_jj) on each regressor, target 0. Row by row. */
function textbookRidge(windows: readonly Float64Array[], order: number, lambda: number): Float64Array {
  const m = n * order;
  const rows: number[][] = [];
  for (const window of windows) {
    const nSamples = window.length / n;
    for (let t = order; t < nSamples; t++) {
      const row: number[] = [];
      for (let k = 1; k <= order; k++) for (let j = 0; j < n; j++) row.push(window[j * nSamples + t - k]);
      for (let i = 0; i < n; i++) row.push(window[i * nSamples + t]);
      rows.push(row);
    }
  }
  const squares = Array.from({ length: m }, (_, c) => rows.reduce((sum, row) => sum + row[c] ** 2, 0));
  for (let c = 0; c < m; c++)
    rows.push(Array.from({ length: m + n }, (_, d) => (c === d ? Math.sqrt(lambda * squares[c]) : 0)));
  // Modified Gram-Schmidt: no normal equations.
  const columns = Array.from({ length: m + n }, (_, c) => rows.map((row) => row[c]));
  const triangle = Array.from({ length: m }, () => new Array<number>(m + n).fill(0));
  for (let c = 0; c < m; c++) {
    const norm = Math.sqrt(columns[c].reduce((sum, value) => sum + value * value, 0));
    triangle[c][c] = norm;
    const unit = columns[c].map((value) => value / norm);
    for (let d = c + 1; d < m + n; d++) {
      const projection = unit.reduce((sum, value, r) => sum + value * columns[d][r], 0);
      triangle[c][d] = projection;
      columns[d] = columns[d].map((value, r) => value - projection * unit[r]);
    }
  }
  const out = new Float64Array(m * n);
  for (let i = 0; i < n; i++) {
    const a = new Float64Array(m);
    for (let c = m - 1; c >= 0; c--) {
      let sum = triangle[c][m + i];
      for (let d = c + 1; d < m; d++) sum -= triangle[c][d] * a[d];
      a[c] = sum / triangle[c][c];
    }
    for (let k = 0; k < order; k++) for (let j = 0; j < n; j++) out[(k * n + i) * n + j] = a[k * n + j];
  }
  return out;
}

const size = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

describe("fitRidge", () => {
  test("is least squares with a row of penalty for each regressor, pooled over windows", () => {
    const short = cutRecord(x, n, [
      [0, 200],
      [400, 520],
    ]);
    for (const lambda of [1e-3, 0.1, 2]) {
      const { coefficients } = fitRidge(short, { ...options, lambda, demean: false });
      expect(largestDifference(coefficients, textbookRidge(short, 3, lambda))).toBeLessThan(1e-11);
    }
  });

  test("tends to least squares as lambda goes to 0, in proportion", () => {
    const plain = fitMvar(halves, options);
    const away = (lambda: number) =>
      largestDifference(fitRidge(halves, { ...options, lambda }).coefficients, plain.coefficients);
    expect(away(0)).toBeLessThan(1e-11);
    expect(away(1e-6)).toBeLessThan(1e-4);
    expect(away(1e-5) / away(1e-6)).toBeCloseTo(10, 1);
    const none = fitRidge(halves, { ...options, lambda: 0 });
    expect(largestDifference(none.noiseCovariance, plain.noiseCovariance)).toBeLessThan(1e-10);
    expect(none).toMatchObject({ status: "ok", nObservations: plain.nObservations, lambda: 0, demean: true });
  });

  test("shrinks: the penalised size falls and the residuals grow with lambda", () => {
    let previous = fitRidge(halves, { ...options, lambda: 0 });
    for (const lambda of [0.01, 0.1, 1, 10, 1000]) {
      const model = fitRidge(halves, { ...options, lambda });
      expect(size(model.coefficients)).toBeLessThan(size(previous.coefficients));
      for (let i = 0; i < n; i++)
        expect(model.noiseCovariance[i * (n + 1)]).toBeGreaterThan(previous.noiseCovariance[i * (n + 1)]);
      previous = model;
    }
    expect(size(previous.coefficients)).toBeLessThan(1e-4);
  });

  test("one channel at order 1: the coefficient is divided by 1 + lambda", () => {
    const one = simulateNetwork([[1, 0, 0, 0.7]], 1, 500, 3);
    const plain = fitMvar([one], { nChannels: 1, order: 1 }).coefficients[0];
    expect(fitRidge([one], { nChannels: 1, order: 1, lambda: 1 }).coefficients[0]).toBeCloseTo(plain / 2, 12);
  });

  test("rescaling channels changes neither GPDC nor, but for the scale, the fit", () => {
    const scale = [1e6, 1, 1e-3, 20, 0.5];
    const scaled = halves.map((window) =>
      window.map((value, at) => value * scale[Math.floor(at / (window.length / n))]),
    );
    const at = { samplingRate: 200, frequencies: [3, 7, 20] };
    const before = gpdc(fitRidge(halves, { ...options, lambda: 0.1 }), at).values;
    const after = gpdc(fitRidge(scaled, { ...options, lambda: 0.1 }), at).values;
    expect(largestDifference(before, after)).toBeLessThan(1e-10);
  });

  test("fits more coefficients than rows, where least squares refuses", () => {
    const tiny = cutRecord(x, n, [[0, 30]]);
    const wide = { nChannels: n, order: 8 };
    expect(fitMvar(tiny, wide).status).toBe("insufficient-data");
    const model = fitRidge(tiny, { ...wide, lambda: 0.1 });
    expect(model.coefficients.every(Number.isFinite)).toBe(true);
    expect(model.status).toBe("ok");
    expect(fitRidge(tiny, { ...wide, lambda: 0 }).status).toBe("insufficient-data");
    expect(fitRidge([], { ...wide, lambda: 1 }).status).toBe("insufficient-data");
  });

  test("two bridged electrodes share the weight of one; a flat one is refused", () => {
    const twice = halves.map((window) => {
      const nSamples = window.length / n;
      const out = window.slice();
      out.set(window.subarray(0, nSamples), 4 * nSamples);
      return out;
    });
    const { coefficients, status } = fitRidge(twice, { ...options, lambda: 0.01 });
    expect(status).toBe("ok");
    for (let k = 0; k < 3; k++)
      for (let i = 0; i < n; i++)
        expect(coefficients[(k * n + i) * n + 4]).toBeCloseTo(coefficients[(k * n + i) * n], 9);
    const flat = halves.map((window) => window.map((value, at) => (at < window.length / n ? 3 : value)));
    expect(fitRidge(flat, { ...options, lambda: 0.01 }).status).toBe("not-positive-definite");
  });

  test("a negative penalty is refused", () => {
    expect(() => fitRidge(halves, { ...options, lambda: -1 })).toThrow(OptionError);
    expect(() => fitRidge(halves, { ...options, lambda: Number.NaN })).toThrow(OptionError);
  });
});

describe("selectRidge", () => {
  const windowsOf = (from: number, count: number, length: number) =>
    cutRecord(
      x,
      n,
      Array.from({ length: count }, (_, w) => [from + w * length, from + (w + 1) * length] as const),
    );

  test("the error is that of predicting each fold from the others, window by window", () => {
    const windows = windowsOf(0, 4, 100);
    const { errors, lambdas } = selectRidge([windows], {
      ...options,
      lambdas: [0.05],
      nFolds: 2,
      demean: false,
    });
    expect(Array.from(lambdas)).toEqual([0.05]);
    const left = new Float64Array(n);
    const squares = new Float64Array(n);
    for (const [held, others] of [
      [windows.slice(0, 2), windows.slice(2)],
      [windows.slice(2), windows.slice(0, 2)],
    ]) {
      const coefficients = textbookRidge(others, 3, 0.05);
      for (const window of held)
        for (let i = 0; i < n; i++)
          for (let t = 3; t < 100; t++) {
            let e = window[i * 100 + t];
            squares[i] += e * e;
            for (let k = 1; k <= 3; k++)
              for (let j = 0; j < n; j++)
                e -= coefficients[((k - 1) * n + i) * n + j] * window[j * 100 + t - k];
            left[i] += e * e;
          }
    }
    const expected = left.reduce((sum, value, i) => sum + value / squares[i] / n, 0);
    expect(errors[0]).toBeCloseTo(expected, 11);
  });

  test("little data ask for a penalty, and with it the fit is nearer to the truth", () => {
    const truth = new Float64Array(8 * n * n);
    truth.set(denseCoefficients(BACCALA_EXAMPLE_3, n, 3));
    const wide = { nChannels: n, order: 8 };
    const little = windowsOf(0, 4, 30);
    const much = windowsOf(0, 20, 140);
    const chosen = selectRidge([little], wide).best;
    expect(chosen).toBeGreaterThan(selectRidge([much], wide).best);
    const miss = (lambda: number) =>
      size(fitRidge(little, { ...wide, lambda }).coefficients.map((value, at) => value - truth[at]));
    expect(miss(chosen)).toBeLessThan(0.75 * miss(0));
  });

  test("one penalty serves all conditions, each predicted from itself", () => {
    const conditions = [windowsOf(0, 3, 60), windowsOf(1000, 5, 60)];
    const lambdas = [0.01, 0.1];
    const both = selectRidge(conditions, { ...options, lambdas });
    const alone = conditions.map((windows) => selectRidge([windows], { ...options, lambdas }));
    both.errors.forEach((error, at) => {
      const separate = alone.map(({ errors }) => errors[at]);
      expect(error).toBeGreaterThan(Math.min(...separate));
      expect(error).toBeLessThan(Math.max(...separate));
    });
    expect(lambdas).toContain(both.best);
  });

  test("a condition of one window cannot be cross-validated", () => {
    expect(() => selectRidge([windowsOf(0, 1, 60)], options)).toThrow(/two windows/);
    expect(() => selectRidge([halves], { ...options, lambdas: [-1] })).toThrow(OptionError);
    expect(() => selectRidge([halves], { ...options, nFolds: 1 })).toThrow(OptionError);
  });
});
