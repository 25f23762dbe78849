import { OptionError } from "../../errors.ts";
import type { InterbeatIntervals } from "../interbeat/interbeat-intervals.ts";
import { minimumCoverage } from "../interbeat/population.ts";

export interface SlidingRmssdValues {
  /** `[n]`, s: end of each window, which is a closing beat. The window's centre lies half a window earlier. */
  readonly times: Float64Array;
  /** `[n]`, ln(RMSSD / ms); NaN where intervals with a value cover less than 80 % of the window. */
  readonly values: Float64Array;
}

/**
 * ln RMSSD of the last 10 s at every beat: the fast stand-in for RSA. Delay: the gate's and half the window; no
 * filter. It is RMSSD, not RSA: it answers to every fast change of the heart rate, breathing or not, and must be
 * labelled so.
 *
 * A difference counts when both its intervals have a value and close in the window. Each window is summed afresh in
 * order of time, so any way of cutting the input, and `slidingRmssd`, give the same bits.
 */
export class SlidingRmssd {
  readonly windowSeconds: number;
  #times: number[] = [];
  #intervals: number[] = [];

  /** @throws OptionError when the window is not positive. */
  constructor({ windowSeconds = 10 }: { readonly windowSeconds?: number } = {}) {
    if (!(windowSeconds > 0))
      throw new OptionError(`SlidingRmssd windowSeconds must be positive, got ${windowSeconds}`);
    this.windowSeconds = windowSeconds;
  }

  /** One value per interval given; NaN intervals get one too. Shapes as in `InterbeatIntervals`. */
  push({ times, intervals }: InterbeatIntervals): SlidingRmssdValues {
    const values = new Float64Array(times.length);
    for (let i = 0; i < times.length; i++) {
      this.#times.push(times[i]);
      this.#intervals.push(intervals[i]);
      const from = times[i] - this.windowSeconds;
      let old = 0;
      while (this.#times[old] <= from) old++;
      if (old > 0) {
        this.#times.splice(0, old);
        this.#intervals.splice(0, old);
      }
      values[i] = this.#logRmssd(from);
    }
    return { times: Float64Array.from(times), values };
  }

  #logRmssd(from: number): number {
    const intervals = this.#intervals;
    let covered = 0;
    let squares = 0;
    let count = 0;
    for (let k = 0; k < intervals.length; k++) {
      const interval = intervals[k];
      if (Number.isNaN(interval)) continue;
      covered += Math.min(interval / 1000, this.#times[k] - from);
      const difference = k === 0 ? Number.NaN : interval - intervals[k - 1];
      if (Number.isNaN(difference)) continue;
      squares += difference * difference;
      count++;
    }
    if (covered < minimumCoverage * this.windowSeconds || squares === 0) return Number.NaN;
    return Math.log(Math.sqrt(squares / count));
  }
}

/** Sliding ln RMSSD of a whole recording; see `SlidingRmssd`. */
export function slidingRmssd(
  intervals: InterbeatIntervals,
  options: { readonly windowSeconds?: number } = {},
): SlidingRmssdValues {
  return new SlidingRmssd(options).push(intervals);
}
