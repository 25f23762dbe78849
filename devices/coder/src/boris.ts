import type { PointEvent, Seconds } from "@attune/signal";
import { codedIntervals } from "./coded-intervals.ts";
import type { CodingRow } from "./coding-log.ts";

/** A row as event-logging programs exchange them: state events have a start and a stop, point events only a time. */
export interface BorisRow {
  readonly time: Seconds;
  readonly subject: string;
  /** `gaze: direct` */
  readonly behaviour: string;
  readonly status: "START" | "STOP" | "POINT";
  readonly coder: string;
}

export interface BorisOptions {
  /** Session time that becomes 0 in the table, default 0. */
  readonly zeroAt?: Seconds;
  /** Where the last states stop; absent: at each coder's last row. */
  readonly until?: Seconds;
  /** See `codedIntervals`; default `applied`. */
  readonly corrections?: "applied" | "as-coded";
}

const ORDER = { STOP: 0, POINT: 1, START: 2 } as const;

/**
 * The log of all coders, and point events, as rows in order of time. Where one state follows another the old one stops
 * before the new one starts. Point events stand under the subject `session`, with their source as coder.
 */
export function borisRows(
  rows: readonly CodingRow[],
  events: readonly PointEvent[] = [],
  { zeroAt = 0, until, corrections = "applied" }: BorisOptions = {},
): BorisRow[] {
  const coders = [...new Set(rows.map(({ coder }) => coder))];
  const table: BorisRow[] = coders.flatMap((coder) =>
    codedIntervals(rows, { coder, corrections, ...(until === undefined ? {} : { until }) }).flatMap(
      ({ person, layer, state, onset, duration }): BorisRow[] => {
        const row = { subject: person, behaviour: `${layer}: ${state}`, coder };
        return [
          { ...row, time: onset - zeroAt, status: "START" },
          { ...row, time: onset + duration - zeroAt, status: "STOP" },
        ];
      },
    ),
  );
  for (const { label, at, source } of events)
    table.push({ time: at - zeroAt, subject: "session", behaviour: label, status: "POINT", coder: source });
  return table.sort((a, b) => a.time - b.time || ORDER[a.status] - ORDER[b.status]);
}

/** The rows as tab-separated text with a header, times in seconds to the millisecond. */
export function borisTable(rows: readonly BorisRow[]): string {
  const lines = rows.map(({ time, subject, behaviour, status, coder }) =>
    [time.toFixed(3), ...[subject, behaviour, status, coder].map(cell)].join("\t"),
  );
  return `${["time\tsubject\tbehaviour\tstatus\tcoder", ...lines].join("\n")}\n`;
}

/** A tab or a line end inside a note would break the table. */
const cell = (text: string): string => text.replace(/[\t\r\n]+/g, " ");
