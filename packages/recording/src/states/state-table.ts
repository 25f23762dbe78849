import { readFile } from "node:fs/promises";
import type { StateChange, StateInterval } from "@attune/signal";
import { parse } from "csv-parse/sync";
import { RecordingError } from "../errors.ts";

const COLUMNS = ["onset", "duration", "person", "layer", "state"] as const;
/** Coders round to milliseconds: neighbours that touch after rounding do not overlap. */
const OVERLAP_TOLERANCE = 1e-6;

interface Row {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/**
 * Read a states table: tab-separated with a header row, columns `onset` (s) `duration` (s) `person` `layer`
 * `state` in any order, others ignored. Ordered by onset. States of one layer of one person exclude each
 * other.
 *
 * @throws RecordingError naming the line for a missing column or value, a number that is none, a negative duration,
 *   and both lines for overlapping intervals
 */
export async function readStates(path: string): Promise<StateInterval[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
    throw new RecordingError(`Cannot open ${path}: ${reason}.`, { cause });
  });
  return parseStates(text, path);
}

/** `readStates` for text that is already at hand; `path` is for messages. */
export function parseStates(text: string, path: string): StateInterval[] {
  const rows = parseRows(text, path);
  const placed = rows.map(({ record, info }) => ({
    interval: toInterval(record, info.lines, path),
    line: info.lines,
  }));
  placed.sort((a, b) => a.interval.onset - b.interval.onset || a.line - b.line);
  const latest = new Map<string, (typeof placed)[number]>();
  for (const current of placed) {
    const { person, layer, onset } = current.interval;
    const key = JSON.stringify([person, layer]);
    const before = latest.get(key);
    if (before && before.interval.onset + before.interval.duration > onset + OVERLAP_TOLERANCE)
      throw new RecordingError(
        `${path}, lines ${before.line} and ${current.line}: "${before.interval.state}" and "${current.interval.state}" overlap in layer "${layer}" of "${person}"; states of one layer exclude each other.`,
      );
    latest.set(key, current);
  }
  return placed.map(({ interval }) => interval);
}

function parseRows(text: string, path: string): Row[] {
  const header = text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "";
  const names = header.split("\t").map((name) => name.trim());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw new RecordingError(
      `${path}, line 1: the column ${missing.map((m) => `"${m}"`).join(", ")} is missing; a states table has ${COLUMNS.join(", ")}, separated by tabs.`,
    );
  try {
    const options = {
      bom: true,
      columns: true,
      delimiter: "\t",
      info: true,
      trim: true,
      skip_empty_lines: true,
    };
    return parse(text, { ...options, quote: null }) as unknown as Row[];
  } catch (cause) {
    throw new RecordingError(`${path} cannot be read as a states table: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function toInterval(record: Record<string, string>, line: number, path: string): StateInterval {
  const number = (column: "onset" | "duration"): number => {
    const cell = record[column] ?? "";
    const value = cell === "" ? Number.NaN : Number(cell);
    if (!Number.isFinite(value))
      throw new RecordingError(`${path}, line ${line}: ${column} "${cell}" is not a number of seconds.`);
    return value;
  };
  const word = (column: "person" | "layer" | "state"): string => {
    const cell = record[column] ?? "";
    if (cell === "" || cell === "n/a")
      throw new RecordingError(`${path}, line ${line}: ${column} is missing.`);
    return cell;
  };
  const interval = {
    person: word("person"),
    layer: word("layer"),
    state: word("state"),
    onset: number("onset"),
    duration: number("duration"),
  };
  if (interval.duration < 0)
    throw new RecordingError(`${path}, line ${line}: the duration ${interval.duration} s is negative.`);
  return interval;
}

/**
 * Intervals as the changes that a session is made of. Where an interval ends and no other of its layer begins, the
 * layer changes to `between` (`unknown` by default: not coded is not away). Ordered by time; intervals of duration 0
 * give nothing.
 */
export function stateIntervalsToChanges(
  intervals: readonly StateInterval[],
  between = "unknown",
): StateChange[] {
  const changes: StateChange[] = [];
  const layers = new Map<string, StateInterval[]>();
  for (const interval of intervals) {
    if (!(interval.duration > 0)) continue;
    const key = JSON.stringify([interval.person, interval.layer]);
    layers.set(key, [...(layers.get(key) ?? []), interval]);
  }
  for (const layer of layers.values()) {
    layer.sort((a, b) => a.onset - b.onset);
    layer.forEach(({ person, layer: name, state, onset, duration }, i) => {
      changes.push({ kind: "state", person, layer: name, state, at: onset });
      const end = onset + duration;
      const next = layer[i + 1]?.onset ?? Number.POSITIVE_INFINITY;
      if (next > end + OVERLAP_TOLERANCE)
        changes.push({ kind: "state", person, layer: name, state: between, at: end });
    });
  }
  return changes.sort((a, b) => a.at - b.at);
}
