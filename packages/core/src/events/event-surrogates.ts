import type { Uniform } from "../random/index.ts";
import { shuffle } from "../random/index.ts";
import { type Intervals, isStrictlyWithin, requireIntervals } from "./intervals.ts";
import type { ObservedClock } from "./observed-clock.ts";

/**
 * Turns a stream on the circle of observed time: what leaves at the end comes in at the beginning.
 *
 * Keeps durations, gaps and their order, but for one seam; destroys the alignment with the other stream. An interval that
 * comes to lie across the end, or across a span that was not observed, becomes pieces with their edges there: as
 * everywhere, an onset at the edge of observed time is no onset.
 *
 * @param shiftSeconds any; positive is later
 */
export function rotateEvents(stream: Intervals, shiftSeconds: number, clock: ObservedClock): Intervals {
  const { onsets: from, offsets: to } = onClock(stream, clock);
  const length = clock.seconds;
  const shift = shiftSeconds - Math.floor(shiftSeconds / length) * length;
  const onsets: number[] = [];
  const offsets: number[] = [];
  // What passes the end comes first: rising times stay rising.
  for (let i = 0; i < from.length; i++)
    if (to[i] + shift > length || from[i] + shift >= length)
      clock.appendSpans(Math.max(0, from[i] + shift - length), to[i] + shift - length, onsets, offsets);
  for (let i = 0; i < from.length; i++)
    if (from[i] + shift < length)
      clock.appendSpans(from[i] + shift, Math.min(length, to[i] + shift), onsets, offsets);
  return { onsets: Float64Array.from(onsets), offsets: Float64Array.from(offsets) };
}

/**
 * Puts the gaps between events, the one before the first and the one after the last included, into random order. Durations keep
 * theirs. Destroys the alignment with the other stream and the clustering of events; keeps both distributions. Bursts are
 * broken up: where events come in bursts, `rotateEvents` is the fairer null.
 */
export function shuffleGaps(stream: Intervals, uniform: Uniform, clock: ObservedClock): Intervals {
  const { onsets: from, offsets: to } = onClock(stream, clock);
  const n = from.length;
  const gaps = Float64Array.from({ length: n + 1 }, (_, i) => {
    const before = i === 0 ? 0 : to[i - 1];
    return Math.max(0, (i === n ? clock.seconds : from[i]) - before);
  });
  shuffle(gaps, uniform);
  const onsets: number[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (let i = 0; i < n; i++) {
    const onset = Math.min(clock.seconds, at + gaps[i]);
    at = Math.min(clock.seconds, onset + (to[i] - from[i]));
    clock.appendSpans(onset, at, onsets, offsets);
  }
  return { onsets: Float64Array.from(onsets), offsets: Float64Array.from(offsets) };
}

/** Observed parts on the observed clock; what an unobserved span cuts in two is one again, points stay. */
function onClock(stream: Intervals, clock: ObservedClock): { onsets: number[]; offsets: number[] } {
  requireIntervals("event surrogates", stream);
  const onsets: number[] = [];
  const offsets: number[] = [];
  for (let i = 0; i < stream.onsets.length; i++) {
    const onset = clock.reading(stream.onsets[i]);
    const offset = clock.reading(stream.offsets[i]);
    const isPoint = stream.onsets[i] === stream.offsets[i];
    if (offset > onset || (isPoint && isStrictlyWithin(stream.onsets[i], clock.observed))) {
      onsets.push(onset);
      offsets.push(offset);
    }
  }
  return { onsets, offsets };
}
