import type { Seconds, StateInterval } from "@attune/signal";
import type { CodingRow } from "./coding-log.ts";

/**
 * One coder's log as intervals, ordered by onset; intervals of no duration are left out.
 *
 * @param corrections `applied`: a change that was taken back never happened (for analysis and agreement).
 *   `as-coded`: the mistake holds until it was corrected, which is what a live session knew.
 * @param until where the last state of each layer ends; absent: at the coder's last row
 */
export function codedIntervals(
  rows: readonly CodingRow[],
  {
    coder,
    corrections = "applied",
    until,
  }: { coder: string; corrections?: "applied" | "as-coded"; until?: Seconds },
): StateInterval[] {
  const own = rows.filter((row) => row.coder === coder);
  const takenBack = new Set(own.flatMap(({ corrects }) => (corrects === undefined ? [] : [corrects])));
  const kept =
    corrections === "as-coded"
      ? own
      : own.filter(({ kind, index }) => kind !== "correction" && !takenBack.has(index));
  const end = until ?? own.at(-1)?.at ?? 0;
  const intervals: StateInterval[] = [];
  const open = new Map<string, CodingRow>();
  const close = (row: CodingRow, at: Seconds): void => {
    const { person, layer, state } = row;
    const onset = row.at;
    if (at > onset) intervals.push({ person, layer, state, onset, duration: at - onset });
  };
  for (const row of kept) {
    const key = JSON.stringify([row.person, row.layer]);
    const before = open.get(key);
    if (before && before.state === row.state && row.kind !== "start") continue;
    if (before) close(before, row.at);
    open.set(key, row);
  }
  for (const row of open.values()) close(row, end);
  return intervals.sort((a, b) => a.onset - b.onset);
}
