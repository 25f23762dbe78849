import { OptionError } from "../errors.ts";
import { median } from "../statistics/index.ts";
import { windowStarts } from "./interval-algebra.ts";
import {
  type Intervals,
  isWithin,
  lastAtOrBefore,
  requireIntervals,
  requireObserved,
  SAME_TIME_SECONDS,
  spanIsWithin,
} from "./intervals.ts";

export interface ResponseLatencyOptions {
  /** A response counts when it begins at most so long after the signal. */
  readonly withinSeconds: number;
  /** Where the clock starts. Default `onset`: how long until the crying infant is touched. */
  readonly from?: "onset" | "offset";
  readonly observed: Intervals;
}

export interface ResponseLatencies {
  /** Signals whose whole window was observed, those during a response left out. */
  readonly nSignals: number;
  /** Signals that came while the response was going on already: no latency can be had. */
  readonly nAlready: number;
  /** Signals at or too near the edge of observed time. */
  readonly nCensored: number;
  /** `[answered]`, seconds. */
  readonly latencies: Float64Array;
  readonly answeredShare: number;
  /** Of the answered signals only. */
  readonly medianSeconds: number;
}

/**
 * How long after a signal (cry, vocalisation) a response (touch, word) begins.
 *
 * @throws OptionError unless withinSeconds > 0; for intervals out of order or no observed time
 */
export function responseLatencies(
  signals: Intervals,
  responses: Intervals,
  { withinSeconds, from = "onset", observed }: ResponseLatencyOptions,
): ResponseLatencies {
  if (!(withinSeconds > 0))
    throw new OptionError(`responseLatencies needs withinSeconds > 0, got ${withinSeconds}.`);
  requireIntervals("responseLatencies", signals);
  requireIntervals("responseLatencies", responses);
  requireObserved("responseLatencies", observed);
  const starts = windowStarts(observed, withinSeconds);
  const times = from === "onset" ? signals.onsets : signals.offsets;
  const latencies: number[] = [];
  let [nSignals, nAlready, nCensored] = [0, 0, 0];
  for (const time of times) {
    const span = lastAtOrBefore(starts.onsets, time - SAME_TIME_SECONDS);
    if (span < 0 || !spanIsWithin(time, time, starts)) nCensored++;
    else if (isWithin(time, responses)) nAlready++;
    else {
      nSignals++;
      const latency = responses.onsets[lastAtOrBefore(responses.onsets, time) + 1] - time;
      if (latency <= withinSeconds + SAME_TIME_SECONDS) latencies.push(latency);
    }
  }
  return {
    nSignals,
    nAlready,
    nCensored,
    latencies: Float64Array.from(latencies),
    answeredShare: latencies.length / nSignals,
    medianSeconds: median(latencies),
  };
}
