import { type CodingRow, cohensKappa, durationAgreement } from "@attune/device-coder";
import {
  type CorrectedInterval,
  correctedIntervals,
  isCorrection,
  type LiveSession,
  without,
} from "@attune/live";
import type { Seconds, StateInterval } from "@attune/signal";
import type { Coding } from "@attune/wire/page";
import { known } from "./known.ts";

const MOST_ROWS = 400;

/** The newest rows, as pages know them. */
export const shownRows = (rows: readonly CodingRow[]): Coding["rows"] => rows.slice(-MOST_ROWS).map(shownRow);

function shownRow(row: CodingRow): Coding["rows"][number] {
  const { index, coder, kind, person, layer, state, previous, at, corrects } = row;
  const shown = { index, coder, kind, person, layer, state, previous, at };
  return isCorrection(row)
    ? { ...shown, corrects: row.correctedRows[0] ?? null, span: { from: row.from, until: row.until } }
    : { ...shown, corrects: corrects ?? null };
}

/** Coded behaviour as it stands, and how far the newest second coder agrees with the first. */
export function codingOf({ coder }: LiveSession, now: Seconds): Coding {
  return {
    kind: "coding",
    rows: shownRows(coder.rows),
    agreement: agreementOf(coder, now),
  };
}

function agreementOf({ rows, coders }: LiveSession["coder"], now: Seconds): Coding["agreement"] {
  const [primary, ...others] = coders;
  const second = others.at(-1);
  const hasCoded = (coder: string | undefined): boolean =>
    rows.some((row) => row.coder === coder && row.kind === "state");
  if (primary === undefined || second === undefined || !hasCoded(primary) || !hasCoded(second)) return [];
  const from = Math.max(
    ...[primary, second].map((coder) => rows.find((row) => row.coder === coder)?.at ?? now),
  );
  if (!(now > from)) return [];
  const [a, b] = [
    codedByAct(rows, primary, correctedIntervals(rows, { coder: primary, until: now })),
    codedByAct(rows, second, correctedIntervals(rows, { coder: second, until: now })),
  ];
  return durationAgreement(a, b)
    .filter(({ bothSeconds }) => bothSeconds > 0)
    .map(({ person, layer, bothSeconds }) => {
      const { kappa, observed } = cohensKappa(a, b, { person, layer, from, until: now });
      return { person, layer, kappa: known(kappa), observed: known(observed), seconds: bothSeconds };
    });
}

/**
 * What a coder said: a layer counts from the coder's own first act in it, and corrected stretches wherever they are. What holds before the
 * first act is the layer's initial state, which nobody chose; `unknown` is no category.
 */
export function codedByAct(
  rows: readonly CodingRow[],
  coder: string,
  intervals: readonly CorrectedInterval[],
): StateInterval[] {
  const firstAct = ({ person, layer }: StateInterval): Seconds =>
    rows.find(
      (row) => row.coder === coder && row.kind === "state" && row.person === person && row.layer === layer,
    )?.at ?? Number.POSITIVE_INFINITY;
  return withoutUnknown(intervals).flatMap((each) =>
    each.isCorrected ? [each] : without(each, Number.NEGATIVE_INFINITY, firstAct(each)),
  );
}

export const withoutUnknown = <Interval extends StateInterval>(intervals: readonly Interval[]): Interval[] =>
  intervals.filter(({ state }) => state !== "unknown");
