import { eliminateCholesky } from "../linalg/cholesky.ts";
import { solveRowsForward } from "../linalg/triangular.ts";
import { residualCovariance } from "./residual-covariance.ts";

export type PortmanteauKind = "ljung-box" | "li-mcleod" | "box-pierce" | "lutkepohl";

/**
 * The statistic of a portmanteau test; formulas stand at `portmanteau`.
 *
 * @param white from `whitenResiduals`
 */
export function portmanteauStatistic(
  white: readonly Float64Array[],
  n: number,
  kind: PortmanteauKind,
  maxLag: number,
): number {
  let total = 0;
  for (const window of white) total += window.length / n;
  let statistic = kind === "li-mcleod" ? (n * n * maxLag * (maxLag + 1)) / (2 * total) : 0;
  for (let lag = 1; lag <= maxLag; lag++) {
    const { squares, count } = laggedSquares(white, n, lag, total);
    if (count === 0) continue;
    if (kind === "ljung-box") statistic += (total * (total + 2) * squares) / count;
    else if (kind === "lutkepohl") statistic += (total * total * squares) / count;
    else statistic += total * squares;
  }
  return statistic;
}

/**
 * Residuals times the inverse Cholesky factor of C_0, so that q_k becomes a sum of squares.
 *
 * @returns undefined when some channel repeats others
 */
export function whitenResiduals(errors: readonly Float64Array[], n: number): Float64Array[] | undefined {
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
