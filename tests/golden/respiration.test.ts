import { readFileSync } from "node:fs";
import {
  type Breath,
  detectRPeaks,
  ecgDerivedRespiration,
  findBreaths,
  interbeatIntervals,
  interbeatSeries,
  quantile,
  resamplePoly,
  respirationEpochs,
  rsaBand,
  rsaPeakToTrough,
  welch,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, sharedPath } from "../support/shared.ts";

const numbers = (...parts: string[]) =>
  Float64Array.from(
    readFileSync(sharedPath("recordings", ...parts), "utf8")
      .trim()
      .split(/\s+/),
    Number,
  );

/** Breaths of the reference that have a found one within 0.25 s, each found one used once. */
function match(reference: Float64Array, breaths: readonly Breath[]) {
  const free = new Set(breaths);
  const offsets: number[] = [];
  for (const time of reference) {
    const candidates = [...free].filter(({ peak }) => Math.abs(peak - time) < 0.25);
    candidates.sort((a, b) => Math.abs(a.peak - time) - Math.abs(b.peak - time));
    if (candidates[0] === undefined) continue;
    free.delete(candidates[0]);
    offsets.push(candidates[0].peak - time);
  }
  return offsets;
}

/** Frequency with the highest power between `low` and `high`. */
function peakFrequency(x: Float64Array, samplingRate: number, low: number, high: number): number {
  const { frequencies, values } = welch(x, {
    samplingRate,
    segmentLength: Math.min(x.length, 60 * samplingRate),
    detrend: "linear",
  });
  let best = -1;
  for (let k = 0; k < values.length; k++)
    if (frequencies[k]! >= low && frequencies[k]! <= high && (best < 0 || values[k]! > values[best]!))
      best = k;
  return frequencies[best]!;
}

describeWithShared("respiration in real recordings", () => {
  test.each([
    ["seg0", 0.98, 0.98],
    ["seg1", 0.95, 0.99],
  ])("breaths of a preterm infant's belt, %s", (segment, sensitivity, precision) => {
    const belt = numbers("picsdb-infant", `${segment}_resp.txt`);
    const reference = numbers("picsdb-infant", `${segment}_locmax_resp.txt`).map((sample) => sample / 500);
    const breaths = findBreaths(belt, { samplingRate: 500, population: "infant" });
    const offsets = match(reference, breaths);
    expect(offsets.length / reference.length).toBeGreaterThanOrEqual(sensitivity);
    expect(offsets.length / breaths.length).toBeGreaterThanOrEqual(precision);
    expect(Math.abs(quantile(offsets, 0.5))).toBeLessThan(0.01);
    expect(quantile(offsets, 0.75) - quantile(offsets, 0.25)).toBeLessThan(0.03);
    for (const { onset, peak, depth } of breaths) {
      expect(onset).toBeLessThan(peak);
      expect(depth).toBeGreaterThan(0);
    }
  });

  test("a preterm infant who breathes faster than the infant band is flagged, epoch by epoch", () => {
    const rates = (segment: string) => {
      const belt = numbers("picsdb-infant", `${segment}_resp.txt`);
      const breaths = findBreaths(belt, { samplingRate: 500, population: "infant" });
      const band = rsaBand("infant");
      return respirationEpochs(breaths, { epochSeconds: 30, startTime: 0, nEpochs: 3, band });
    };
    expect(rates("seg0").map(({ outsideBand }) => outsideBand)).toEqual([false, false, false]);
    expect(rates("seg1").map(({ outsideBand }) => outsideBand)).toEqual([true, true, true]);
    for (const { rate } of rates("seg1")) expect(rate).toBeGreaterThan(1.04);
  });

  test("peak-to-trough RSA from the beats and the belt of the same preterm infant", () => {
    const belt = numbers("picsdb-infant", "seg0_resp.txt");
    const breaths = findBreaths(belt, { samplingRate: 500, population: "infant" });
    const beats = numbers("picsdb-infant", "seg0_locmax_ecg.txt").map((sample) => sample / 250);
    const found = rsaPeakToTrough(
      interbeatIntervals(beats),
      { onsets: breaths.map(({ onset }) => onset), peaks: breaths.map(({ peak }) => peak) },
      { population: "infant" },
    );
    expect(found.perBreath.length).toBe(breaths.length - 1);
    expect(found.mean).toBeGreaterThan(1);
    expect(found.mean).toBeLessThan(20);
  });

  const adult = () => {
    const rows = readFileSync(sharedPath("recordings", "neurokit", "bio_resting_5min_100hz.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").map(Number));
    return {
      ecg: Float64Array.from(rows, (row) => row[0]!),
      belt: Float64Array.from(rows, (row) => row[2]!),
    };
  };

  test("an adult's belt breathes at the rate of its spectrum", () => {
    const { belt } = adult();
    const breaths = findBreaths(belt, { samplingRate: 100, population: "adult" });
    const spectral = peakFrequency(belt, 100, 0.1, 0.6);
    expect(Math.abs(breaths.length / 300 - spectral)).toBeLessThan(0.02);
    const band = rsaBand("adult");
    const epochs = respirationEpochs(breaths, { epochSeconds: 60, startTime: 0, nEpochs: 5, band });
    for (const { rate, outsideBand } of epochs) {
      expect(Math.abs(rate - spectral)).toBeLessThan(0.05);
      expect(outsideBand).toBe(false);
    }
  });

  test("an adult's breathing rate from the height of the QRS", () => {
    const { ecg, belt } = adult();
    // The detector wants 200 Hz or more.
    const finer = resamplePoly(ecg, 5, 1);
    const beatTimes = detectRPeaks(finer, { samplingRate: 500, population: "adult" }).map(({ time }) => time);
    expect(beatTimes.length).toBeGreaterThan(300);
    const { times, values } = ecgDerivedRespiration(finer, {
      samplingRate: 500,
      beatTimes,
      population: "adult",
    });
    const series = interbeatSeries({ times, intervals: values }, { samplingRate: 5 });
    const derived = peakFrequency(series.values, 5, 0.1, 0.6);
    expect(Math.abs(derived - peakFrequency(belt, 100, 0.1, 0.6))).toBeLessThan(0.035);
  });
});
