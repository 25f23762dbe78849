import { OptionError } from "../../errors.ts";
import { mean, median } from "../../statistics/index.ts";
import type { RsaBand } from "../rsa/bands.ts";
import type { Breath } from "./breath-finder.ts";

export interface RespirationEpoch {
  /** s. */
  readonly startTime: number;
  /** Breaths whose onset lies in the epoch. */
  readonly nBreaths: number;
  /** Hz: 1 / median time from onset to onset; NaN for fewer than three breaths. */
  readonly rate: number;
  /** Mean depth, in the unit of the belt; NaN for no breath. */
  readonly depth: number;
  /**
   * The breathing rate lies outside the band, so RSA of this epoch does not measure what its name says: widen the
   * band or leave the epoch out. False when the rate is not known.
   */
  readonly outsideBand: boolean;
}

/**
 * Breathing rate and depth per epoch, to be reported and covaried beside RSA, with the flag for a breathing rate
 * that leaves the RSA band (preterm infants breathe at 1 Hz and faster).
 *
 * @param options `band` as from `rsaBand`
 * @throws OptionError when epochSeconds is not positive.
 */
export function respirationEpochs(
  breaths: readonly Breath[],
  options: {
    readonly epochSeconds: number;
    /** s, start of the first epoch. */
    readonly startTime: number;
    readonly nEpochs: number;
    readonly band: RsaBand;
  },
): RespirationEpoch[] {
  const { epochSeconds, startTime, nEpochs, band } = options;
  if (!(epochSeconds > 0))
    throw new OptionError(`respirationEpochs epochSeconds must be positive, got ${epochSeconds}`);
  return Array.from({ length: nEpochs }, (_, epoch) => {
    const from = startTime + epoch * epochSeconds;
    const to = startTime + (epoch + 1) * epochSeconds;
    const inside = breaths.filter(({ onset }) => onset >= from && onset < to);
    const periods = inside.slice(1).map(({ onset }, k) => onset - inside[k].onset);
    const rate = periods.length < 2 ? Number.NaN : 1 / median(periods);
    return {
      startTime: from,
      nBreaths: inside.length,
      rate,
      depth: mean(inside.map(({ depth }) => depth)),
      outsideBand: rate < band.low || rate > band.high,
    };
  });
}
