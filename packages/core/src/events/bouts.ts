import { mean, median } from "../statistics/index.ts";
import { intersectIntervals } from "./interval-algebra.ts";
import {
  type Intervals,
  isStrictlyWithin,
  requireObserved,
  seenTimes,
  spanIsWithin,
  totalSeconds,
} from "./intervals.ts";

/** How much, how often and how long somebody did one thing. */
export interface BoutStatistics {
  readonly observedSeconds: number;
  readonly seconds: number;
  /** Share of observed time. */
  readonly share: number;
  /** Onsets that were seen, point events included. */
  readonly nOnsets: number;
  readonly onsetsPerMinute: number;
  /** `[bouts]`, lengths of the bouts of which beginning and end were seen, seconds. */
  readonly boutSeconds: Float64Array;
  readonly meanBoutSeconds: number;
  readonly medianBoutSeconds: number;
  /** Bouts cut by the edge of observed time: they count in `seconds` and not in the lengths, which are thus short-biased. */
  readonly nCensored: number;
  /** From the beginning of observed time to the first onset; 0 when it was already so, NaN when it never was. */
  readonly firstLatencySeconds: number;
}

/**
 * Share of time, rate and lengths of bouts: for touch of one kind or of all (`uniteIntervals`), gaze, or voice.
 *
 * @throws OptionError for intervals out of order or no observed time
 */
export function boutStatistics(stream: Intervals, observed: Intervals): BoutStatistics {
  requireObserved("boutStatistics", observed);
  const pieces = intersectIntervals(stream, observed);
  const observedSeconds = totalSeconds(observed);
  const seconds = totalSeconds(pieces);
  const nOnsets = seenTimes(stream.onsets, observed).length;
  const lengths: number[] = [];
  for (let i = 0; i < pieces.onsets.length; i++)
    if (isStrictlyWithin(pieces.onsets[i], observed) && isStrictlyWithin(pieces.offsets[i], observed))
      lengths.push(pieces.offsets[i] - pieces.onsets[i]);
  return {
    observedSeconds,
    seconds,
    share: seconds / observedSeconds,
    nOnsets,
    onsetsPerMinute: (60 * nOnsets) / observedSeconds,
    boutSeconds: Float64Array.from(lengths),
    meanBoutSeconds: mean(lengths),
    medianBoutSeconds: median(lengths),
    nCensored: pieces.onsets.length - lengths.length,
    firstLatencySeconds: firstLatency(stream, observed),
  };
}

/** From the beginning of observed time to the first time that it holds. NaN for never. */
function firstLatency({ onsets, offsets }: Intervals, observed: Intervals): number {
  const start = observed.onsets[0];
  for (let i = 0; i < onsets.length; i++) {
    if (offsets[i] <= start && onsets[i] < start) continue;
    const onset = Math.max(onsets[i], start);
    if (spanIsWithin(onset, onset, observed)) return onset - start;
  }
  return Number.NaN;
}
