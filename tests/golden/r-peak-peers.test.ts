import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { detectRPeaks } from "@attune/core";
import { expect, test } from "vitest";
import {
  excerpts,
  type HeartRecording,
  mitRecording,
  pretermRecording,
  scalpRecording,
} from "../support/heart-recordings.ts";
import { type BeatScore, matchBeats } from "../support/match-beats.ts";
import { panTompkins, twoAverages } from "../support/other-detectors.ts";
import { describeWithShared } from "../support/shared.ts";

const score = (times: readonly number[], { samples, samplingRate, truth }: HeartRecording): BeatScore =>
  matchBeats(times, truth, 0.1, [2.5, samples.length / samplingRate - 0.5]);

/** Ours and two published detectors on one recording. They see the whole of it; ours has only the past. */
function compare(recording: HeartRecording) {
  const { samples, samplingRate, population } = recording;
  const beats = detectRPeaks(samples, { samplingRate, population });
  const latencies = beats.filter(({ late }) => !late).map(({ time, emittedAt }) => emittedAt - time);
  latencies.sort((a, b) => a - b);
  const latencyAt = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))]!;
  return {
    name: recording.name,
    population,
    ours: score(
      beats.map(({ time }) => time),
      recording,
    ),
    latency: [latencyAt(0.5), latencyAt(0.99)],
    others: [
      ["Pan-Tompkins", score(panTompkins(samples, samplingRate), recording)],
      ["two averages", score(twoAverages(samples, samplingRate), recording)],
    ] as const,
  };
}

const percent = (share: number): string => (100 * share).toFixed(2);
const row = (name: string, method: string, s: BeatScore, latency: string): string =>
  `| ${name} | ${method} | ${percent(s.sensitivity)} | ${percent(s.precision)} | ${percent(s.f1)} | ${(1000 * s.bias).toFixed(1)} | ${(1000 * s.jitter).toFixed(2)} | ${latency} |\n`;

const documentPath = join(import.meta.dirname, "../../docs/detectors.md");
const BEGIN = "<!-- measured: begin -->\n";
const END = "<!-- measured: end -->";

describeWithShared("R peaks beside published detectors", () => {
  test("fewer mistakes than either in adults together, and infants are found better or as well in every respect", () => {
    const recordings = [
      mitRecording("100"),
      mitRecording("105"),
      mitRecording("119"),
      mitRecording("203"),
      pretermRecording("seg0"),
      pretermRecording("seg1"),
      scalpRecording(1),
      scalpRecording(4),
      ...excerpts(),
    ];
    let table =
      "| recording | method | Se % | P+ % | F1 % | bias ms | jitter ms | latency p50/p99 ms |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    const mistakes = { attune: 0, "Pan-Tompkins": 0, "two averages": 0 };
    const mistakesOf = ({ nTruth, nFound, truePositives, precision }: BeatScore): number =>
      nTruth - truePositives + Math.round(nFound * (1 - precision));
    for (const recording of recordings) {
      const { name, population, ours, latency, others } = compare(recording);
      table += row(name, "attune", ours, latency.map((seconds) => (1000 * seconds).toFixed(0)).join("/"));
      if (population === "adult") mistakes.attune += mistakesOf(ours);
      for (const [method, other] of others) {
        table += row(name, method, other, "");
        if (population === "adult") mistakes[method] += mistakesOf(other);
        else {
          expect(ours.sensitivity).toBeGreaterThanOrEqual(other.sensitivity);
          expect(ours.precision).toBeGreaterThanOrEqual(other.precision);
        }
      }
    }
    expect(mistakes.attune).toBeLessThan(0.9 * Math.min(mistakes["Pan-Tompkins"], mistakes["two averages"]));
    const document = readFileSync(documentPath, "utf8");
    const [before, rest] = document.split(BEGIN) as [string, string];
    const current = `${before}${BEGIN}${table}${END}${rest.split(END)[1]}`;
    if (process.env.ATTUNE_WRITE_DOCS === "1") writeFileSync(documentPath, current);
    else if (document !== current)
      expect.fail(
        "docs/detectors.md no longer says what the detectors do: run ATTUNE_WRITE_DOCS=1 npx vitest run tests/golden/r-peak-peers.test.ts",
      );
  });
});
