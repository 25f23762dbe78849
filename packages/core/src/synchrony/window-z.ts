import { fisherZ } from "./fisher-z.ts";

/** Mean Fisher z over the lags of a window that have a value; NaN without any. */
export function meanZ(correlations: Float64Array, from: number, nLags: number): number {
  let sum = 0;
  let n = 0;
  for (let k = from; k < from + nLags; k++) {
    if (Number.isNaN(correlations[k])) continue;
    sum += fisherZ(correlations[k]);
    n++;
  }
  return n === 0 ? Number.NaN : sum / n;
}

/** Fisher z of the largest absolute correlation of a window; NaN without any. */
export function maxAbsoluteZ(correlations: Float64Array, from: number, nLags: number): number {
  let largest = Number.NaN;
  for (let k = from; k < from + nLags; k++) {
    const size = Math.abs(correlations[k]);
    if (!(size <= largest) && !Number.isNaN(size)) largest = size;
  }
  return fisherZ(largest);
}

/** Mean of the values that are not NaN; NaN without any. */
export function meanOfValid(x: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue;
    sum += x[i];
    n++;
  }
  return n === 0 ? Number.NaN : sum / n;
}
