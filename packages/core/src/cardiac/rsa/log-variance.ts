import { minimumCoverage } from "../interbeat/population.ts";

/** ms^2: a spread of one nanosecond is the rounding of the filters, not a heart. */
const leastVariance = 1e-12;

/**
 * ln of the variance (n - 1) of the valid samples of a window, in ln(ms^2).
 *
 * @param y the window begins at `from`, which may be negative; samples beyond either end count as missing
 * @returns NaN when less than 80 % of the samples are valid, and when nothing varies but by rounding
 */
export function logVariance(y: Float64Array, from: number, nSamples: number): number {
  const start = Math.max(0, from);
  const end = Math.min(y.length, from + nSamples);
  let nValid = 0;
  let sum = 0;
  for (let i = start; i < end; i++) {
    if (Number.isNaN(y[i])) continue;
    nValid++;
    sum += y[i];
  }
  // The hair of tolerance keeps a window that is valid to exactly the limit.
  if (nValid < 2 || nValid < minimumCoverage * nSamples - 1e-9) return Number.NaN;
  const mean = sum / nValid;
  let squares = 0;
  for (let i = start; i < end; i++) if (!Number.isNaN(y[i])) squares += (y[i] - mean) * (y[i] - mean);
  const variance = squares / (nValid - 1);
  return variance > leastVariance ? Math.log(variance) : Number.NaN;
}
