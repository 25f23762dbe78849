import { correctInterbeatIntervals, detectRPeaks, interbeatSeries, laggedCorrelation } from "@attune/core";
import { describe, expect, test } from "vitest";
import { simulateHearts } from "./simulate-hearts.ts";

const interbeat = (beats: Float64Array, population: "adult" | "infant", seconds: number): Float64Array =>
  interbeatSeries(correctInterbeatIntervals(beats, { population }), {
    samplingRate: 1,
    method: "bin-mean",
    startTime: 2,
    endTime: seconds - 2,
  }).values;

describe("simulateHearts", () => {
  test("the same options give the same beats, states and samples", () => {
    const [a, b] = [
      simulateHearts({ seed: 4, durationSeconds: 90 }),
      simulateHearts({ seed: 4, durationSeconds: 90 }),
    ];
    expect(a.beats).toEqual(b.beats);
    expect(a.states).toEqual(b.states);
    expect(a.ecg("infant", 33)).toEqual(b.ecg("infant", 33));
    expect(simulateHearts({ seed: 5, durationSeconds: 90 }).beats.adult).not.toEqual(a.beats.adult);
  });

  test.each([3, -4, 0])(
    "a lag of %d s that was planted everywhere is where the hearts correlate most",
    (lagSeconds) => {
      const seconds = 900;
      const { beats } = simulateHearts({
        seed: 11,
        durationSeconds: seconds,
        lagSeconds,
        covariation: 0.95,
        covariationInTouch: 0.95,
        slowingAfterTouch: 0,
      });
      const ccf = laggedCorrelation(
        interbeat(beats.adult, "adult", seconds),
        interbeat(beats.infant, "infant", seconds),
        { samplingRate: 1 },
      );
      expect(ccf.peakLag).toBe(lagSeconds);
      expect(ccf.peak).toBeGreaterThan(0.5);
    },
  );

  test.each(["adult", "infant"] as const)(
    "the detector finds the %s's beats in the waveform where they were put",
    (role) => {
      const hearts = simulateHearts({ seed: 2, durationSeconds: 60, samplingRate: 500 });
      const ecg = new Float64Array(60 * 500);
      for (let block = 0; block < 60; block++) ecg.set(hearts.ecg(role, block), block * 500);
      const found = detectRPeaks(ecg, { samplingRate: 500, population: role }).map(({ time }) => time);
      const expected = Array.from(hearts.beats[role]).filter((time) => time > 3 && time < 59);
      for (const time of expected)
        expect(Math.min(...found.map((each) => Math.abs(each - time))), `beat at ${time}`).toBeLessThan(
          0.004,
        );
      const inside = found.filter((time) => time > 2.99 && time < 59.01);
      expect(Math.abs(inside.length - expected.length)).toBeLessThanOrEqual(1);
    },
  );

  test("states of one layer of one person exclude each other", () => {
    const { states } = simulateHearts({ seed: 8, durationSeconds: 600 });
    const ends = new Map<string, number>();
    for (const { person, layer, onset, duration } of states) {
      const key = `${person} ${layer}`;
      expect(onset).toBeGreaterThanOrEqual((ends.get(key) ?? 0) - 1e-6);
      ends.set(key, onset + duration);
    }
    expect([...ends.keys()].sort()).toEqual([
      "adult gaze",
      "adult touch",
      "adult voice",
      "infant gaze",
      "infant voice",
      "session phase",
    ]);
  });

  test("what cannot be simulated is refused", () => {
    expect(() => simulateHearts({ seed: 1, durationSeconds: 10 })).toThrow("60 or more");
    expect(() => simulateHearts({ seed: 1, durationSeconds: 100, leak: 2 })).toThrow("between 0 and 1");
  });
});
