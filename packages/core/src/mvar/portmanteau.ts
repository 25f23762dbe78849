import { OptionError } from "../errors.ts";
import { eliminateCholesky } from "../linalg/cholesky.ts";
import { solveRowsForward } from "../linalg/triangular.ts";
import { chiSquareSurvival } from "../statistics/index.ts";
import type { MvarModel } from "./model.ts";
import { residualCovariance } from "./residual-covariance.ts";
import { residuals } from "./residuals.ts";

export type PortmanteauKind = "ljung-box" | "li-mcleod" | "box-pierce";

export interface Portmanteau {
  readonly kind: PortmanteauKind;
  readonly statistic: number;
  readonly df: number;
  /** Small: residuals still carry structure, the order is too low. NaN when the residuals are degenerate. */
  readonly p: number;
  readonly maxLag: number;
}

/**
 * Are the residuals white? Tests that their correlations at lags 1..h are all zero:
 *
 *     q_k = tr(C_k' C_0^-1 C_k C_0^-1),    C_k = 1/T sum_t e_t e_{t-k}'
 *     Box-Pierce  T sum q_k        Li-McLeod  Box-Pierce + K^2 h (h+1) / (2 T)        Ljung-Box  T (T+2) sum q_k / T_k
 *
 * against chi-square with K^2 (h - p) degrees of freedom. T_k counts the products at lag k, which is T - k for one
 * window; no product crosses from window to window. Box-Pierce is too lenient in short records. With thousands of
 * samples every test rejects models that are good enough: look at the size of the correlations as well.
 *
 * @param options `maxLag` h, above the model's order; `kind`, default `"ljung-box"`
 * @throws OptionError when maxLag <= order
 * @see Hosking, JASA 75, 1980; Li, McLeod, JRSS B 43, 1981; Lütkepohl 2005, section 4.4.3.
 */
export function portmanteau(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: { readonly maxLag: number; readonly kind?: PortmanteauKind },
): Portmanteau {
  const { nChannels: n, order } = model;
  const { maxLag, kind = "ljung-box" } = options;
  if (!(Number.isInteger(maxLag) && maxLag > order))
    throw new OptionError(`portmanteau needs maxLag as an integer above the order ${order}, got ${maxLag}.`);
  const df = n * n * (maxLag - order);
  const white = whitened(residuals(model, windows), n);
  if (white === undefined) return { kind, statistic: Number.NaN, df, p: Number.NaN, maxLag };

  let total = 0;
  for (const window of white) total += window.length / n;
  let statistic = kind === "li-mcleod" ? (n * n * maxLag * (maxLag + 1)) / (2 * total) : 0;
  for (let lag = 1; lag <= maxLag; lag++) {
    const { squares, count } = laggedSquares(white, n, lag, total);
    if (count > 0)
      statistic += kind === "ljung-box" ? (total * (total + 2) * squares) / count : total * squares;
  }
  return { kind, statistic, df, p: chiSquareSurvival(statistic, df), maxLag };
}

/** Residuals times the inverse Cholesky factor of C_0, so that q_k becomes a sum of squares. */
function whitened(errors: readonly Float64Array[], n: number): Float64Array[] | undefined {
  const factor = new Float64Array(n * n);
  const reciprocals = new Float64Array(n);
  residualCovariance(errors, n, false, factor);
  if (eliminateCholesky(factor, n, n, reciprocals) === 0) return undefined;
  const sample = new Float64Array(n);
  return errors.map((window) => {
    const nRows = window.length / n;
    const out = new Float64Array(window.length);
    for (let t = 0; t < nRows; t++) {
      for (let i = 0; i < n; i++) sample[i] = window[i * nRows + t];
      solveRowsForward(sample, 1, n, factor, n, n, reciprocals);
      for (let i = 0; i < n; i++) out[i * nRows + t] = sample[i];
    }
    return out;
  });
}

function laggedSquares(white: readonly Float64Array[], n: number, lag: number, total: number) {
  const sums = new Float64Array(n * n);
  let count = 0;
  for (const window of white) {
    const nRows = window.length / n;
    if (nRows <= lag) continue;
    count += nRows - lag;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let t = lag; t < nRows; t++) sum += window[i * nRows + t] * window[j * nRows + t - lag];
        sums[i * n + j] += sum;
      }
    }
  }
  let squares = 0;
  for (let at = 0; at < sums.length; at++) squares += (sums[at] / total) ** 2;
  return { squares, count };
}
