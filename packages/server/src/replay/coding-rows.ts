import { type CodingRow, codedIntervals } from "@attune/device-coder";
import {
  applyCorrections,
  type CorrectedInterval,
  type Correction,
  isCorrection,
  without,
  withoutCorrections,
} from "@attune/live";
import type { Seconds, StateInterval } from "@attune/signal";

/**
 * A row that was coded while a recording was played. Times of one pass never go back; every jump in the recording, and every new
 * sitting, begins a new pass.
 */
export interface ReplayRow extends CodingRow {
  readonly pass: number;
}

/** A correction of a stretch, made in a pass or after it. */
export type ReplayCorrection = Correction & ReplayRow;

export const CODING_COLUMNS = [
  "index",
  "pass",
  "kind",
  "coder",
  "person",
  "layer",
  "state",
  "previous",
  "onset",
  "latency",
  "key",
  "corrects",
] as const;

export const cellsOf = (row: ReplayRow): (string | number)[] => [
  row.index,
  row.pass,
  row.kind,
  row.coder,
  row.person,
  row.layer,
  row.state,
  row.previous,
  row.at,
  row.humanLatencySeconds,
  row.key ?? "",
  isCorrection(row) ? `${row.from}/${row.until}` : (row.corrects ?? ""),
];

/** What a row corrects: another row by its number, or a stretch of time, `from/until`. */
function correctedBy(cell: string): object {
  if (cell === "") return {};
  const [from, until] = cell.split("/").map(Number) as [number, number | undefined];
  return until === undefined ? { corrects: from } : { from, until, correctedRows: [] };
}

const kinds: ReadonlySet<string> = new Set<CodingRow["kind"]>(["start", "state", "correction", "auto-close"]);

/** Rows of an earlier sitting. Lines that are none, such as one that a crash cut off, are left out. */
export function parseRows(text: string): ReplayRow[] {
  const [header = "", ...lines] = text.split(/\r?\n/);
  const names = header.split("\t");
  if (!CODING_COLUMNS.every((column) => names.includes(column))) return [];
  return lines.flatMap((line) => {
    const cells = line.split("\t");
    const of = (column: (typeof CODING_COLUMNS)[number]): string => cells[names.indexOf(column)] ?? "";
    const [index, pass, at, latency] = (["index", "pass", "onset", "latency"] as const).map((column) =>
      of(column) === "" ? Number.NaN : Number(of(column)),
    ) as [number, number, number, number];
    if (
      cells.length !== names.length ||
      !kinds.has(of("kind")) ||
      ![index, pass, at, latency].every(Number.isFinite)
    )
      return [];
    return [
      {
        index,
        pass,
        kind: of("kind") as CodingRow["kind"],
        coder: of("coder"),
        person: of("person"),
        layer: of("layer"),
        state: of("state"),
        previous: of("previous"),
        at,
        humanLatencySeconds: latency,
        ...(of("key") === "" ? {} : { key: of("key") }),
        ...correctedBy(of("corrects")),
      },
    ];
  });
}

/**
 * One coder's rows as intervals. In each pass a layer counts from its first key to the end of the pass; where passes meet, the later
 * one holds. Corrections of stretches lie over everything that was coded up to their pass.
 *
 * @param until where the pass ends that is still going on; earlier ones end at their last row
 */
export function intervalsOf(rows: readonly ReplayRow[], coder: string, until: Seconds): CorrectedInterval[] {
  const own = rows.filter((row) => row.coder === coder);
  const coded = withoutCorrections(own);
  const passes = [...new Set(own.map(({ pass }) => pass))];
  let intervals: readonly CorrectedInterval[] = [];
  for (const pass of passes) {
    const ofPass = coded.filter((row) => row.pass === pass);
    const last = ofPass.at(-1)?.at ?? 0;
    const end = pass === passes.at(-1) ? Math.max(until, last) : last;
    const inPass = codedIntervals(ofPass, { coder, until: end });
    for (const { person, layer, at } of firstKeys(ofPass)) {
      const fresh = inPass.filter(
        (each) => each.person === person && each.layer === layer && each.onset + each.duration > at,
      );
      const before = intervals.flatMap((each) =>
        each.person === person && each.layer === layer ? without(each, at, end) : [each],
      );
      const added = fresh.flatMap((each) => within(each, at, end));
      intervals = [...before, ...added.map((each) => ({ ...each, isCorrected: false }))];
    }
    intervals = applyCorrections(intervals, correctionsUpTo(own, pass));
  }
  return intervals.toSorted((a, b) => a.onset - b.onset);
}

/** The row with which each layer of a pass begins to be coded. */
function firstKeys(rows: readonly ReplayRow[]): ReplayRow[] {
  const first = new Map<string, ReplayRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.person, row.layer]);
    if (row.kind === "state" && !first.has(key)) first.set(key, row);
  }
  return [...first.values()];
}

/** Those of a pass; taking one back may have come later. */
const correctionsUpTo = (own: readonly ReplayRow[], pass: number): ReplayRow[] =>
  own.filter((row) => (isCorrection(row) ? row.pass === pass : row.corrects !== undefined));

function within(interval: StateInterval, from: Seconds, to: Seconds): StateInterval[] {
  const onset = Math.max(from, interval.onset);
  const duration = Math.min(to, interval.onset + interval.duration) - onset;
  return duration > 0 ? [{ ...interval, onset, duration }] : [];
}
