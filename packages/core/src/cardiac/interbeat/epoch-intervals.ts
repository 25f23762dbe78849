import type { InterbeatIntervals } from "./interbeat-intervals.ts";

export interface EpochIntervals {
  /** Numbers of the intervals that close in the epoch: first <= k < last. */
  readonly first: number;
  readonly last: number;
  /** Share of the epoch's time that lies in intervals with a value, whichever epoch they close in. */
  readonly coverage: number;
}

/** The intervals of one epoch, start <= closing beat < end, in s. Logarithmic in the length of the recording. */
export function epochIntervals(
  { times, intervals }: InterbeatIntervals,
  start: number,
  end: number,
): EpochIntervals {
  const first = firstAtOrAfter(times, start);
  let last = first;
  let covered = 0;
  for (let k = first; k < times.length; k++) {
    const closes = times[k];
    const opens = closes - intervals[k] / 1000;
    if (closes < end) last = k + 1;
    else if (Number.isNaN(opens) || opens >= end) break;
    if (!Number.isNaN(opens)) covered += Math.min(closes, end) - Math.max(opens, start);
  }
  return { first, last, coverage: covered / (end - start) };
}

function firstAtOrAfter(times: Float64Array, start: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
