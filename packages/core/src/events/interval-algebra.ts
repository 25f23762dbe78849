import { OptionError } from "../errors.ts";
import { type Intervals, requireIntervals, SAME_TIME_SECONDS } from "./intervals.ts";

/**
 * Time that lies in at least one of the streams; touching and overlapping pieces become one, points vanish. O(n log n).
 */
export function uniteIntervals(...streams: readonly Intervals[]): Intervals {
  const n = streams.reduce((sum, { onsets }) => sum + onsets.length, 0);
  const onsets = new Float64Array(n);
  const offsets = new Float64Array(n);
  let at = 0;
  for (const stream of streams) {
    requireIntervals("uniteIntervals", stream);
    onsets.set(stream.onsets, at);
    offsets.set(stream.offsets, at);
    at += stream.onsets.length;
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => onsets[a] - onsets[b]);
  return joined(
    Float64Array.from(order, (i) => onsets[i]),
    Float64Array.from(order, (i) => offsets[i]),
  );
}

/** Joins intervals with rising onsets that touch or overlap, and drops those of no length. */
function joined(onsets: Float64Array, offsets: Float64Array): Intervals {
  const from: number[] = [];
  const to: number[] = [];
  for (let i = 0; i < onsets.length; i++) {
    if (!(offsets[i] > onsets[i])) continue;
    const last = to.length - 1;
    if (last >= 0 && onsets[i] <= to[last]) to[last] = Math.max(to[last], offsets[i]);
    else {
      from.push(onsets[i]);
      to.push(offsets[i]);
    }
  }
  return { onsets: Float64Array.from(from), offsets: Float64Array.from(to) };
}

/** Time that lies in both; pieces of no length are left out. O(n + m). */
export function intersectIntervals(a: Intervals, b: Intervals): Intervals {
  requireIntervals("intersectIntervals", a);
  requireIntervals("intersectIntervals", b);
  const from: number[] = [];
  const to: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.onsets.length && j < b.onsets.length) {
    const onset = Math.max(a.onsets[i], b.onsets[j]);
    const offset = Math.min(a.offsets[i], b.offsets[j]);
    if (offset > onset) {
      from.push(onset);
      to.push(offset);
    }
    if (a.offsets[i] < b.offsets[j]) i++;
    else j++;
  }
  return { onsets: Float64Array.from(from), offsets: Float64Array.from(to) };
}

/** Time of `whole` that does not lie in `part`. O(n + m). */
export function subtractIntervals(whole: Intervals, part: Intervals): Intervals {
  requireIntervals("subtractIntervals", whole);
  requireIntervals("subtractIntervals", part);
  const from: number[] = [];
  const to: number[] = [];
  let j = 0;
  for (let i = 0; i < whole.onsets.length; i++) {
    let at = whole.onsets[i];
    const end = whole.offsets[i];
    while (j < part.onsets.length && part.offsets[j] <= at) j++;
    for (let k = j; k < part.onsets.length && part.onsets[k] < end; k++) {
      if (part.onsets[k] > at) {
        from.push(at);
        to.push(part.onsets[k]);
      }
      at = Math.max(at, part.offsets[k]);
    }
    if (end > at) {
      from.push(at);
      to.push(end);
    }
  }
  return { onsets: Float64Array.from(from), offsets: Float64Array.from(to) };
}

/**
 * The time in which something could have been seen: the session without the spans in which nobody could know. Unknown is not
 * away: such spans are neither exposure nor silence.
 *
 * @param unknown spans of either person or device (camera off, coder could not see), sorted or not among streams
 * @throws OptionError unless start < end, both finite
 */
export function observedTime(start: number, end: number, ...unknown: readonly Intervals[]): Intervals {
  if (!(Number.isFinite(start) && Number.isFinite(end) && start < end))
    throw new OptionError(`observedTime needs finite start < end, got ${start} and ${end}.`);
  const session = { onsets: Float64Array.of(start), offsets: Float64Array.of(end) };
  return unknown.length === 0 ? session : subtractIntervals(session, uniteIntervals(...unknown));
}

/** Closes pauses shorter than `seconds`: what was interrupted so briefly was not interrupted. */
export function bridgePauses(stream: Intervals, seconds: number): Intervals {
  requireSeconds("bridgePauses", seconds);
  requireIntervals("bridgePauses", stream);
  const from: number[] = [];
  const to: number[] = [];
  for (let i = 0; i < stream.onsets.length; i++) {
    const last = to.length - 1;
    if (last >= 0 && stream.onsets[i] - to[last] < seconds - SAME_TIME_SECONDS) to[last] = stream.offsets[i];
    else {
      from.push(stream.onsets[i]);
      to.push(stream.offsets[i]);
    }
  }
  return { onsets: Float64Array.from(from), offsets: Float64Array.from(to) };
}

/** Leaves out intervals shorter than `seconds`; one of exactly this length stays. */
export function dropShort(stream: Intervals, seconds: number): Intervals {
  requireSeconds("dropShort", seconds);
  requireIntervals("dropShort", stream);
  const stays = (_: number, i: number) => stream.offsets[i] - stream.onsets[i] >= seconds - SAME_TIME_SECONDS;
  return { onsets: stream.onsets.filter(stays), offsets: stream.offsets.filter(stays) };
}

/** Union of `[time + from, time + to)` around rising times. */
export function windowsAround(times: Float64Array, from: number, to: number): Intervals {
  return joined(
    times.map((time) => time + from),
    times.map((time) => time + to),
  );
}

/** Places from which a whole window fits into observed time: `[onset, offset - seconds]` of every span that is long enough. */
export function windowStarts(observed: Intervals, seconds: number): Intervals {
  const fits = (_: number, i: number) => observed.offsets[i] - seconds > observed.onsets[i];
  return {
    onsets: observed.onsets.filter(fits),
    offsets: observed.offsets.filter(fits).map((offset) => offset - seconds),
  };
}

function requireSeconds(name: string, seconds: number): void {
  if (!(seconds >= 0)) throw new OptionError(`${name} needs seconds >= 0, got ${seconds}.`);
}
