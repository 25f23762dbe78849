import { OptionError } from "../../errors.ts";
import { mean, standardDeviation } from "../../statistics/index.ts";
import { epochIntervals } from "../interbeat/epoch-intervals.ts";
import type { InterbeatIntervals } from "../interbeat/interbeat-intervals.ts";
import { minimumCoverage, type Population } from "../interbeat/population.ts";

/** Time-domain measures; NaN where too few intervals are left. None of them is an index of sympathetic activity. */
export interface HeartRateVariability {
  /** ms. */
  readonly meanInterbeatInterval: number;
  /** Beats per minute, 60000 / mean interval. */
  readonly heartRate: number;
  /** Standard deviation (n - 1) of the intervals, ms. */
  readonly sdnn: number;
  /** Root mean square of successive differences, ms; both intervals of a difference must be there. */
  readonly rmssd: number;
  /** ln(rmssd / ms). */
  readonly lnRmssd: number;
  /** Intervals with a value. */
  readonly nIntervals: number;
}

/**
 * Time-domain heart rate variability of consecutive intervals.
 *
 * @param intervals `[n]`, ms, in order; NaN is missing and breaks the chain of differences
 * @see Task Force of ESC and NASPE, "Heart rate variability", Circulation 93, 1996.
 */
export function heartRateVariability(intervals: ArrayLike<number>): HeartRateVariability {
  const valid = Float64Array.from(intervals).filter((value) => !Number.isNaN(value));
  let squares = 0;
  let nDifferences = 0;
  for (let k = 1; k < intervals.length; k++) {
    const difference = intervals[k] - intervals[k - 1];
    if (Number.isNaN(difference)) continue;
    squares += difference * difference;
    nDifferences++;
  }
  const meanInterbeatInterval = mean(valid);
  const rmssd = Math.sqrt(squares / nDifferences);
  return {
    meanInterbeatInterval,
    heartRate: 60_000 / meanInterbeatInterval,
    sdnn: standardDeviation(valid),
    rmssd,
    lnRmssd: rmssd > 0 ? Math.log(rmssd) : Number.NaN,
    nIntervals: valid.length,
  };
}

export interface VariabilityEpoch extends HeartRateVariability {
  /** s. */
  readonly startTime: number;
  /** Share of the epoch that intervals with a value cover. */
  readonly coverage: number;
}

const shortestEpochSeconds: Record<Population, number> = { adult: 30, infant: 10, child: 30 };

/**
 * Time-domain measures per epoch, of the intervals that close in it (start <= time < end). An epoch that is covered
 * to less than 80 % has NaN for every measure.
 *
 * @throws OptionError when epochs are shorter than the population allows: adult and child 30 s, infant 10 s.
 */
export function heartRateVariabilityEpochs(
  interbeat: InterbeatIntervals,
  options: {
    readonly population: Population;
    readonly epochSeconds: number;
    /** s, start of the first epoch. */
    readonly startTime: number;
    readonly nEpochs: number;
  },
): VariabilityEpoch[] {
  const { population, epochSeconds, startTime, nEpochs } = options;
  if (!(epochSeconds >= shortestEpochSeconds[population]))
    throw new OptionError(
      `heartRateVariabilityEpochs needs epochs of ${shortestEpochSeconds[population]} s or more for ${population}s, got ${epochSeconds} s.`,
    );
  return Array.from({ length: nEpochs }, (_, epoch) => {
    const from = startTime + epoch * epochSeconds;
    const to = startTime + (epoch + 1) * epochSeconds;
    const { first, last, coverage } = epochIntervals(interbeat, from, to);
    const inside = interbeat.intervals.subarray(first, last);
    const measures = heartRateVariability(coverage >= minimumCoverage ? inside : []);
    return { ...measures, startTime: from, coverage };
  });
}
