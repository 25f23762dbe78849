import { type CodingRow, cohensKappa, durationAgreement } from "@attune/device-coder";
import { correctedIntervals, isCorrection, type LiveSession } from "@attune/live";
import type { Seconds } from "@attune/signal";
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
    correctedIntervals(rows, { coder: primary, until: now }),
    correctedIntervals(rows, { coder: second, until: now }),
  ];
  return durationAgreement(a, b).map(({ person, layer, bothSeconds }) => {
    const { kappa, observed } = cohensKappa(a, b, { person, layer, from, until: now });
    return { person, layer, kappa: known(kappa), observed: known(observed), seconds: bothSeconds };
  });
}
