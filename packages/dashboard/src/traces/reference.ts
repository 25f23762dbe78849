/** Channels of one person that are shown against their common mean. */
export interface ReferenceGroup {
  /** Channels that get the mean subtracted. */
  readonly channels: readonly number[];
  /** Channels that make the mean: a flat or railed electrode would write itself into all others. */
  readonly members: readonly number[];
}

/** Subtracts, sample by sample, the mean of a group's members from its channels; members that are missing are left out of the mean. */
export function subtractMean(
  values: Float64Array,
  stride: number,
  nSamples: number,
  group: ReferenceGroup,
): void {
  for (let i = 0; i < nSamples; i++) {
    let sum = 0;
    let n = 0;
    for (const c of group.members) {
      const value = values[c * stride + i]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    if (n < 2) continue;
    const mean = sum / n;
    for (const c of group.channels) values[c * stride + i] = values[c * stride + i]! - mean;
  }
}
