import { OptionError } from "../errors.ts";
import { intersectIntervals, subtractIntervals, windowStarts, windowsAround } from "./interval-algebra.ts";
import {
  type Intervals,
  lastAtOrBefore,
  requireIntervals,
  requireObserved,
  SAME_TIME_SECONDS,
  totalSeconds,
} from "./intervals.ts";

/** Windows for answers that the literature uses, seconds: 2 is the usual one, 1 and 5 say how much hangs on it. */
export const RESPONSE_WINDOWS_SECONDS: readonly number[] = [1, 2, 5];

/** Below this share of "not A" the operant difference rests on next to nothing. */
const LEAST_SHARE_WITHOUT = 0.1;

export interface ContingencyOptions {
  /** An answer begins in `(t, t + windowSeconds]`. */
  readonly windowSeconds: number;
  /** Where t lies. `offset` (default) asks who answers when the other has finished. */
  readonly from?: "offset" | "onset";
  /** When both streams could be seen; see `observedTime`. */
  readonly observed: Intervals;
}

/** How much oftener answers come after an act than at any time. NaN where there is nothing to divide by. */
export interface Contingency {
  readonly windowSeconds: number;
  readonly from: "offset" | "onset";
  /** Acts A whose whole window was observed. */
  readonly nActs: number;
  /** Acts whose window reaches into time that was not observed: left out. */
  readonly nCensored: number;
  readonly nAnswered: number;
  /** P(R|A) = nAnswered / nActs. */
  readonly pResponse: number;
  /** Probability that a window of this length, begun anywhere, contains an onset of R. */
  readonly baseRate: number;
  /** P(R|A) - base rate, in [-1, 1]. */
  readonly deltaP: number;
  /** Share of observed time in which a window could begin that follows no act within `windowSeconds`. */
  readonly withoutShare: number;
  /** P(R|not A): the same probability over such windows. */
  readonly pWithout: number;
  /** P(R|A) - P(R|not A); NaN when `withoutShare` is below 0.1: then it would say next to nothing. */
  readonly operantDeltaP: number;
}

/**
 * Does an act of one person raise the probability that the other begins to do something?
 *
 *     P(R|A)   = share of acts with an onset of R in (t, t + w]
 *     base     = |{s : R begins in (s, s + w]}| / |{s}|          exact: lengths of unions of [r - w, r), no sampling
 *     Delta P  = P(R|A) - base,     operant Delta P = P(R|A) - P(R|not A)
 *
 * over starts s whose window lies in observed time; "not A" are the starts outside every [t, t + w]. An answer at the very
 * moment t is none. Each act is asked by itself, so that one answer may serve two acts. Positive: answers are contingent on the
 * act. A difference alone is no test: see `testEvents`.
 *
 * @throws OptionError for a window that is not positive, intervals out of order or no observed time
 * @see Watson, The Behavior Analyst 20:129, conditional probabilities as indices of contingency
 */
export function contingency(
  acts: Intervals,
  responses: Intervals,
  { windowSeconds, from = "offset", observed }: ContingencyOptions,
): Contingency {
  if (!(windowSeconds > 0 && Number.isFinite(windowSeconds)))
    throw new OptionError(`contingency needs windowSeconds > 0, got ${windowSeconds}.`);
  requireIntervals("contingency", acts);
  requireIntervals("contingency", responses);
  requireObserved("contingency", observed);
  const times = from === "offset" ? acts.offsets : acts.onsets;
  const starts = windowStarts(observed, windowSeconds);
  let nActs = 0;
  let nAnswered = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    const span = lastAtOrBefore(starts.onsets, time - SAME_TIME_SECONDS);
    if (span < 0 || time > starts.offsets[span] + SAME_TIME_SECONDS) continue;
    nActs++;
    const next = responses.onsets[lastAtOrBefore(responses.onsets, time + SAME_TIME_SECONDS) + 1];
    if (next <= time + windowSeconds + SAME_TIME_SECONDS) nAnswered++;
  }
  const answered = intersectIntervals(windowsAround(responses.onsets, -windowSeconds, 0), starts);
  const without = subtractIntervals(starts, windowsAround(times, 0, windowSeconds));
  const pResponse = nAnswered / nActs;
  const baseRate = totalSeconds(answered) / totalSeconds(starts);
  const withoutShare = totalSeconds(without) / totalSeconds(observed);
  const pWithout = totalSeconds(intersectIntervals(answered, without)) / totalSeconds(without);
  return {
    windowSeconds,
    from,
    nActs,
    nCensored: times.length - nActs,
    nAnswered,
    pResponse,
    baseRate,
    deltaP: pResponse - baseRate,
    withoutShare,
    pWithout,
    operantDeltaP: withoutShare < LEAST_SHARE_WITHOUT ? Number.NaN : pResponse - pWithout,
  };
}
