import { type CodedLayer, type CodingRow, codedIntervals } from "@attune/device-coder";
import type { Seconds, StateInterval } from "@attune/signal";

/** A stretch of time of one layer, and what held there. */
export interface CorrectionWish {
  readonly person: string;
  readonly layer: string;
  readonly from: Seconds;
  readonly until: Seconds;
  readonly state: string;
}

/**
 * A row that says what held over a stretch of the past. The rows that it corrects stay as they are; `at` is when the correction
 * became known, `previous` what counted at `from` until then. Taken back by a later row whose `corrects` is its index.
 */
export interface Correction extends CodingRow {
  readonly kind: "correction";
  readonly from: Seconds;
  readonly until: Seconds;
  /** Rows of the log that counted somewhere in the stretch. */
  readonly correctedRows: readonly number[];
}

/** An interval, and whether somebody corrected it after it was coded. */
export interface CorrectedInterval extends StateInterval {
  readonly isCorrected: boolean;
}

export function isCorrection(row: CodingRow): row is Correction {
  const { from, until } = row as Partial<Correction>;
  return row.kind === "correction" && typeof from === "number" && typeof until === "number" && until > from;
}

/**
 * Whether something can be corrected in this way.
 *
 * @param known from when to when something was coded
 * @returns why not, in a sentence
 */
export function whyNotCorrect(
  { person, layer, from, until, state }: CorrectionWish,
  layers: readonly CodedLayer[],
  known: { readonly from: Seconds; readonly to: Seconds },
): string | undefined {
  const coded = layers.find((each) => each.person === person && each.layer === layer);
  if (coded === undefined) return `${person} ${layer} is not coded here`;
  if (coded.defaultState !== state && !coded.states.some((each) => each.state === state))
    return `${person} ${layer} has no state ${state}`;
  if (!(until > from)) return "a correction needs an end that is later than its beginning";
  if (from < known.from || from >= known.to)
    return `only what lies between ${known.from.toFixed(1)} and ${known.to.toFixed(1)} s can be corrected`;
  return undefined;
}

/**
 * The row of a correction: what it says, and the rows and the state that counted there before.
 *
 * @param intervals what counted until now
 */
export function correctionOf(
  { person, layer, from, until, state }: CorrectionWish,
  rows: readonly CodingRow[],
  row: { readonly index: number; readonly coder: string; readonly at: Seconds; readonly latency: Seconds },
  intervals: readonly StateInterval[] = correctedIntervals(rows, {
    coder: row.coder,
    until: Math.max(row.at, until),
  }),
): Correction {
  const { index, coder, at, latency } = row;
  const own = withoutTakenBack(rows).filter(
    (each) => each.coder === coder && each.person === person && each.layer === layer,
  );
  const before = own.findLast((each) => each.at <= from && !isCorrection(each));
  const held = intervals.find(
    (each) =>
      each.person === person &&
      each.layer === layer &&
      each.onset <= from &&
      from < each.onset + each.duration,
  );
  return {
    index,
    kind: "correction",
    coder,
    person,
    layer,
    state,
    previous: held?.state ?? before?.state ?? "unknown",
    at,
    humanLatencySeconds: latency,
    from,
    until,
    correctedRows: own
      .filter((each) =>
        isCorrection(each)
          ? each.from < until && each.until > from
          : each === before || (each.at > from && each.at < until),
      )
      .map((each) => each.index),
  };
}

/** Rows as they are for whoever knows no corrections of stretches. */
export function withoutCorrections<Row extends CodingRow>(rows: readonly Row[]): Row[] {
  const indices = new Set(rows.filter(isCorrection).map(({ index }) => index));
  return rows.filter(
    (row) => !isCorrection(row) && (row.corrects === undefined || !indices.has(row.corrects)),
  );
}

/** Rows that count: neither those that were taken back nor those that did it. */
function withoutTakenBack(rows: readonly CodingRow[]): CodingRow[] {
  const takenBack = new Set(rows.flatMap(({ corrects }) => (corrects === undefined ? [] : [corrects])));
  return rows.filter(({ index, corrects }) => corrects === undefined && !takenBack.has(index));
}

/** One coder's log as intervals, ordered by onset, with everything that was taken back or corrected later. */
export function correctedIntervals(
  rows: readonly CodingRow[],
  { coder, until }: { readonly coder: string; readonly until?: Seconds },
): CorrectedInterval[] {
  const own = rows.filter((row) => row.coder === coder);
  const end = until ?? own.at(-1)?.at ?? 0;
  return applyCorrections(codedIntervals(withoutCorrections(own), { coder, until: end }), own);
}

/** Puts the corrections among the rows over intervals, in the order in which they became known. */
export function applyCorrections(
  intervals: readonly StateInterval[],
  rows: readonly CodingRow[],
): CorrectedInterval[] {
  const takenBack = new Set(rows.flatMap(({ corrects }) => (corrects === undefined ? [] : [corrects])));
  let corrected: CorrectedInterval[] = intervals.map((each) => ({ isCorrected: false, ...each }));
  for (const row of rows) {
    if (!isCorrection(row) || takenBack.has(row.index)) continue;
    const { person, layer, state, from, until } = row;
    corrected = corrected.flatMap((each) =>
      each.person === person && each.layer === layer ? without(each, from, until) : [each],
    );
    corrected.push({ person, layer, state, onset: from, duration: until - from, isCorrected: true });
  }
  return corrected.sort((a, b) => a.onset - b.onset);
}

/** What of an interval lies outside of a stretch. */
export function without<Interval extends StateInterval>(
  interval: Interval,
  from: Seconds,
  to: Seconds,
): Interval[] {
  const end = interval.onset + interval.duration;
  if (end <= from || interval.onset >= to) return [interval];
  return [
    { ...interval, duration: from - interval.onset },
    { ...interval, onset: to, duration: end - to },
  ].filter(({ duration }) => duration > 0);
}
