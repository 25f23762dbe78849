import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { StudyError } from "../../errors.ts";

/** What enters a pooled model, one row an epoch of a dyad, both members side by side. */
export interface PooledEpochs {
  readonly dyad: string[];
  readonly epoch: number[];
  readonly condition: string[];
  readonly lnRsa: { readonly adult: number[]; readonly infant: number[] };
  readonly ibi: { readonly adult: number[]; readonly infant: number[] };
}

const NEEDED = ["dyad", "role", "epoch", "condition", "lnRSA", "IBI"] as const;

/**
 * Reads `epochs.csv` of many dyads, as `attune dyad` writes them. A dyad is known by the name of its recording; where two files
 * have the same, by its folder as well.
 *
 * @throws StudyError naming the file that cannot be read, lacks a column, has not one adult and one younger person, or was given
 *   twice
 */
export async function readPooledEpochs(paths: readonly string[]): Promise<PooledEpochs> {
  const unique = new Set(paths.map((path) => resolve(path)));
  if (unique.size < paths.length)
    throw new StudyError("A table of epochs was given twice: every dyad counts once.");
  const out: PooledEpochs = {
    dyad: [],
    epoch: [],
    condition: [],
    lnRsa: { adult: [], infant: [] },
    ibi: { adult: [], infant: [] },
  };
  const contents = new Map<string, string>();
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      throw new StudyError(
        `Cannot open ${path}: ${cause.code === "ENOENT" ? "there is no such file" : cause.message}.`,
      );
    });
    const same = contents.get(text);
    if (same !== undefined)
      throw new StudyError(`${path} holds the same epochs as ${same}: every dyad counts once.`);
    contents.set(text, path);
    addFile(out, path, text);
  }
  return out;
}

function addFile(out: PooledEpochs, path: string, text: string): void {
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map(csvCells);
  const missing = NEEDED.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new StudyError(`${path} lacks the columns ${missing.join(", ")}: give epochs.csv of attune dyad.`);
  const cell = (row: readonly string[], name: (typeof NEEDED)[number]): string =>
    row[header.indexOf(name)] ?? "";
  const byDyad = new Map<string, string[][]>();
  for (const row of rows) byDyad.set(cell(row, "dyad"), [...(byDyad.get(cell(row, "dyad")) ?? []), row]);
  for (const [name, own] of byDyad) {
    const dyad = out.dyad.includes(name) ? `${basename(dirname(resolve(path)))}/${name}` : name;
    if (out.dyad.includes(dyad))
      throw new StudyError(`${path}: the dyad ${name} is in another table already: every dyad counts once.`);
    const adults = own.filter((row) => cell(row, "role") === "adult");
    const others = new Map(
      own.filter((row) => cell(row, "role") !== "adult").map((row) => [cell(row, "epoch"), row]),
    );
    if (adults.length === 0 || others.size === 0)
      throw new StudyError(`${path}: the dyad ${name} needs rows of an adult and of an infant or child.`);
    const known = new Set(adults.map((row) => cell(row, "epoch")));
    if (known.size < adults.length)
      throw new StudyError(`${path}: the dyad ${name} has an epoch of the adult twice.`);
    for (const row of adults) {
      const other = others.get(cell(row, "epoch"));
      if (other === undefined) continue;
      out.dyad.push(dyad);
      out.epoch.push(Number(cell(row, "epoch")));
      out.condition.push(cell(row, "condition"));
      for (const [column, values] of [
        ["lnRSA", out.lnRsa],
        ["IBI", out.ibi],
      ] as const) {
        values.adult.push(numberOf(cell(row, column)));
        values.infant.push(numberOf(cell(other, column)));
      }
    }
  }
}

const numberOf = (cell: string): number => (cell === "" || cell === "NA" ? Number.NaN : Number(cell));

/** Cells of a line, quoted ones with commas and doubled quotes in them. */
function csvCells(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
  return cells;
}
