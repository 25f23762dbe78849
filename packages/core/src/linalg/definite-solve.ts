import { eliminateCholesky } from "./cholesky.ts";
import { solveRowsBackward, solveRowsForward } from "./triangular.ts";

/**
 * D P^-1 for a symmetric positive definite P, by Cholesky.
 *
 * @param d `[rows, n]`; unchanged
 * @param p `[n, n]`; unchanged
 * @returns `[rows, n]`, or `undefined` when P is not positive definite
 */
export function divideByDefinite(
  d: Float64Array,
  p: Float64Array,
  rows: number,
  n: number,
): Float64Array | undefined {
  const factor = p.slice();
  const reciprocals = new Float64Array(n);
  if (eliminateCholesky(factor, n, n, reciprocals) === 0) return undefined;
  const out = d.slice();
  solveRowsForward(out, rows, n, factor, n, n, reciprocals);
  solveRowsBackward(out, rows, n, factor, n, n, reciprocals);
  return out;
}
