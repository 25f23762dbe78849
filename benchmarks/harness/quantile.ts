/** Quantile of sorted numbers, linear between neighbours. */
export function quantileOfSorted(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export const medianOf = (values: ArrayLike<number>): number =>
  quantileOfSorted(Float64Array.from(values).sort(), 0.5);
