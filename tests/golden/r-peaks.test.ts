import { detectRPeaks, type RPeak, RPeakDetector } from "@attune/core";
import { expect, test } from "vitest";
import {
  excerpts,
  type HeartRecording,
  mitRecording,
  pretermRecording,
  scalpRecording,
} from "../support/heart-recordings.ts";
import { type BeatScore, matchBeats } from "../support/match-beats.ts";
import { describeWithShared } from "../support/shared.ts";

/** The first seconds are for learning, and at the end a beat may be cut. */
const FROM_SECONDS = 2.5;
const BEFORE_END_SECONDS = 0.5;

const detect = ({ samples, samplingRate, population }: HeartRecording): RPeak[] =>
  detectRPeaks(samples, { samplingRate, population });

function score(found: readonly RPeak[], recording: HeartRecording, tolerance = 0.1): BeatScore {
  const end = recording.samples.length / recording.samplingRate - BEFORE_END_SECONDS;
  return matchBeats(
    found.map(({ time }) => time),
    recording.truth,
    tolerance,
    [FROM_SECONDS, end],
  );
}

function latencyOf(found: readonly RPeak[], share: number): number {
  const sorted = found.filter(({ late }) => !late).map(({ time, emittedAt }) => emittedAt - time);
  sorted.sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

describeWithShared("R peaks of real hearts", () => {
  test.each([
    ["100", 0.9999, 0.9999],
    ["119", 0.9999, 0.9999],
    ["105", 0.993, 0.992],
    ["203", 0.99, 0.98],
  ] as const)("an adult's half hour, record %s", (name, f1, f1Within50) => {
    const recording = mitRecording(name);
    const found = detect(recording);
    expect(score(found, recording).f1).toBeGreaterThanOrEqual(f1);
    expect(score(found, recording, 0.05).f1).toBeGreaterThanOrEqual(f1Within50);
    expect(latencyOf(found, 0.99)).toBeLessThanOrEqual(0.26);
  });

  test.each([
    ["100", 0.999],
    ["119", 0.9995],
    ["105", 0.94],
    ["203", 0.95],
  ] as const)("its second electrode, of which the settings know nothing, record %s", (name, f1) => {
    const recording = mitRecording(name, 1);
    expect(score(detect(recording), recording).f1).toBeGreaterThanOrEqual(f1);
  });

  test("excerpts of adults: every beat and no other when clean, nearly so at 12 dB of noise", () => {
    for (const recording of excerpts().filter(({ population }) => population === "adult")) {
      const found = detect(recording);
      const { f1, sensitivity, precision } = score(found, recording);
      if (recording.name.includes("118e12")) expect(f1).toBeGreaterThanOrEqual(0.98);
      else expect(Math.min(sensitivity, precision)).toBeGreaterThanOrEqual(0.99);
      expect(latencyOf(found, 0.99)).toBeLessThanOrEqual(0.26);
    }
  });

  test("infants: every beat and no other, with a jitter below 1.5 ms and within 0.16 s", () => {
    const recordings = [
      pretermRecording("seg0"),
      pretermRecording("seg1"),
      scalpRecording(1),
      scalpRecording(2),
      scalpRecording(4),
      ...excerpts().filter(({ population }) => population === "infant"),
    ];
    for (const recording of recordings) {
      const found = detect(recording);
      const { sensitivity, precision, jitter } = score(found, recording);
      expect([recording.name, sensitivity, precision]).toEqual([recording.name, 1, 1]);
      // At 250 Hz the truth itself is rounded to 4 ms, a standard deviation of 1.2 ms.
      expect(jitter).toBeLessThan(recording.samplingRate >= 500 ? 1.2e-3 : 1.6e-3);
      expect(latencyOf(found, 0.99)).toBeLessThanOrEqual(0.16);
    }
  });

  test("the same minute at 1000, 500 and 250 Hz gives the same times", () => {
    const reference = detect(scalpRecording(1));
    for (const [step, median, most] of [
      [2, 0.16e-3, 0.6e-3],
      [4, 0.8e-3, 2e-3],
    ] as const) {
      const found = detect(scalpRecording(step));
      expect(found).toHaveLength(reference.length);
      const apart = found.map(({ time }, i) => Math.abs(time - reference[i]!.time)).sort((a, b) => a - b);
      expect(apart[Math.floor(0.5 * apart.length)]).toBeLessThanOrEqual(median);
      expect(apart[Math.floor(0.95 * apart.length)]).toBeLessThanOrEqual(most);
    }
  });

  test("gain and polarity change neither the beats nor their times", () => {
    for (const recording of [scalpRecording(2), pretermRecording("seg1"), mitRecording("203")]) {
      const { samplingRate, population } = recording;
      const samples = recording.samples.subarray(0, 300 * samplingRate);
      const expected = detectRPeaks(samples, { samplingRate, population });
      for (const gain of [-1, 1e-6, 1e3, -1e-3]) {
        const found = detectRPeaks(
          samples.map((x) => gain * x),
          { samplingRate, population },
        );
        expect(found).toHaveLength(expected.length);
        for (const [i, { time }] of found.entries()) expect(time).toBeCloseTo(expected[i]!.time, 7);
      }
    }
  });

  test("live in chunks of 1, 7, 25 and 1000 samples, with missing stretches, the bits are those of the whole", () => {
    const recording = mitRecording("203");
    const { samplingRate, population } = recording;
    const samples = recording.samples.slice(0, 200 * samplingRate);
    for (const at of [30, 31.5, 90, 150])
      samples.fill(Number.NaN, at * samplingRate, (at + at / 40) * samplingRate);
    const expected = detectRPeaks(samples, { samplingRate, population });
    for (const size of [1, 7, 25, 1000]) {
      const detector = new RPeakDetector({ samplingRate, population });
      const found: RPeak[] = [];
      const keep = (beat: RPeak): void => {
        found.push(beat);
      };
      for (let from = 0; from < samples.length; from += size) {
        const chunk = samples.subarray(from, from + size);
        detector.push(chunk, chunk.length, keep);
      }
      detector.flush(keep);
      expect(found).toEqual(expected);
    }
  });

  test("the quality tells the noisy spells of a record from the clean ones", () => {
    const recording = mitRecording("105");
    const found = detect(recording);
    const truth = recording.truth;
    const isTrue = ({ time }: RPeak): boolean => truth.some((t) => Math.abs(t - time) <= 0.1);
    const meanOf = (beats: RPeak[]): number =>
      beats.reduce((sum, { quality }) => sum + quality, 0) / beats.length;
    expect(meanOf(found.filter(isTrue))).toBeGreaterThan(0.9);
    expect(meanOf(found.filter((beat) => !isTrue(beat)))).toBeLessThan(0.6);
  });
});
