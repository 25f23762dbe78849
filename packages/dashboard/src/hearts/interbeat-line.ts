import type { HeartOfPerson } from "@attune/wire/page";

type Interval = HeartOfPerson["intervals"][number];

/** How a beat is marked that is not good as it came. */
export type BeatMark = "ectopic" | "missed" | "merged" | "unused";
export interface MarkedBeat {
  readonly at: number;
  readonly value: number;
  readonly mark: BeatMark;
}

/** Interbeat intervals as they are drawn. */
export interface InterbeatLine {
  readonly times: number[];
  /** Milliseconds; null is a gap. */
  readonly values: (number | null)[];
  readonly marks: MarkedBeat[];
}

/** Between two intervals that follow one another, seconds; beats that were moved make some. */
const LARGEST_SLIT = 0.5;
const JUST_AFTER = 1e-3;

/**
 * What is drawn of a heart from a time on: the interval that is used at the beat that closes it, a gap wherever nothing is
 * known, and a mark on every beat that was corrected. A beat with nothing to put in its place is marked at its height and left out of
 * the line. Nothing is drawn across time of which no interval tells.
 */
export function interbeatLine(intervals: readonly Interval[], from: number): InterbeatLine {
  const line: InterbeatLine = { times: [], values: [], marks: [] };
  const gapAt = (at: number): void => {
    if (line.values.length === 0 || line.values.at(-1) === null) return;
    line.times.push(Math.max(at, line.times.at(-1)! + JUST_AFTER));
    line.values.push(null);
  };
  for (const { at, interval, verdict, corrected } of intervals) {
    if (at < from) continue;
    const mark = markOf(verdict);
    // The first part of an interval that a false beat cut in two: the whole of it follows.
    if (verdict === "extra" && corrected === null) continue;
    if (corrected === null) {
      if (mark === "unused" && interval !== null) line.marks.push({ at, value: interval, mark });
      gapAt(at);
      continue;
    }
    const begin = at - (interval ?? corrected) / 1000;
    const last = line.times.at(-1);
    if (last !== undefined && begin - last > LARGEST_SLIT) gapAt(last + JUST_AFTER);
    line.times.push(Math.max(at, (line.times.at(-1) ?? at - 1) + JUST_AFTER / 2));
    line.values.push(corrected);
    if (mark !== undefined) line.marks.push({ at, value: corrected, mark });
  }
  return line;
}

function markOf(verdict: string): BeatMark | undefined {
  switch (verdict) {
    case "ok":
    case "missing":
      return undefined;
    case "ectopic":
    case "missed":
      return verdict;
    case "extra":
    case "merged":
      return "merged";
    default:
      return "unused";
  }
}

/**
 * One axis of time for several lines: undefined where a line has nothing at a time and goes on, null from its last value before
 * a break to its next one: a chart takes a break to reach no further than to the neighbours on the axis, whosever they are.
 */
export function columnsOf(
  lines: readonly { readonly times: readonly number[]; readonly values: readonly (number | null)[] }[],
): { readonly times: number[]; readonly columns: (number | null | undefined)[][] } {
  const times = [...new Set(lines.flatMap((line) => line.times))].sort((a, b) => a - b);
  const place = new Map(times.map((at, n) => [at, n]));
  const columns = lines.map((line) => {
    const column = new Array<number | null | undefined>(times.length).fill(undefined);
    for (const [k, at] of line.times.entries()) column[place.get(at)!] = line.values[k];
    for (const [n, value] of column.entries()) {
      if (value !== null) continue;
      for (let k = n - 1; k >= 0 && column[k] === undefined; k--) column[k] = null;
      for (let k = n + 1; k < column.length && column[k] === undefined; k++) column[k] = null;
    }
    return column;
  });
  return { times, columns };
}

/** Bounds of an axis that move in whole steps, so that it does not creep; a step wide at least. */
export function steadyRange(values: readonly number[], step: number): [low: number, high: number] {
  if (values.length === 0) return [0, step];
  const low = Math.floor(Math.min(...values) / step) * step;
  const high = Math.ceil(Math.max(...values) / step) * step;
  return [low, high > low ? high : low + step];
}
