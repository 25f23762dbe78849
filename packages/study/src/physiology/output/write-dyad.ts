import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type JsonObject, type JsonValue, writeJson } from "../../output/json-document.ts";
import { writeTsv } from "../../output/table.ts";
import { requireFreeFolder, type WriteOptions } from "../../output/write-results.ts";
import type { DyadResult } from "../result.ts";
import { epochsCsv } from "./epochs-csv.ts";
import { dyadMethods } from "./methods.ts";
import { dyadTables } from "./tables.ts";

/** The whole result but its series as one JSON document; a number that does not exist is `null`, never zero. */
export function dyadDocument({ data: _, ...result }: DyadResult): JsonObject {
  return toJson(result) as JsonObject;
}

function toJson(value: unknown): JsonValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as ArrayLike<unknown>, (each) => toJson(each));
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}

/**
 * Writes a dyad into a folder: `result.json`, `epochs.csv` (long format for lme4, nlme, DSEM), `beats.tsv`, `intervals.tsv`,
 * `series.tsv`, `covariation.tsv`, `splits.tsv`, `behaviour.tsv`, `events-locked.tsv`, `together.tsv`, `columns.json`,
 * `METHODS.md` and `report.html`. Files are written under another name first and then moved into place. The same result
 * gives the same bytes.
 *
 * @returns names of the files
 * @throws StudyError when the folder holds something and `overwrite` is not set, or cannot be written
 */
export async function writeDyad(
  result: DyadResult,
  folder: string,
  options: WriteOptions = {},
): Promise<string[]> {
  await requireFreeFolder(folder, options);
  const { renderDyadReport } = await import("../report/render-dyad.ts");
  const tables = dyadTables(result);
  const dictionary: JsonObject = Object.fromEntries(
    tables.map(({ name, description, dictionary: columns }) => [
      `${name}.tsv`,
      { Description: description, Columns: columns },
    ]),
  );
  const files = new Map<string, string>([
    ["result.json", `${writeJson(dyadDocument(result))}\n`],
    ["epochs.csv", epochsCsv(result.epochs)],
    ...tables.map((table): [string, string] => [`${table.name}.tsv`, writeTsv(table)]),
    ["columns.json", `${writeJson(dictionary)}\n`],
    ["METHODS.md", dyadMethods(result)],
    ["report.html", renderDyadReport(result)],
  ]);
  const target = resolve(folder);
  const exists = (await stat(target).catch(() => undefined)) !== undefined;
  const temporary = join(exists ? target : dirname(target), `.${basename(target)}-${process.pid}.partial`);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    for (const [name, text] of files) await writeFile(join(temporary, name), text);
    if (exists) for (const name of files.keys()) await rename(join(temporary, name), join(target, name));
    else await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return [...files.keys()];
}
