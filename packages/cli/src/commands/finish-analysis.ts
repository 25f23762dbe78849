import { requireFreeFolder, type StudyResult, toJsonDocument, writeJson, writeResults } from "@attune/study";
import { MisuseError } from "../errors/misuse.ts";
import { NothingReportedError } from "../errors/nothing-reported.ts";
import type { AnalysisOptions } from "../options/analysis-options.ts";
import { fromWorkingFolder, shownPath } from "../options/paths.ts";
import { plural } from "../output/format.ts";
import { resultTable, verdictLines } from "../output/result-table.ts";
import { remark, say } from "../output/write.ts";

type OutputOptions = Pick<AnalysisOptions, "out" | "overwrite" | "json"> & { readonly jsonl?: boolean };

/** Refuses a folder that results cannot go to, before an analysis of minutes is made for nothing. */
export async function requireOutput({ out, overwrite = false, json }: OutputOptions): Promise<void> {
  if (out !== undefined) return requireFreeFolder(fromWorkingFolder(out), { overwrite });
  if (overwrite)
    throw new MisuseError("--overwrite replaces results in a folder: name it with --out FOLDER.");
  if (!json) throw new MisuseError("Results need a place: give --out FOLDER, or --json to print them.");
}

/** Writes the files, prints the table or the document, and fails if there was nothing to report. */
export async function finishAnalysis(result: StudyResult, options: OutputOptions): Promise<void> {
  const { out, overwrite = false, json, jsonl } = options;
  const folder = out === undefined ? undefined : fromWorkingFolder(out);
  const files = folder === undefined ? [] : await writeResults(result, folder, { overwrite });
  if (json) say(writeJson(toJsonDocument(result)));
  else if (jsonl) say(JSON.stringify({ kind: "result", ...toJsonDocument(result) }));
  else {
    say(resultTable(result));
    for (const line of verdictLines(result)) say(line);
    if (folder !== undefined) say(`\nWritten to ${shownPath(folder)}: ${files.join(", ")}`);
  }
  requireSomethingReported(result);
}

/** A condition without clean data is said aloud; if there is no other, the run has failed. */
function requireSomethingReported({ conditions, settings, diagnostics }: StudyResult): void {
  const missing = conditions.filter(({ reported }) => !reported);
  if (missing.length < conditions.length) {
    for (const { condition, reason } of missing) remark(`Condition ${condition} is not reported: ${reason}.`);
    return;
  }
  const { total, rejected } = diagnostics.windows;
  const leftOut = rejected.map(({ person, reason, count }) => `${person} ${reason} in ${count}`).join(", ");
  const windows = `${plural(total, "window")} of ${settings.window.seconds} s${leftOut === "" ? "" : `, left out for ${leftOut}`}`;
  const why = missing.map(({ condition, reason }) => `${condition}: ${reason}`).join("; ");
  // A live session learns its clocks on the way; a file as short as that has to be fitted as a whole.
  const clocks = rejected.some(({ reason }) => reason === "clock") || total === 0;
  const offline = clocks && settings.alignment === "causal" ? ", use --offline for a short file" : "";
  throw new NothingReportedError(
    `No condition can be reported${why === "" ? "" : ` (${why})`}; there were ${windows}: record more${offline}, or look at --window, --guard and the coded states.`,
  );
}
