import { OptionError } from "../../errors.ts";

export interface InterbeatIntervals {
  /** `[n]`, s: the beat that closes each interval, which is the interval's time. */
  readonly times: Float64Array;
  /** `[n]`, ms; NaN is missing. */
  readonly intervals: Float64Array;
}

/**
 * Interbeat intervals of a beat train: interval k runs from beat k to beat k + 1 and is stamped with beat k + 1.
 *
 * @param beatTimes `[nBeats]`, s, rising; not changed
 * @returns `[nBeats - 1]` intervals; none for fewer than two beats
 * @throws OptionError when the times do not rise or are not finite.
 */
export function interbeatIntervals(beatTimes: ArrayLike<number>): InterbeatIntervals {
  requireRising("interbeatIntervals", beatTimes);
  const n = Math.max(0, beatTimes.length - 1);
  const times = new Float64Array(n);
  const intervals = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    times[k] = beatTimes[k + 1];
    intervals[k] = (beatTimes[k + 1] - beatTimes[k]) * 1000;
  }
  return { times, intervals };
}

/** Throws when beat times are not finite and strictly rising, and says where. */
export function requireRising(kernel: string, beatTimes: ArrayLike<number>): void {
  for (let k = 0; k < beatTimes.length; k++) {
    const previous = k === 0 ? Number.NEGATIVE_INFINITY : beatTimes[k - 1];
    if (!(beatTimes[k] > previous) || beatTimes[k] === Number.POSITIVE_INFINITY)
      throw new OptionError(
        `${kernel} needs finite, rising beat times in seconds, got ${beatTimes[k]} after ${previous} at beat ${k}: sort them and drop repeats.`,
      );
  }
}
