import { arousalPeaks, benjaminiHochberg, eventLockedPartner } from "@attune/core";
import type { DyadSettings } from "../request.ts";
import type { ArousalPeakResult } from "../result.ts";
import type { PairOfSeries } from "./series.ts";

const RATE = 1;
/** Before and after a peak, and between peaks, seconds. */
const BEFORE_SECONDS = 60;
const AFTER_SECONDS = 120;
const SEPARATION_SECONDS = 60;
/** Fewer peaks give no mean worth a p. */
const FEWEST_PEAKS = 3;

/**
 * What each person's arousal does around the peaks of the other's (the top 5 %, 60 s apart), against as many random moments.
 * Both directions are given and corrected together.
 *
 * @see eventLockedPartner
 */
export function partnersAtPeaks(
  { first, second }: PairOfSeries,
  { seed, nSurrogates }: DyadSettings,
): ArousalPeakResult[] {
  const rows = (
    [
      ["first", first, second],
      ["second", second, first],
    ] as const
  ).map(([peaksOf, own, partner]) => {
    const peaks = arousalPeaks(own, { samplingRate: RATE, minimumSeparationSeconds: SEPARATION_SECONDS });
    const found = eventLockedPartner(partner, peaks, {
      samplingRate: RATE,
      beforeSeconds: BEFORE_SECONDS,
      afterSeconds: AFTER_SECONDS,
      minimumSeparationSeconds: SEPARATION_SECONDS,
      nSurrogates,
      seed,
    });
    const isEnough = found.nEvents >= FEWEST_PEAKS;
    return {
      peaksOf,
      nPeaks: peaks.length,
      nUsed: found.nEvents,
      response: found.response,
      p: isEnough ? found.p : Number.NaN,
      nSurrogates: found.nSurrogates,
      why: isEnough
        ? Number.isNaN(found.p)
          ? "as many random moments do not fit the recording"
          : ""
        : `${found.nEvents} peaks have ${BEFORE_SECONDS} s before and ${AFTER_SECONDS} s after them, and ${FEWEST_PEAKS} are needed`,
    };
  });
  const q = benjaminiHochberg(rows.map(({ p }) => p));
  return rows.map((row, k) => ({ ...row, q: q[k]! }));
}
