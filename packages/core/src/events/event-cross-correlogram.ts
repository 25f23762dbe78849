import { OptionError } from "../errors.ts";
import { counterRandom } from "../random/index.ts";
import { rotateEvents } from "./event-surrogates.ts";
import { type Intervals, requireIntervals, SAME_TIME_SECONDS, seenTimes, totalSeconds } from "./intervals.ts";
import { ObservedClock } from "./observed-clock.ts";
import { type SimultaneousBand, simultaneousBand } from "./simultaneous-band.ts";

export interface CorrelogramOptions {
  /** Width of a bin, seconds. The middle one is centred on 0. */
  readonly binSeconds: number;
  /** Centres reach from minus this to this. */
  readonly maximumLagSeconds: number;
  readonly observed: Intervals;
  /** Default 999; 0 for no null. */
  readonly nSurrogates?: number;
  /** Default 20. */
  readonly minimumShiftSeconds?: number;
  readonly seed: number | string;
  readonly key?: string;
  readonly alpha?: number;
}

export interface EventCrossCorrelogram {
  /** `[nBins]`, centres, seconds. */
  readonly lags: Float64Array;
  /** `[nBins]`, pairs of onsets at that distance. */
  readonly counts: Float64Array;
  /** `[nBins]`, onsets of `second` per minute at that distance from an onset of `first`. */
  readonly perMinute: Float64Array;
  readonly nFirst: number;
  readonly nSecond: number;
  /** Around the counts; undefined without a null. */
  readonly band: SimultaneousBand | undefined;
  /** Lag that lies farthest from the null; NaN without one. */
  readonly peakLag: number;
  readonly peakP: number;
  readonly seed: number | string;
  readonly status: "ok" | "no-null" | "too-short" | "no-events";
}

/**
 * Counts onsets of the second stream around onsets of the first: lag = onset of `second` - onset of `first`, so a peak at positive
 * lags says that the second follows. Exchanging the streams mirrors it. The null turns the second stream on observed time, which
 * keeps its rhythm and also carries the loss of pairs at the session's ends.
 *
 * @throws OptionError for bins or counts out of range, intervals out of order or no observed time
 * @see Perkel, Gerstein & Moore, Biophysical Journal 7:419 (1967); `simultaneousBand`
 */
export function eventCrossCorrelogram(
  first: Intervals,
  second: Intervals,
  options: CorrelogramOptions,
): EventCrossCorrelogram {
  const { binSeconds, maximumLagSeconds, observed, seed, key = "" } = options;
  const { nSurrogates = 999, minimumShiftSeconds = 20, alpha = 0.05 } = options;
  if (!(binSeconds > 0 && maximumLagSeconds >= 0) || !Number.isInteger(nSurrogates) || nSurrogates < 0)
    throw new OptionError(
      `eventCrossCorrelogram needs binSeconds > 0, maximumLagSeconds >= 0 and an integer nSurrogates >= 0, got ${binSeconds}, ${maximumLagSeconds} and ${nSurrogates}.`,
    );
  requireIntervals("eventCrossCorrelogram", first);
  requireIntervals("eventCrossCorrelogram", second);
  const clock = new ObservedClock(observed);
  const half = Math.floor(maximumLagSeconds / binSeconds + SAME_TIME_SECONDS);
  const nBins = 2 * half + 1;
  const ofFirst = seenTimes(first.onsets, observed);
  const ofSecond = seenTimes(second.onsets, observed);
  const counts = new Float64Array(nBins);
  countPairs(counts, ofFirst, ofSecond, binSeconds);
  const room = totalSeconds(observed) - 2 * minimumShiftSeconds;
  const hasEvents = ofFirst.length > 0 && ofSecond.length > 0;
  const status = !hasEvents ? "no-events" : nSurrogates === 0 ? "no-null" : room > 0 ? "ok" : "too-short";
  let band: SimultaneousBand | undefined;
  if (status === "ok") {
    const points = { onsets: ofSecond, offsets: ofSecond };
    const surrogates = new Float64Array(nSurrogates * nBins);
    for (let s = 0; s < nSurrogates; s++) {
      const uniform = counterRandom(seed, "cross-correlogram", key, s);
      const turned = rotateEvents(points, minimumShiftSeconds + uniform() * room, clock);
      countPairs(surrogates.subarray(s * nBins, (s + 1) * nBins), ofFirst, turned.onsets, binSeconds);
    }
    band = simultaneousBand(counts, surrogates, alpha);
  }
  const peak = band?.peak ?? -1;
  return {
    lags: Float64Array.from({ length: nBins }, (_, k) => (k - half) * binSeconds),
    counts,
    perMinute: counts.map((count) => (60 * count) / (ofFirst.length * binSeconds)),
    nFirst: ofFirst.length,
    nSecond: ofSecond.length,
    band,
    peakLag: peak < 0 ? Number.NaN : (peak - half) * binSeconds,
    peakP: band === undefined || peak < 0 ? Number.NaN : band.p[peak],
    seed,
    status,
  };
}

/** Adds pairs to bins; O(n + m + pairs). The edge between two bins belongs to the one nearer to 0. */
function countPairs(counts: Float64Array, first: Float64Array, second: Float64Array, width: number): void {
  const half = (counts.length - 1) / 2;
  const reach = (half + 0.5) * width;
  let from = 0;
  for (let i = 0; i < first.length; i++) {
    while (from < second.length && second[from] < first[i] - reach - SAME_TIME_SECONDS) from++;
    for (let j = from; j < second.length && second[j] <= first[i] + reach + SAME_TIME_SECONDS; j++) {
      const lag = second[j] - first[i];
      const bin = Math.ceil((Math.abs(lag) - SAME_TIME_SECONDS) / width - 0.5);
      const signed = lag < 0 ? -bin : bin;
      if (bin <= half) counts[half + signed] += 1;
    }
  }
}
