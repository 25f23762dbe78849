/**
 * How many samples of a channel have a number that is not the place that they name, where the board counts `perSample` up
 * from one sample to the next. Samples that are missing (NaN) are none of them.
 */
export function misplaced(values: Float64Array, perSample = 1): number {
  return values.filter((value, n) => Math.abs(value - values[0]! - perSample * n) > 0.5 * perSample).length;
}
