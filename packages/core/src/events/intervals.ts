import { OptionError } from "../errors.ts";

/**
 * What somebody did, one stream: disjoint intervals of time in rising order, `[onsets[i], offsets[i])`, seconds.
 *
 * Neighbours may touch. An interval of no length is a point event: it counts as an event and adds no time. Raw coding becomes
 * this with `tidyIntervals`.
 */
export interface Intervals {
  /** `[n]`, rising. */
  readonly onsets: Float64Array;
  /** `[n]`, `onsets[i] <= offsets[i] <= onsets[i + 1]`. */
  readonly offsets: Float64Array;
}

/**
 * Times closer than this are the same time, seconds: sums of coded times carry rounding errors, and whether an answer came
 * within exactly 2 s must not hang on the last bit.
 */
export const SAME_TIME_SECONDS = 1e-9;

/**
 * Takes times that are already in order; nothing is copied.
 *
 * @throws OptionError when the lengths differ, a time is not finite, or intervals are unsorted, reversed or overlapping
 */
export function intervals(onsets: Float64Array, offsets: Float64Array): Intervals {
  const made = { onsets, offsets };
  requireIntervals("intervals", made);
  return made;
}

/** Throws unless the intervals are finite, in order and disjoint. */
export function requireIntervals(name: string, { onsets, offsets }: Intervals): void {
  if (onsets.length !== offsets.length)
    throw new OptionError(
      `${name} needs as many offsets as onsets, got ${offsets.length} and ${onsets.length}.`,
    );
  for (let i = 0; i < onsets.length; i++) {
    const next = i + 1 < onsets.length ? onsets[i + 1] : Number.MAX_VALUE;
    if (!(Number.isFinite(onsets[i]) && onsets[i] <= offsets[i] && offsets[i] <= next))
      throw new OptionError(
        `${name} needs disjoint intervals in rising order, got [${onsets[i]}, ${offsets[i]}) as number ${i}: pass them through tidyIntervals first.`,
      );
  }
}

/** Throws unless there is some time to look at. */
export function requireObserved(name: string, observed: Intervals): void {
  requireIntervals(name, observed);
  if (!(totalSeconds(observed) > 0))
    throw new OptionError(
      `${name} needs some observed time, got none: pass observedTime(start, end, ...unknown).`,
    );
}

/** Sum of the lengths, seconds. */
export function totalSeconds({ onsets, offsets }: Intervals): number {
  let sum = 0;
  for (let i = 0; i < onsets.length; i++) sum += offsets[i] - onsets[i];
  return sum;
}

/** Index of the last of some rising times that is <= `time`; -1 when all are later. */
export function lastAtOrBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether `time` lies in an interval, its onset included and its offset not. */
export function isWithin(time: number, { onsets, offsets }: Intervals): boolean {
  const i = lastAtOrBefore(onsets, time);
  return i >= 0 && time < offsets[i];
}

/** Whether `[from, to]` lies in one interval, up to rounding. */
export function spanIsWithin(from: number, to: number, { onsets, offsets }: Intervals): boolean {
  const i = lastAtOrBefore(onsets, from + SAME_TIME_SECONDS);
  return i >= 0 && to <= offsets[i] + SAME_TIME_SECONDS;
}

/**
 * Times at which something was seen to begin (or end): those strictly inside observed time. What is already there when the
 * view opens has begun at an unknown time before.
 *
 * @param times rising, seconds
 * @returns those inside, a new array
 */
export function seenTimes(times: Float64Array, observed: Intervals): Float64Array {
  return times.filter((time) => isStrictlyWithin(time, observed));
}

/** Whether `time` lies in an interval and at neither of its edges. */
export function isStrictlyWithin(time: number, { onsets, offsets }: Intervals): boolean {
  const i = lastAtOrBefore(onsets, time);
  return i >= 0 && time > onsets[i] + SAME_TIME_SECONDS && time < offsets[i] - SAME_TIME_SECONDS;
}
