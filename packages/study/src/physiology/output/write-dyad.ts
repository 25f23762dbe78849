import { type JsonObject, toJson, writeJson } from "../../output/json-document.ts";
import { columnDictionary, tsvLines } from "../../output/table.ts";
import { requireFreeFolder, type WriteOptions, writeFolder } from "../../output/write-folder.ts";
import type { DyadResult } from "../result.ts";
import { epochsCsv, epochsDictionary } from "./epochs-csv.ts";
import { dyadMethods } from "./methods.ts";
import { dyadTables } from "./tables.ts";

/** The whole result but its series as one JSON document; a number that does not exist is `null`, never zero. */
export function dyadDocument({ data: _, ...result }: DyadResult): JsonObject {
  return toJson(result) as JsonObject;
}

/**
 * Writes a dyad into a folder: `result.json`, `epochs.csv` (long format for lme4, nlme, DSEM), `beats.tsv`, `intervals.tsv`,
 * `series.tsv`, `covariation.tsv`, `splits.tsv`, `reactivity.tsv`, `behaviour.tsv`, `lag-sequential.tsv`,
 * `events-locked.tsv`, `together.tsv`, `columns.json`, `METHODS.md` and `report.html`. Nothing that is half written looks like a result, see `writeFolder`. The same result gives
 * the same bytes.
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
  const dictionary = { "epochs.csv": epochsDictionary(result.epochs), ...columnDictionary(tables) };
  return writeFolder(
    folder,
    [
      { name: "result.json", text: () => `${writeJson(dyadDocument(result))}\n` },
      { name: "epochs.csv", text: () => epochsCsv(result.epochs) },
      ...tables.map((table) => ({ name: `${table.name}.tsv`, text: () => tsvLines(table) })),
      { name: "columns.json", text: () => `${writeJson(dictionary)}\n` },
      { name: "METHODS.md", text: () => dyadMethods(result) },
      { name: "report.html", text: () => renderDyadReport(result) },
    ],
    options,
  );
}
