import type { AnalysisProgress } from "@attune/study";
import { clockTime } from "./format.ts";
import type { ProgressLine } from "./progress-line.ts";

/** Shows how far an analysis has come. */
export const showAnalysis =
  (line: ProgressLine) =>
  (progress: AnalysisProgress): void => {
    if (progress.step === "reading") line.show(`Reading: ${clockTime(progress.seconds)}`);
    else
      line.show(
        `Testing against chance: ${progress.condition} (${progress.done + 1} of ${progress.total})`,
        true,
      );
  };
