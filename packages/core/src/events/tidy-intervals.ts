import { OptionError, ShapeError } from "../errors.ts";
import type { Intervals } from "./intervals.ts";

export interface TidyOptions {
  /** Session, seconds. What lies outside is cut off. */
  readonly start: number;
  readonly end: number;
  /** Pauses up to this long between intervals of one actor are none, seconds. Default 0: only touching ones are joined. */
  readonly joinSeconds?: number;
  /** What to do with intervals of no length. `keep` (default): they are events without duration. */
  readonly zeroLength?: "keep" | "drop";
}

/** Intervals in order, and everything that had to be done to them. */
export interface TidyIntervals {
  readonly intervals: Intervals;
  /** The last one had no offset: it was still going on and is closed at the session's end. Its offset is no offset. */
  readonly openAtEnd: boolean;
  /** The first one began before the session. Its onset is no onset. */
  readonly openAtStart: boolean;
  /** Intervals that were joined to the one before, because they overlap or touch it. */
  readonly nJoined: number;
  /** Intervals of no length that were found. */
  readonly nZeroLength: number;
  /** Intervals that lie outside the session altogether. */
  readonly nOutside: number;
  /** Intervals that cannot be: no onset, or an offset before the onset. They are left out. */
  readonly nInvalid: number;
  /**
   * Missing offsets before the last event. Each was closed at the next onset of the same actor, because nothing else is
   * known; a coding file with many of them has lost its stops.
   */
  readonly nUnclosed: number;
}

/**
 * Puts the coded intervals of one actor and one kind in order: sorts, joins what overlaps or touches, cuts at the session's
 * ends, closes what was left open. NaN as offset means "still going on".
 *
 * Point events that lie in or at an interval, its ends included, belong to it and are joined.
 *
 * @param onsets  `[n]`, seconds, any order
 * @param offsets `[n]`, seconds; NaN where the end was not coded
 * @throws ShapeError when the lengths differ; OptionError unless start < end and joinSeconds >= 0
 */
export function tidyIntervals(
  onsets: ArrayLike<number>,
  offsets: ArrayLike<number>,
  { start, end, joinSeconds = 0, zeroLength = "keep" }: TidyOptions,
): TidyIntervals {
  if (onsets.length !== offsets.length)
    throw new ShapeError("tidyIntervals", `${onsets.length} offsets like onsets`, `${offsets.length}`);
  if (!(Number.isFinite(start) && Number.isFinite(end) && start < end && joinSeconds >= 0))
    throw new OptionError(
      `tidyIntervals needs finite start < end and joinSeconds >= 0, got ${start}, ${end} and ${joinSeconds}.`,
    );
  const order = Array.from({ length: onsets.length }, (_, i) => i)
    .filter((i) => Number.isFinite(onsets[i]) && !(offsets[i] < onsets[i]))
    .sort((a, b) => onsets[a] - onsets[b] || offsets[a] - offsets[b] || a - b);
  let nUnclosed = 0;
  let nOutside = 0;
  let nZeroLength = 0;
  let nJoined = 0;
  let openAtStart = false;
  let openAtEnd = false;
  const from: number[] = [];
  const to: number[] = [];
  order.forEach((i, place) => {
    const isOpen = Number.isNaN(offsets[i]);
    const next = order[place + 1];
    if (isOpen && next !== undefined) nUnclosed++;
    const offset = !isOpen ? offsets[i] : next === undefined ? Math.max(end, onsets[i]) : onsets[next];
    if (onsets[i] >= end || offset < start || (offset === start && onsets[i] < start)) {
      nOutside++;
      return;
    }
    if (offset === onsets[i]) {
      nZeroLength++;
      if (zeroLength === "drop") return;
    }
    if (onsets[i] < start) openAtStart = true;
    if (offset > end || (isOpen && next === undefined)) openAtEnd = true;
    const onset = Math.max(start, onsets[i]);
    const until = Math.min(end, offset);
    const last = to.length - 1;
    if (last >= 0 && onset <= to[last] + joinSeconds) {
      nJoined++;
      to[last] = Math.max(to[last], until);
    } else {
      from.push(onset);
      to.push(until);
    }
  });
  return {
    intervals: { onsets: Float64Array.from(from), offsets: Float64Array.from(to) },
    openAtEnd,
    openAtStart,
    nJoined,
    nZeroLength,
    nOutside,
    nInvalid: onsets.length - order.length,
    nUnclosed,
  };
}
