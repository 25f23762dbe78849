import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { median } from "@attune/core";
import { StudyError } from "../../errors.ts";
import type { FoundBeats } from "./heart-reader.ts";

/** A median interval below this can only be seconds, above that only milliseconds: no heart beats once in ten seconds. */
const MOST_SECONDS = 10;
const FEWEST_MILLISECONDS = 100;

/** Beats that another program found. */
export interface ImportedBeats {
  readonly name: string;
  readonly beats: FoundBeats;
  /** Whether the table held intervals rather than beats: beats are then their running sum. */
  readonly fromIntervals: boolean;
}

/** The columns of a table, tab- or comma-separated, read when asked for; `n/a` and empty cells are NaN. */
async function readColumns(
  path: string,
  person?: string,
): Promise<(name: string) => Float64Array | undefined> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such file" : cause.message;
    throw new StudyError(`Cannot open ${path}: ${reason}.`);
  });
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const separator = (lines[0] ?? "").includes("\t") ? "\t" : ",";
  const [header = [], ...rows] = lines.map((line) => line.split(separator).map((cell) => cell.trim()));
  const who = header.findIndex((name) => name.toLowerCase() === "person");
  const own = who < 0 || person === undefined ? rows : rows.filter((cells) => cells[who] === person);
  if (own.length === 0)
    throw new StudyError(
      rows.length === 0
        ? `${path} has no rows.`
        : `${path} has no row of ${person}: its people are ${[...new Set(rows.map((cells) => cells[who]))].join(", ")}.`,
    );
  return (name) => {
    const at = header.findIndex((each) => each.toLowerCase() === name);
    if (at < 0) return undefined;
    return Float64Array.from(own, (cells) => {
      const cell = cells[at] ?? "";
      if (/^(|n\/a|na|nan|null)$/i.test(cell)) return Number.NaN;
      if (!Number.isFinite(Number(cell)))
        throw new StudyError(
          `${path}, row ${rows.indexOf(cells) + 2}, column "${name}": "${cell.slice(0, 40)}" is not a number.`,
        );
      return Number(cell);
    });
  };
}

/**
 * Reads a table with a column `onset` (beats, session seconds) or `ibi` (intervals in ms, the first of
 * them from session time 0 on). An interval that is missing leaves a gap of unknown length and is refused.
 * Where there is a column `person`, the rows of that person count.
 *
 * @throws StudyError for another unit; naming the row for times that do not rise and for intervals that are not positive
 */
export async function readBeatTable(path: string, person: string): Promise<ImportedBeats> {
  const column = await readColumns(path, person);
  const onsets = column("onset");
  const intervals = column("ibi");
  if (onsets === undefined && intervals !== undefined) {
    const usual = median(intervals);
    if (usual < MOST_SECONDS)
      throw new StudyError(
        `${path}: the median of the column "ibi" is ${usual}, which is an interval in seconds: multiply by 1000, intervals are ms.`,
      );
    const times = [0];
    intervals.forEach((interval, row) => {
      if (!(interval > 0))
        throw new StudyError(
          `${path}, row ${row + 2}: an interval must be a number of ms above 0; give a column onset where some are missing.`,
        );
      times.push(times.at(-1)! + interval / 1000);
    });
    return { name: basename(path), beats: found(Float64Array.from(times)), fromIntervals: true };
  }
  if (onsets === undefined)
    throw new StudyError(
      `${path} has neither a column "onset" (beats, seconds) nor "ibi" (intervals, ms): name its column so.`,
    );
  for (let k = 0; k < onsets.length; k++)
    if (!(onsets[k]! > (onsets[k - 1] ?? Number.NEGATIVE_INFINITY)))
      throw new StudyError(`${path}, row ${k + 2}: beats must be seconds that rise, got ${onsets[k]}.`);
  const usual = median(Array.from(onsets.subarray(1), (onset, k) => onset - onsets[k]!));
  if (usual > FEWEST_MILLISECONDS)
    throw new StudyError(
      `${path}: beats in the column "onset" are ${usual} apart (median), which is an interval in ms: divide by 1000, onsets are seconds.`,
    );
  return { name: basename(path), beats: found(onsets), fromIntervals: false };
}

function found(times: Float64Array): FoundBeats {
  return {
    times,
    quality: new Float64Array(times.length).fill(Number.NaN),
    late: new Uint8Array(times.length),
    firstTime: times[0] ?? Number.NaN,
    lastTime: times.at(-1) ?? Number.NaN,
    present: new Float32Array(0),
    nGaps: 0,
  };
}

/** Pre-ejection periods: columns `onset` (session seconds) and `pep` (ms). */
export async function readPreEjection(
  path: string,
  person: string,
): Promise<{ readonly startTime: number; readonly preEjectionPeriod: number }[]> {
  const column = await readColumns(path, person);
  const onset = column("onset");
  const pep = column("pep");
  if (onset === undefined || pep === undefined)
    throw new StudyError(`${path} needs the columns "onset" (seconds) and "pep" (ms).`);
  return Array.from(onset, (startTime, k) => ({ startTime, preEjectionPeriod: pep[k]! }));
}
