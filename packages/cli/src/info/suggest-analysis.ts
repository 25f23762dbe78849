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
  const hearts = heartsOf(recording.streams);
  const eeg = recording.streams.some(({ type }) => /^eeg$/i.test(type));
  const dyad = hearts === undefined ? undefined : `attune dyad ${quoted(file)}${rate}${hearts} --out results`;
  if (dyad !== undefined && !eeg)
    return {
      command: dyad,
      missing: hasStates
        ? null
        : "The file holds no coded states: add --states FILE.tsv for gaze, voice and touch.",
    };
  const twoHearts = dyad === undefined ? [] : [`For its two hearts: ${dyad}`];
  const start = `attune analyze ${quoted(file)}${rate}`;
  const unresolved = whatIsMissing(recording.streams);
  const coded = hasStates
    ? []
    : ["The file holds no coded states: add --states FILE.tsv, or there is one condition, all."];
  const said = [...coded, ...twoHearts];
  if (unresolved === undefined)
    return { command: `${start} --out results`, missing: said.length === 0 ? null : said.join(" ") };
  return {
    command: `${start}${placeholders(recording.streams)} --out results`,
    missing: [unresolved, ...said].join(" "),
  };
}

const YOUNGER = /infant|baby|child|newborn|toddler/i;
const OLDER = /adult|mother|father|parent|caregiver|mum|mom|dad/i;

/** Options that name the two ECGs; nothing where there are not exactly two. Who is who is asked of the names, else of the order. */
function heartsOf(streams: readonly RecordedStream[]): string | undefined {
  const ecgs = streams
    .filter(({ nominalSamplingRate, format }) => nominalSamplingRate > 0 && format !== "string")
    .flatMap((stream) =>
      stream.channels
        .filter(
          ({ label }) =>
            /ecg|ekg/i.test(label) || (/^(ecg|ekg)$/i.test(stream.type) && stream.channels.length === 1),
        )
        .map(({ label }) => ({
          name: `${stream.name}/${label}`,
          who: `${stream.person ?? ""} ${stream.name} ${label}`,
        })),
    );
  const [a, b] = ecgs;
  if (a === undefined || b === undefined || ecgs.length !== 2 || a.name === b.name) return undefined;
  const isSwapped =
    (YOUNGER.test(a.who) && !YOUNGER.test(b.who)) || (OLDER.test(b.who) && !OLDER.test(a.who));
  const [adult, infant] = isSwapped ? [b, a] : [a, b];
  return ` --adult-ecg ${quoted(adult.name)} --infant-ecg ${quoted(infant.name)}`;
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
