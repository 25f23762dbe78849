import type { ContinuousRecording, RecordedStream } from "@attune/recording";
import { profileNamed, resolvePeople, StudyError } from "@attune/study";
import { quoted } from "../options/paths.ts";

/** The command to run next, and what the person has to fill in first. */
export type NextStep = { readonly command: string; readonly missing: string | null };

/** The analysis of this file that asks least of the person; words in capitals are theirs to replace. */
export function suggestAnalysis(
  recording: ContinuousRecording,
  file: string,
  samplingRate: number | undefined,
  hasStates: boolean,
): NextStep {
  const rate =
    recording.format === "CSV" && samplingRate !== undefined ? ` --sampling-rate ${samplingRate}` : "";
  const start = `attune analyze ${quoted(file)}${rate}`;
  const unresolved = whatIsMissing(recording.streams);
  const coded = hasStates
    ? []
    : ["The file holds no coded states: add --states FILE.tsv, or there is one condition, all."];
  if (unresolved === undefined) return { command: `${start} --out results`, missing: coded[0] ?? null };
  return {
    command: `${start}${placeholders(recording.streams)} --out results`,
    missing: [unresolved, ...coded].join(" "),
  };
}

function whatIsMissing(streams: readonly RecordedStream[]): string | undefined {
  try {
    const people = [
      { id: "adult", role: "adult" },
      { id: "infant", role: "infant" },
    ] as const;
    resolvePeople(streams, people, profileNamed("recommended").settings);
    return undefined;
  } catch (error) {
    if (error instanceof StudyError) return error.message;
    throw error;
  }
}

function placeholders(streams: readonly RecordedStream[]): string {
  const regular = streams.filter(({ nominalSamplingRate }) => nominalSamplingRate > 0);
  const eeg = regular.filter(({ type }) => /^eeg$/i.test(type));
  const candidates = eeg.length > 0 ? eeg : regular;
  return candidates.length < 2
    ? " --adult LABELS --infant LABELS"
    : " --adult-stream NAME --infant-stream NAME";
}
