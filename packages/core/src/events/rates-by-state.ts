import { intersectIntervals } from "./interval-algebra.ts";
import {
  type Intervals,
  isWithin,
  requireIntervals,
  requireObserved,
  seenTimes,
  totalSeconds,
} from "./intervals.ts";

/** What happened while a state held, beside how long it held. */
export interface RateInState {
  /** Exposure: observed seconds in the state. */
  readonly seconds: number;
  /** Events that began in the state. */
  readonly count: number;
  /** Per minute of exposure; NaN without exposure. */
  readonly perMinute: number;
  /** Seconds of the state during which the event was going on, whenever it began. */
  readonly activeSeconds: number;
  readonly activeShare: number;
}

/**
 * Rate of events in each state of another stream, such as vocalisations per minute of direct and of averted gaze. Every rate is
 * over the exposure to its own state: a count alone says how long the state was. Compare two states with `rateRatio`.
 *
 * An event belongs to the state in which it begins; its seconds are divided among the states in which it lasts. Time that was
 * not observed is no exposure, and what was going on when the view opened has no onset.
 *
 * @param states one stream per state; they may overlap and need not cover everything
 * @throws OptionError for intervals out of order or no observed time
 * @see Leong et al., PNAS 114:13290 (2017): infants' vocalisations per gaze condition
 */
export function ratesByState(
  events: Intervals,
  states: readonly Intervals[],
  observed: Intervals,
): RateInState[] {
  requireIntervals("ratesByState", events);
  requireObserved("ratesByState", observed);
  const onsets = seenTimes(events.onsets, observed);
  return states.map((state) => {
    const exposure = intersectIntervals(state, observed);
    const seconds = totalSeconds(exposure);
    let count = 0;
    for (const onset of onsets) if (isWithin(onset, exposure)) count++;
    const activeSeconds = totalSeconds(intersectIntervals(events, exposure));
    return {
      seconds,
      count,
      perMinute: seconds > 0 ? (60 * count) / seconds : Number.NaN,
      activeSeconds,
      activeShare: activeSeconds / seconds,
    };
  });
}
