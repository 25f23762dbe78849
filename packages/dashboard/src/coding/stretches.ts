import type { Coding } from "@attune/wire/page";

type Row = Coding["rows"][number];

/** Somebody's state of one layer from one time to another, as one coder says it. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly state: string;
  readonly isCorrected: boolean;
}

export interface OfLayer {
  readonly person: string;
  readonly layer: string;
}

/**
 * What a coder's rows say of a layer by now, oldest first: changes that were taken back never happened, and a correction of a stretch
 * lies over what was there.
 *
 * @param until end of what still holds
 */
export function stretchesOf(
  rows: readonly Row[],
  coder: string,
  { person, layer }: OfLayer,
  until: number,
): Stretch[] {
  const own = rows.filter((row) => row.coder === coder && row.person === person && row.layer === layer);
  const takenBack = new Set(
    own.flatMap(({ corrects, span }) => (corrects === null || span !== undefined ? [] : [corrects])),
  );
  let stretches: Stretch[] = [];
  let open: Row | undefined;
  const close = (at: number): void => {
    if (open !== undefined && at > open.at)
      stretches.push({ from: open.at, until: at, state: open.state, isCorrected: false });
  };
  for (const row of own) {
    if (row.kind === "correction" || takenBack.has(row.index)) continue;
    if (open?.state === row.state && row.kind !== "start") continue;
    close(row.at);
    open = row;
  }
  close(until);
  for (const { index, state, span } of own)
    if (span !== undefined && !takenBack.has(index))
      stretches = [
        ...stretches.flatMap((each) => without(each, span)),
        { ...span, state, isCorrected: true },
      ];
  return stretches.sort((a, b) => a.from - b.from);
}

function without(stretch: Stretch, { from, until }: NonNullable<Row["span"]>): Stretch[] {
  return [
    { ...stretch, until: Math.min(stretch.until, from) },
    { ...stretch, from: Math.max(stretch.from, until) },
  ].filter((each) => each.until > each.from);
}

/** Coders of the rows, in the order in which they came. */
export const codersOf = (rows: readonly Row[]): string[] => [...new Set(rows.map(({ coder }) => coder))];
