import { OptionError } from "../errors.ts";

export interface BandPowerOptions {
  /** Hz. */
  readonly low: number;
  /** Hz. */
  readonly high: number;
  /**
   * "half-open" (default) takes low <= f < high, so that neighbouring bands add up to the power of their union;
   * "closed" takes both ends.
   */
  readonly edges?: "half-open" | "closed";
}

/**
 * Power in a band, sum of P[k] df over the frequencies inside it.
 *
 * @param spectrum a density from `welch`, unit^2/Hz on an evenly spaced grid
 * @returns unit^2; NaN when no frequency of the grid lies in the band
 * @throws OptionError when low > high.
 */
export function bandPower(
  { frequencies, values }: { readonly frequencies: Float64Array; readonly values: Float64Array },
  { low, high, edges = "half-open" }: BandPowerOptions,
): number {
  if (!(low <= high)) throw new OptionError(`bandPower needs low <= high, got ${low} and ${high}`);
  const step = frequencies.length > 1 ? frequencies[1] - frequencies[0] : Number.NaN;
  let sum = 0;
  let count = 0;
  for (let k = 0; k < frequencies.length; k++) {
    const f = frequencies[k];
    if (f < low || f > high || (edges === "half-open" && f === high)) continue;
    sum += values[k];
    count++;
  }
  return count === 0 ? Number.NaN : sum * step;
}
