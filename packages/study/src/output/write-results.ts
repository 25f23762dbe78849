import type { StudyResult } from "../result.ts";
import { toJsonDocument, writeJson } from "./json-document.ts";
import { methodsText } from "./methods.ts";
import { columnDictionary, tsvLines } from "./table.ts";
import { tablesOf } from "./tables.ts";
import { requireFreeFolder, type WriteOptions, writeFolder } from "./write-folder.ts";

/**
 * Writes everything that a result holds into a folder:
 *
 *     result.json      the whole document (`toJsonDocument`)
 *     directions.tsv   person to person      links.tsv    channel to channel     contrasts.tsv   condition against condition
 *     windows.tsv      every window          nulls.tsv    the same values against every null
 *     columns.json     what each column of each table means, with units
 *     METHODS.md       the analysis in sentences          report.html     the same for the eye
 *
 * Nothing that is half written looks like a result, see `writeFolder`. The same result gives the same bytes.
 *
 * @returns the names of the files, in the order above
 * @throws StudyError when the folder holds something and `overwrite` is not set, or cannot be written
 */
export async function writeResults(
  result: StudyResult,
  folder: string,
  options: WriteOptions = {},
): Promise<string[]> {
  await requireFreeFolder(folder, options);
  // The drawing libraries take long to load; nothing else needs them.
  const { renderReport } = await import("../report/render-report.ts");
  const tables = tablesOf(result);
  return writeFolder(
    folder,
    [
      { name: "result.json", text: () => `${writeJson(toJsonDocument(result))}\n` },
      ...tables.map((table) => ({ name: `${table.name}.tsv`, text: () => tsvLines(table) })),
      { name: "columns.json", text: () => `${writeJson(columnDictionary(tables))}\n` },
      { name: "METHODS.md", text: () => methodsText(result) },
      { name: "report.html", text: () => renderReport(result) },
    ],
    options,
  );
}
