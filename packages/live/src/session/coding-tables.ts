import type { CodingRow } from "@attune/device-coder";
import type { Seconds, StateInterval } from "@attune/signal";
import { type CorrectedInterval, correctedIntervals } from "./corrections.ts";

const ORDER = { STOP: 0, START: 1 } as const;

/**
 * The log of all coders as event-logging programs read it: a row for the start and one for the stop of every state, tab-separated,
 * seconds to the millisecond. `time` is on the session clock, like all times in the recording, `recording_time` counts from Begin, as
 * the page does. `comment` says `corrected` where somebody changed afterwards what was coded.
 */
export function behaviourTable(rows: readonly CodingRow[], beganAt: Seconds): string {
  const coders = [...new Set(rows.map(({ coder }) => coder))];
  const lines = coders
    .flatMap((coder) =>
      correctedIntervals(rows, { coder }).flatMap(
        ({ person, layer, state, onset, duration, isCorrected }) => {
          const rest = { person, behaviour: `${layer}: ${state}`, coder, comment: wordOf(isCorrected) };
          return [
            { ...rest, time: onset, status: "START" as const },
            { ...rest, time: onset + duration, status: "STOP" as const },
          ];
        },
      ),
    )
    .sort((a, b) => a.time - b.time || ORDER[a.status] - ORDER[b.status]);
  return table(
    ["time", "subject", "behaviour", "status", "coder", "comment", "recording_time"],
    lines.map(({ time, person, behaviour, status, coder, comment }) => [
      time.toFixed(3),
      person,
      behaviour,
      status,
      coder,
      comment,
      fromBegin(time, beganAt),
    ]),
  );
}

/** One coder's states, as `attune analyze --states` takes them; times in full, since intervals must not overlap by rounding. */
export function statesTable(rows: readonly CodingRow[], coder: string, beganAt: Seconds): string {
  return table(
    ["onset", "duration", "person", "layer", "state", "comment", "recording_time"],
    correctedIntervals(rows, { coder }).map((interval) => [
      ...cellsOf(interval),
      fromBegin(interval.onset, beganAt),
    ]),
  );
}

const cellsOf = ({
  onset,
  duration,
  person,
  layer,
  state,
  isCorrected,
}: StateInterval & Pick<CorrectedInterval, "isCorrected">): string[] => [
  `${onset}`,
  `${duration}`,
  person,
  layer,
  state,
  wordOf(isCorrected),
];

const fromBegin = (at: Seconds, beganAt: Seconds): string =>
  Number.isNaN(beganAt) ? "n/a" : (at - beganAt).toFixed(3);

const wordOf = (isCorrected: boolean): string => (isCorrected ? "corrected" : "n/a");

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[header, ...rows].map((cells) => cells.map(cell).join("\t")).join("\n")}\n`;

/** A tab or a line end would break the table. */
const cell = (text: string): string => text.replace(/[\t\r\n]+/g, " ");
