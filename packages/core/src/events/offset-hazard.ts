import { OptionError } from "../errors.ts";
import { intersectIntervals, subtractIntervals, windowsAround } from "./interval-algebra.ts";
import {
  type Intervals,
  isStrictlyWithin,
  requireIntervals,
  requireObserved,
  totalSeconds,
} from "./intervals.ts";
import { type RateRatio, rateRatio } from "./rate-ratio.ts";

export interface HazardPart {
  /** Times at which the state ended. */
  readonly nOffsets: number;
  /** Seconds spent in the state, at risk of ending it. */
  readonly seconds: number;
  readonly perMinute: number;
}

/** How fast a state ends after an event, and how fast it ends otherwise. */
export interface OffsetHazard {
  readonly after: HazardPart;
  readonly otherwise: HazardPart;
  /** `after` over `otherwise`: above 1, the state ends sooner after the event. */
  readonly ratio: RateRatio;
}

/**
 * Hazard of the end of a state (cry) within some seconds after an event (onset of touch): ends per minute of crying inside
 * `(event, event + within]`, beside those in all other crying. Occurrence over exposure, constant within each part.
 *
 * Adults choose when to touch. If they come when a cry has lasted long, or when it is about to fade, this differs from 1
 * without any soothing: compare with surrogates of the events.
 *
 * @throws OptionError unless withinSeconds > 0; for intervals out of order or no observed time
 * @see Rothman & Greenland, Modern Epidemiology: person-time rates
 */
export function offsetHazard(
  state: Intervals,
  eventOnsets: Float64Array,
  { withinSeconds = 15, observed }: { readonly withinSeconds?: number; readonly observed: Intervals },
): OffsetHazard {
  if (!(withinSeconds > 0))
    throw new OptionError(`offsetHazard needs withinSeconds > 0, got ${withinSeconds}.`);
  requireIntervals("offsetHazard", state);
  requireObserved("offsetHazard", observed);
  const windows = windowsAround(eventOnsets, 0, withinSeconds);
  const atRisk = intersectIntervals(state, observed);
  let nAfter = 0;
  let nOtherwise = 0;
  for (const offset of atRisk.offsets) {
    if (!isStrictlyWithin(offset, observed)) continue;
    if (endsWithin(offset, windows)) nAfter++;
    else nOtherwise++;
  }
  const secondsAfter = totalSeconds(intersectIntervals(atRisk, windows));
  const secondsOtherwise = totalSeconds(subtractIntervals(atRisk, windows));
  return {
    after: part(nAfter, secondsAfter),
    otherwise: part(nOtherwise, secondsOtherwise),
    ratio: rateRatio(nAfter, secondsAfter, nOtherwise, secondsOtherwise),
  };
}

/** Windows are open on the left here: what ends at the very moment of the event was not ended by it. */
function endsWithin(time: number, { onsets, offsets }: Intervals): boolean {
  for (let i = 0; i < onsets.length && onsets[i] < time; i++) if (time <= offsets[i]) return true;
  return false;
}

const part = (nOffsets: number, seconds: number): HazardPart => ({
  nOffsets,
  seconds,
  perMinute: seconds > 0 ? (60 * nOffsets) / seconds : Number.NaN,
});
