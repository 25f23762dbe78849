import { readFileSync } from "node:fs";
import type { Population } from "@attune/core";
import { readPhysionetRecord } from "./physionet.ts";
import { readSharedJson, sharedPath } from "./shared.ts";

/** A real electrocardiogram and where its beats are, seconds. */
export interface HeartRecording {
  readonly name: string;
  readonly population: Population;
  readonly samplingRate: number;
  readonly samples: Float64Array;
  readonly truth: readonly number[];
}

interface StoredExcerpt {
  readonly name: string;
  readonly fs: number;
  readonly profile: "adult" | "infant";
  readonly truth: readonly number[];
  readonly scale: number;
  readonly i16le_b64: string;
}

const numbersIn = (...parts: string[]): number[] =>
  readFileSync(sharedPath("recordings", ...parts), "utf8")
    .trim()
    .split(/\s+/)
    .map(Number);

/** Half an hour of an adult in MLII with all its annotated beats. */
export function mitRecording(name: "100" | "105" | "119" | "203", channel: 0 | 1 = 0): HeartRecording {
  const record = readPhysionetRecord(sharedPath("recordings", "mitdb", name), channel);
  const { samplingRate, samples } = record;
  const truth = Array.from(record.beats, (n) => n / samplingRate);
  return { name: `mitdb ${name}`, population: "adult", samplingRate, samples, truth };
}

/** A preterm infant, 250 Hz, beats by the local maxima that came with the export. */
export function pretermRecording(segment: "seg0" | "seg1"): HeartRecording {
  const samples = Float64Array.from(numbersIn("picsdb-infant", `${segment}_ecg.txt`));
  const truth = numbersIn("picsdb-infant", `${segment}_locmax_ecg.txt`).map((n) => n / 250);
  return { name: `picsdb ${segment}`, population: "infant", samplingRate: 250, samples, truth };
}

/** One minute of direct fetal scalp electrocardiogram at 1000 Hz; every `step`th sample of it. */
export function scalpRecording(step: 1 | 2 | 4 = 1): HeartRecording {
  const lines = readFileSync(sharedPath("recordings", "adfecgdb", "adfecgdb_5ch_1min.csv"), "utf8")
    .trim()
    .split(/\r?\n/);
  const samples = Float64Array.from(
    lines.filter((_, n) => n % step === 0),
    (line) => Number(line.slice(0, line.indexOf(","))),
  );
  const truth = numbersIn("adfecgdb", "adfecgdb_fetal_beats.csv").map((n) => n / 1000);
  const samplingRate = 1000 / step;
  return { name: `adfecgdb, ${samplingRate} Hz`, population: "infant", samplingRate, samples, truth };
}

/** Excerpts of one or two minutes: clean, noisy, ectopic, preterm, fetal. */
export function excerpts(): HeartRecording[] {
  const stored: StoredExcerpt[] = readSharedJson("golden", "physiology", "rpeaks_real.json");
  return stored.map(({ name, fs, profile, truth, scale, i16le_b64 }) => {
    const bytes = Buffer.from(i16le_b64, "base64");
    const samples = Float64Array.from(
      { length: bytes.length / 2 },
      (_, n) => bytes.readInt16LE(2 * n) * scale,
    );
    return { name, population: profile, samplingRate: fs, samples, truth: truth.map((n) => n / fs) };
  });
}
