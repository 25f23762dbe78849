/** Mean of those that are there; NaN for none. */
export function meanOf(values: readonly number[]): number {
  const valid = values.filter((value) => !Number.isNaN(value));
  return valid.reduce((sum, value) => sum + value, 0) / valid.length;
}
