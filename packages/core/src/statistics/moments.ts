import { OptionError } from "../errors.ts";

/** Arithmetic mean; NaN for no values. */
export function mean(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

/**
 * Variance about the mean, sum of squares over n - `deltaDegrees`, in two passes.
 *
 * @param deltaDegrees 1 (default) for a sample, 0 for a population. NaN when n <= deltaDegrees
 */
export function variance(x: ArrayLike<number>, deltaDegrees = 1): number {
  if (x.length <= deltaDegrees) return Number.NaN;
  const centre = mean(x);
  let sum = 0;
  let residue = 0;
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i] - centre;
    sum += deviation * deviation;
    residue += deviation;
  }
  // The residue is the rounding error of the mean; without it a large offset would leak into the square.
  return (sum - (residue * residue) / x.length) / (x.length - deltaDegrees);
}

/** Square root of `variance`. */
export function standardDeviation(x: ArrayLike<number>, deltaDegrees = 1): number {
  return Math.sqrt(variance(x, deltaDegrees));
}

/** Values in rising order, NaN last. */
function sortedCopy(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x).sort();
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996; numpy's default).
 *
 *     h = (n - 1) p;  q = x_(floor h) + (h - floor h) (x_(floor h + 1) - x_(floor h)),  counted from 0
 *
 * @param p in [0, 1]
 * @returns NaN for no values or when any value is NaN
 * @throws OptionError when p is outside [0, 1]
 */
export function quantile(x: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new OptionError(`quantile needs p in [0, 1], got ${p}: 0.5 is the median.`);
  const sorted = sortedCopy(x);
  if (sorted.length === 0 || Number.isNaN(sorted[sorted.length - 1])) return Number.NaN;
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  const share = position - below;
  return share === 0 ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below]);
}

/** Middle value, or the mean of the two middle ones. NaN for no values or when any value is NaN. */
export function median(x: ArrayLike<number>): number {
  return quantile(x, 0.5);
}

/**
 * Median of the absolute deviations from the median. Unscaled: multiply by 1.4826 to estimate the standard
 * deviation of normal data.
 */
export function medianAbsoluteDeviation(x: ArrayLike<number>): number {
  const centre = median(x);
  return median(Float64Array.from(x, (value) => Math.abs(value - centre)));
}
