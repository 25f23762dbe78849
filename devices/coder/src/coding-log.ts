import type { Seconds } from "@attune/signal";

/**
 * One row of the log. Rows are only ever added: a mistake stays where it was made and a later `correction` points to it.
 *
 * `start`: the state that holds when coding begins. `state`: a key. `correction`: an undo. `auto-close`: the coder had not
 * ended the state when coding stopped; its end is the end of coding and nobody's judgement.
 */
export interface CodingRow {
  readonly index: number;
  readonly kind: "start" | "state" | "correction" | "auto-close";
  readonly coder: string;
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  /** What held before. */
  readonly previous: string;
  /** When the key arrived, session clock. The coder's reaction time is not taken off. */
  readonly at: Seconds;
  /** What was reported as time, where it lay before this coder's last row and was moved up to it. */
  readonly reportedAt?: Seconds;
  /** The coder's declared reaction time, for whoever wants to take it off. */
  readonly humanLatencySeconds: Seconds;
  readonly key?: string;
  /** `index` of the row that a correction takes back. */
  readonly corrects?: number;
}

/** A row as text for a recording. Nested, so that no reader of markers mistakes the second coder's rows for states. */
export const encodeRow = (row: CodingRow): string => JSON.stringify({ coding: row });

/** @returns undefined when the text is not a row */
export function decodeRow(text: string): CodingRow | undefined {
  try {
    const { coding } = JSON.parse(text) as { coding?: Partial<CodingRow> };
    const words = [coding?.coder, coding?.person, coding?.layer, coding?.state, coding?.kind];
    if (!words.every((word) => typeof word === "string") || typeof coding?.at !== "number") return undefined;
    return coding as CodingRow;
  } catch {
    return undefined;
  }
}
