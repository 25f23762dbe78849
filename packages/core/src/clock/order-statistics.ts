/** Quantile `q` in [0, 1] with linear interpolation between order statistics; sorts `scratch` in place. */
export function sortedQuantile(scratch: Float64Array, q: number): number {
  const n = scratch.length;
  if (n === 0) return Number.NaN;
  scratch.sort();
  return quantileOfSorted(scratch, q);
}

export function quantileOfSorted(sorted: Float64Array, q: number): number {
  const n = sorted.length;
  const position = q * (n - 1);
  const below = Math.floor(position);
  const above = Math.min(n - 1, below + 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

export const medianOf = (values: ArrayLike<number>): number => sortedQuantile(Float64Array.from(values), 0.5);

/** Median absolute deviation about `center`, not scaled to a standard deviation. */
export function medianAbsoluteDeviation(values: ArrayLike<number>, center: number): number {
  const deviations = Float64Array.from(values);
  for (let i = 0; i < deviations.length; i++) deviations[i] = Math.abs(deviations[i] - center);
  return sortedQuantile(deviations, 0.5);
}
