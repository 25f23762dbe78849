import { analyseRecording } from "@attune/study";
import { Command } from "commander";
import { type AnalysisOptions, addAnalysisOptions } from "../options/analysis-options.ts";
import { resolveRequest } from "../options/recording-request.ts";
import { showAnalysis } from "../output/analysis-progress.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { remark } from "../output/write.ts";
import { finishAnalysis, requireOutput } from "./finish-analysis.ts";

const example = `
Examples:
  attune analyze dyad.xdf --out results
  attune analyze table.csv --sampling-rate 250 --adult C3,C4 --infant C3i,C4i --states gaze.tsv --out results
  attune analyze --adult-epochs mother.json --infant-epochs child.json --adult C3,C4 --infant C3,C4 --json`;

/** `attune analyze`: one recording to tables, figures and a report. */
export function analyzeCommand(): Command {
  const command = new Command("analyze")
    .description("one recording to gaze-contingent coupling: table, files and report")
    .argument("[file]", "recording: XDF, CSV or TSV, or a JSON that describes epochs")
    .addHelpText("after", example);
  return addAnalysisOptions(command).action(analyze);
}

async function analyze(file: string | undefined, options: AnalysisOptions): Promise<void> {
  const { request, notes } = await resolveRequest(file, options);
  await requireOutput(options);
  for (const note of notes) remark(note);
  const progress = new ProgressLine();
  const result = await analyseRecording({ ...request, onProgress: showAnalysis(progress) }).finally(() =>
    progress.clear(),
  );
  await finishAnalysis(result, options);
}
