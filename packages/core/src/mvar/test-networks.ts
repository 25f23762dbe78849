/** Networks with known links and slow textbook versions of the kernels. For tests only; not exported from core. */
import { irwinHall, mulberry32 } from "../random/index.ts";
import { simulateVar, type VarTerm } from "./simulate-var.ts";

const R2 = Math.SQRT2;

/** Baccalá, Sameshima, Biol. Cybern. 84, 2001, example 3. Links 0>1, 0>2, 0>3, 3>4, 4>3. */
export const BACCALA_EXAMPLE_3: readonly VarTerm[] = [
  [1, 0, 0, 0.95 * R2],
  [2, 0, 0, -0.9025],
  [2, 1, 0, 0.5],
  [3, 2, 0, -0.4],
  [2, 3, 0, -0.5],
  [1, 3, 3, 0.25 * R2],
  [1, 3, 4, 0.25 * R2],
  [1, 4, 3, -0.25 * R2],
  [1, 4, 4, 0.25 * R2],
];

/** The same paper, example 4. Links 0>1, 1>2, 2>3, 3>4, 4>3. */
export const BACCALA_EXAMPLE_4: readonly VarTerm[] = [
  [1, 0, 0, 0.95 * R2],
  [2, 0, 0, -0.9025],
  [1, 1, 0, -0.5],
  [2, 2, 1, 0.4],
  [1, 3, 2, -0.5],
  [1, 3, 3, 0.25 * R2],
  [1, 3, 4, 0.25 * R2],
  [1, 4, 3, -0.25 * R2],
  [1, 4, 4, 0.25 * R2],
];

export function simulateNetwork(
  terms: readonly VarTerm[],
  nChannels: number,
  nSamples: number,
  seed: number,
): Float64Array {
  return simulateVar({ nChannels, coefficients: terms, nSamples, normal: irwinHall(mulberry32(seed)) });
}

/** `[order, sink, source]` of a list of terms. */
export function denseCoefficients(terms: readonly VarTerm[], n: number, order: number): Float64Array {
  const out = new Float64Array(order * n * n);
  for (const [lag, sink, source, value] of terms) out[((lag - 1) * n + sink) * n + source] += value;
  return out;
}

/** Squared GPDC from its definition, `[frequency, sink, source]`; frequencies in cycles per sample. */
export function textbookSquaredGpdc(
  coefficients: Float64Array,
  variances: readonly number[],
  frequencies: readonly number[],
): Float64Array {
  const n = variances.length;
  const order = coefficients.length / (n * n);
  const out = new Float64Array(frequencies.length * n * n);
  frequencies.forEach((f, row) => {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        let re = i === j ? 1 : 0;
        let im = 0;
        for (let k = 1; k <= order; k++) {
          const a = coefficients[((k - 1) * n + i) * n + j];
          re -= a * Math.cos(2 * Math.PI * f * k);
          im += a * Math.sin(2 * Math.PI * f * k);
        }
        const value = (re * re + im * im) / variances[i];
        out[(row * n + i) * n + j] = value;
        sum += value;
      }
      for (let i = 0; i < n; i++) out[(row * n + i) * n + j] /= sum;
    }
  });
  return out;
}

/** Least squares row by row with Gaussian elimination: every row of every window, none across a boundary. */
export function textbookLeastSquares(
  windows: readonly Float64Array[],
  n: number,
  order: number,
): Float64Array {
  const m = n * order;
  const normal = Array.from({ length: m }, () => new Array<number>(m + n).fill(0));
  for (const x of windows) {
    const nSamples = x.length / n;
    for (let t = order; t < nSamples; t++) {
      const past: number[] = [];
      for (let k = 1; k <= order; k++) for (let j = 0; j < n; j++) past.push(x[j * nSamples + t - k]);
      const row = past.concat(Array.from({ length: n }, (_, i) => x[i * nSamples + t]));
      for (let r = 0; r < m; r++) for (let c = 0; c < m + n; c++) normal[r][c] += past[r] * row[c];
    }
  }
  for (let p = 0; p < m; p++) {
    let best = p;
    for (let r = p; r < m; r++) if (Math.abs(normal[r][p]) > Math.abs(normal[best][p])) best = r;
    [normal[p], normal[best]] = [normal[best], normal[p]];
    for (let r = 0; r < m; r++) {
      if (r === p) continue;
      const factor = normal[r][p] / normal[p][p];
      for (let c = p; c < m + n; c++) normal[r][c] -= factor * normal[p][c];
    }
  }
  const out = new Float64Array(m * n);
  for (let k = 0; k < order; k++) {
    for (let j = 0; j < n; j++) {
      const r = k * n + j;
      for (let i = 0; i < n; i++) out[(k * n + i) * n + j] = normal[r][m + i] / normal[r][r];
    }
  }
  return out;
}

/** Cuts `[nChannels, nSamples]` at the given samples; every piece is `[nChannels, length]`. */
export function cutRecord(x: Float64Array, nChannels: number, cuts: readonly (readonly [number, number])[]) {
  const nSamples = x.length / nChannels;
  return cuts.map(([from, to]) => {
    const out = new Float64Array(nChannels * (to - from));
    for (let c = 0; c < nChannels; c++)
      out.set(x.subarray(c * nSamples + from, c * nSamples + to), c * (to - from));
    return out;
  });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}
