import { OptionError } from "../../errors.ts";
import type { CorrectedIntervals } from "./correct-intervals.ts";
import { epochIntervals } from "./epoch-intervals.ts";
import { minimumCoverage, populationLimits } from "./population.ts";

export interface EpochQualityOptions {
  /** s. */
  readonly epochSeconds: number;
  /** Start of the first epoch, s on the clock of the beats. */
  readonly startTime: number;
  readonly nEpochs: number;
}

export interface EpochQuality {
  /** s. */
  readonly startTime: number;
  /** Intervals with a value that close in the epoch. */
  readonly nIntervals: number;
  /** Corrected / nIntervals; NaN when there are none. */
  readonly correctedShare: number;
  /** Share of the epoch's time that intervals with a value cover, 0..1. */
  readonly coverage: number;
  /** Why the epoch is to be left out; undefined when it is good. */
  readonly excluded?: "coverage" | "corrected";
}

/**
 * How far each epoch can be trusted. Left out: less than 80 % of the time covered, or more than 10 % of the
 * intervals corrected (infant 20 %). Both numbers belong in the report.
 *
 * @throws OptionError when epochSeconds is not positive.
 */
export function epochQuality(corrected: CorrectedIntervals, options: EpochQualityOptions): EpochQuality[] {
  const { epochSeconds, startTime, nEpochs } = options;
  if (!(epochSeconds > 0))
    throw new OptionError(`epochQuality epochSeconds must be positive, got ${epochSeconds}`);
  const { intervals, marks, population } = corrected;
  const allowed = populationLimits(population).correctedShare;
  return Array.from({ length: nEpochs }, (_, epoch) => {
    const from = startTime + epoch * epochSeconds;
    const to = startTime + (epoch + 1) * epochSeconds;
    const { first, last, coverage } = epochIntervals(corrected, from, to);
    let nIntervals = 0;
    let nCorrected = 0;
    for (let k = first; k < last; k++) {
      if (Number.isNaN(intervals[k])) continue;
      nIntervals++;
      if (marks[k] !== "kept") nCorrected++;
    }
    const correctedShare = nCorrected / nIntervals;
    const quality = { startTime: from, nIntervals, correctedShare, coverage };
    if (!(coverage >= minimumCoverage)) return { ...quality, excluded: "coverage" as const };
    return correctedShare > allowed ? { ...quality, excluded: "corrected" as const } : quality;
  });
}
