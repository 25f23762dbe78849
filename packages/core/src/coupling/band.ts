import { OptionError } from "../errors.ts";

/**
 * A frequency band in Hz. `closed` takes both ends, as the golden vectors do (6 Hz is then in theta and in alpha);
 * `half-open` leaves the upper end to the next band, as bins on a grid need it.
 */
export interface FrequencyBand {
  readonly low: number;
  readonly high: number;
  readonly edges: "closed" | "half-open";
}

/** A computed 6 Hz may be 6.000000000000001: the edges are compared to a nanohertz. */
const edgeTolerance = 1e-9;

/** Indices of the frequencies inside a band. An empty band is an error and never a mean of nothing. */
export function bandIndices(kernel: string, frequencies: ArrayLike<number>, band: FrequencyBand): Int32Array {
  const { low, high, edges } = band;
  if (!(low <= high)) throw new OptionError(`${kernel}: the band ${low}..${high} Hz runs backwards.`);
  if (edges !== "closed" && edges !== "half-open")
    throw new OptionError(`${kernel}: edges must be "closed" or "half-open", got ${String(edges)}.`);
  const upper = edges === "closed" ? high + edgeTolerance : high - edgeTolerance;
  const inside: number[] = [];
  for (let f = 0; f < frequencies.length; f++)
    if (frequencies[f] >= low - edgeTolerance && frequencies[f] <= upper) inside.push(f);
  if (inside.length === 0)
    throw new OptionError(
      `${kernel}: no frequency lies in the ${edges} band ${low}..${high} Hz; use a finer grid or a wider band.`,
    );
  return Int32Array.from(inside);
}
