import type { ContinuousRecording } from "@attune/recording";
import { expect, test } from "vitest";
import { suggestAnalysis } from "./suggest-analysis.ts";

const stream = (name: string, type: string, labels: readonly string[], person?: string) => ({
  id: name,
  name,
  type,
  person,
  format: "float32",
  nominalSamplingRate: 250,
  channels: labels.map((label) => ({ label, unit: "" })),
});
const recording = (...streams: readonly ReturnType<typeof stream>[]): ContinuousRecording =>
  ({ format: "XDF", streams }) as unknown as ContinuousRecording;

test("a recording of two ECGs leads to attune dyad, each person by name", () => {
  const two = recording(
    stream("Infant heart", "ECG", ["ECG", "RESP"], "infant"),
    stream("Adult heart", "ECG", ["ECG", "RESP"], "adult"),
  );
  expect(suggestAnalysis(two, "dyad.xdf", undefined, true)).toEqual({
    command:
      "attune dyad dyad.xdf --adult-ecg 'Adult heart/ECG' --infant-ecg 'Infant heart/ECG' --out results",
    missing: null,
  });
  expect(suggestAnalysis(two, "dyad.xdf", undefined, false).missing).toContain("no coded states");
});

test("with EEG the analysis of the brains stays first, and the hearts are named beside it", () => {
  const all = recording(
    stream("Adult EEG", "EEG", ["C3", "C4"], "adult"),
    stream("Infant EEG", "EEG", ["C3", "C4"], "infant"),
    stream("Adult heart", "ECG", ["ECG"], "adult"),
    stream("Infant heart", "ECG", ["ECG"], "infant"),
  );
  const { command, missing } = suggestAnalysis(all, "dyad.xdf", undefined, true);
  expect(command).toMatch(/^attune analyze /);
  expect(missing).toContain("For its two hearts: attune dyad dyad.xdf --adult-ecg 'Adult heart/ECG'");
});

test("one ECG is no dyad of hearts", () => {
  const one = recording(stream("Adult heart", "ECG", ["ECG"], "adult"));
  expect(suggestAnalysis(one, "one.xdf", undefined, true).command).toMatch(/^attune analyze /);
});
