import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../../errors.ts";
import type { Population } from "../interbeat/population.ts";
import type { EcgShape } from "../synthetic-ecg.ts";
import { detectRPeaks } from "./detect-r-peaks.ts";
import type { RPeak } from "./r-peak.ts";
import { RPeakDetector } from "./r-peak-detector.ts";
import { addNoise, addSine, renderEcg, rhythm, type SyntheticBeat } from "./synthetic-ecg.test-support.ts";

const SECONDS = 60;
const INTERVAL = { adult: 0.8, child: 0.6, infant: 0.43 } as const;

const beatsOf = (shape: EcgShape, interval: number, options = {}, seconds = SECONDS): SyntheticBeat[] =>
  rhythm(seconds, interval, options).map((time) => ({ time, shape }));

/** Beats that were not found, and found ones that are none, within 50 ms and without the edges. */
function mistakes(found: readonly RPeak[], truth: readonly number[], seconds = SECONDS) {
  const inside = (t: number): boolean => t > 2.5 && t < seconds - 0.5;
  const isNear = (t: number, others: readonly number[]): boolean =>
    others.some((o) => Math.abs(o - t) < 0.05);
  const times = found.map(({ time }) => time);
  return {
    missed: truth.filter((t) => inside(t) && !isNear(t, times)),
    invented: times.filter((t) => inside(t) && !isNear(t, truth)),
  };
}

interface Case {
  readonly name: string;
  readonly population?: Population;
  readonly beats: SyntheticBeat[];
  readonly spoil?: (samples: Float64Array, samplingRate: number) => void;
}

const adult = beatsOf("adult", 0.8);
const infant = beatsOf("infant", 0.43);
const hardCases: readonly Case[] = [
  { name: "an adult", beats: adult },
  { name: "an infant", population: "infant", beats: infant },
  { name: "a child", population: "child", beats: beatsOf("infant", 0.6) },
  { name: "paced beats with their spikes", beats: beatsOf("paced", 0.8) },
  {
    name: "wide ventricular beats of either polarity among narrow ones",
    beats: adult.map((beat, i) =>
      i % 7 === 3 ? { time: beat.time - 0.2, shape: "ventricular", height: i % 2 === 0 ? -1.5 : 1.2 } : beat,
    ),
  },
  {
    name: "large and small beats in turn",
    beats: adult.map((b, i) => ({ ...b, height: i % 2 === 0 ? 1 : 0.4 })),
  },
  {
    name: "bigeminy",
    beats: beatsOf("adult", 0.8, { variation: 0 }).map((beat, i) =>
      i % 2 === 1 ? { time: beat.time - 0.25, shape: "ventricular" } : beat,
    ),
  },
  { name: "T waves higher than R waves", beats: adult.map((beat) => ({ ...beat, tWave: 1.3 })) },
  {
    name: "high T waves of an infant",
    population: "infant",
    beats: infant.map((beat) => ({ ...beat, tWave: 0.8 })),
  },
  {
    name: "a baseline that wanders by several beats' heights",
    beats: adult,
    spoil: (x, rate) => {
      addSine(x, rate, 0.25, 2);
      addSine(x, rate, 0.05, 3);
    },
  },
  {
    name: "beats that shrink to a fifth",
    beats: adult.map((b) => ({ ...b, height: b.time > 30 ? 0.2 : 1 })),
  },
  { name: "beats that grow fivefold", beats: adult.map((b) => ({ ...b, height: b.time > 30 ? 5 : 1 })) },
  {
    name: "an infant's beats that shrink to a fifth",
    population: "infant",
    beats: infant.map((b) => ({ ...b, height: b.time > 30 ? 0.2 : 1 })),
  },
  { name: "broad noise of a fifth of R", beats: adult, spoil: (x) => addNoise(x, 0.2) },
  {
    name: "broad noise of a fifth of an infant's R",
    population: "infant",
    beats: infant,
    spoil: (x) => addNoise(x, 0.18),
  },
  { name: "mains of a third of R", beats: adult, spoil: (x, rate) => addSine(x, rate, 50, 0.3) },
  {
    name: "an amplifier that clips",
    beats: adult,
    spoil: (x) => {
      for (let n = 0; n < x.length; n++) x[n] = Math.min(0.6, x[n]!);
    },
  },
  {
    name: "pauses of 3 to 6 s",
    beats: adult.filter(({ time }) => time % 20 < 10 || time % 20 > 13 + time / 20),
  },
  { name: "atrial fibrillation", beats: beatsOf("adult", 0.7, { variation: 0, irregularity: 0.4 }) },
  { name: "38 beats a minute", beats: beatsOf("adult", 1.6) },
  {
    name: "190 beats a minute",
    beats: beatsOf("adult", 0.315, { variation: 0.01 }).map((b) => ({ ...b, tWave: 0.15 })),
  },
  {
    name: "an infant at 230 beats a minute",
    population: "infant",
    beats: beatsOf("infant", 0.26, { variation: 0.01 }),
  },
  { name: "an infant at 80 beats a minute", population: "infant", beats: beatsOf("infant", 0.75) },
  { name: "beats of a twentieth of a millivolt", beats: adult.map((b) => ({ ...b, height: 0.1 })) },
];

describe("RPeakDetector", () => {
  test.each(hardCases)("finds every beat and no other: $name", ({ beats, population = "adult", spoil }) => {
    for (const samplingRate of [250, 500]) {
      const samples = renderEcg(samplingRate, SECONDS, beats);
      addNoise(samples, 0.01, 3);
      spoil?.(samples, samplingRate);
      const found = detectRPeaks(samples, { samplingRate, population });
      expect(
        mistakes(
          found,
          beats.map(({ time }) => time),
        ),
      ).toEqual({ missed: [], invented: [] });
    }
  });

  test("of a dozen electrode steps and artefacts of a hundred beats' height at most one is taken for a beat", () => {
    const samples = renderEcg(500, SECONDS, adult);
    addNoise(samples, 0.01);
    let level = 0;
    for (let n = 0; n < samples.length; n++) {
      if (n % 2500 === 1700) level = n % 5000 === 1700 ? 5 : 0;
      samples[n] += level;
      if (n % 10000 === 6100) samples[n] += 100;
    }
    const { invented, missed } = mistakes(
      detectRPeaks(samples, { samplingRate: 500, population: "adult" }),
      adult.map(({ time }) => time),
    );
    expect(invented.length).toBeLessThanOrEqual(1);
    expect(missed.length).toBeLessThan(6);
  });

  test.each([200, 250, 360, 500, 1000, 2000])(
    "at %i Hz the R peak is where it was drawn, to 0.3 ms",
    (rate) => {
      for (const population of ["adult", "child", "infant"] as const) {
        const shape = population === "adult" ? "adult" : "infant";
        const beats = beatsOf(shape, INTERVAL[population], {}, 20);
        const found = detectRPeaks(renderEcg(rate, 20, beats), { samplingRate: rate, population });
        expect(found.length).toBeGreaterThanOrEqual(beats.length - 2);
        for (const { time, quality } of found) {
          const nearest = Math.min(...beats.map((beat) => Math.abs(beat.time - time)));
          expect(nearest).toBeLessThan(3e-4);
          expect(quality).toBeGreaterThan(0.9);
        }
      }
    },
  );

  test("any gain, either polarity and any offset give the same beats", () => {
    const samples = renderEcg(360, SECONDS, hardCases[4]!.beats);
    addNoise(samples, 0.03);
    const options = { samplingRate: 360, population: "adult" } as const;
    const expected = detectRPeaks(samples, options);
    expect(
      detectRPeaks(
        samples.map((x) => -1024 * x),
        options,
      ),
    ).toEqual(expected.map((beat) => ({ ...beat, amplitude: -1024 * beat.amplitude })));
    for (const [gain, offset] of [
      [1e-6, 0],
      [1e3, 0],
      [-0.1, 0],
      [1, 1000],
    ] as const) {
      const found = detectRPeaks(
        samples.map((x) => gain * x + offset),
        options,
      );
      expect(found.map(({ late }) => late)).toEqual(expected.map(({ late }) => late));
      for (const [i, beat] of found.entries()) {
        expect(beat.time).toBeCloseTo(expected[i]!.time, 6);
        expect(beat.amplitude / gain).toBeCloseTo(expected[i]!.amplitude, 6);
      }
    }
  });

  test("any cut into chunks gives the same bits, gaps and all", () => {
    const samples = renderEcg(250, 30, beatsOf("infant", 0.43, {}, 30));
    addNoise(samples, 0.1);
    for (const [from, to] of [
      [1900, 1901],
      [2600, 2700],
      [4000, 4700],
      [5000, 5001],
    ] as const)
      samples.fill(Number.NaN, from, to);
    const options = { samplingRate: 250, population: "infant" } as const;
    const expected = detectRPeaks(samples, options);
    expect(expected.length).toBeGreaterThan(50);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        const detector = new RPeakDetector(options);
        const found: RPeak[] = [];
        const keep = (beat: RPeak): void => {
          found.push(beat);
        };
        for (let from = 0, i = 0; from < samples.length; i++) {
          const chunk = samples.subarray(from, from + sizes[i % sizes.length]!);
          detector.push(chunk, chunk.length, keep);
          from += chunk.length;
        }
        detector.flush(keep);
        expect(found).toEqual(expected);
      }),
      { numRuns: 30, examples: [[[1]], [[7]]] },
    );
  });

  test("a gap costs no beat that does not touch it and makes none", () => {
    const beats = beatsOf("adult", 0.8);
    const clean = renderEcg(500, SECONDS, beats);
    addNoise(clean, 0.01);
    fc.assert(
      fc.property(
        fc.integer({ min: 2500, max: 27000 }),
        fc.integer({ min: 1, max: 2500 }),
        (from, length) => {
          const samples = clean.slice();
          samples.fill(Number.NaN, from, from + length);
          const found = detectRPeaks(samples, { samplingRate: 500, population: "adult" });
          const touched = (t: number): boolean => t > from / 500 - 0.2 && t < (from + length) / 500 + 0.1;
          const truth = beats.map(({ time }) => time);
          const { invented, missed } = mistakes(found, truth);
          expect(invented).toEqual([]);
          expect(missed.filter((t) => !touched(t))).toEqual([]);
          expect(found.filter(({ time }) => time > from / 500 && time < (from + length) / 500)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a flat, a missing and an empty trace have no beats; beats after an hour of nothing are found", () => {
    const options = { samplingRate: 250, population: "adult" } as const;
    expect(detectRPeaks(new Float64Array(0), options)).toEqual([]);
    expect(detectRPeaks(new Float64Array(5000).fill(1.7e4), options)).toEqual([]);
    expect(detectRPeaks(new Float64Array(5000).fill(Number.NaN), options)).toEqual([]);
    const beats = beatsOf("adult", 0.8, {}, 30);
    const trace = renderEcg(250, 30, beats);
    for (const nothing of [0, Number.NaN]) {
      const samples = new Float64Array(250 * 3600 + trace.length).fill(nothing);
      samples.set(trace, 250 * 3600);
      const found = detectRPeaks(samples, options).map((beat) => ({ ...beat, time: beat.time - 3600 }));
      expect(
        mistakes(
          found,
          beats.map(({ time }) => time),
          30,
        ),
      ).toEqual({ missed: [], invented: [] });
    }
  });

  test("beats come in the order of their times, in bounded time, and say which were late", () => {
    for (const [population, latest] of [
      ["adult", 0.26],
      ["infant", 0.16],
    ] as const) {
      const samples = renderEcg(500, SECONDS, beatsOf(population, INTERVAL[population]));
      addNoise(samples, 0.05);
      const found = detectRPeaks(samples, { samplingRate: 500, population });
      for (const [i, { time, emittedAt, late }] of found.entries()) {
        expect(time).toBeGreaterThan(found[i - 1]?.time ?? -1);
        expect(emittedAt).toBeGreaterThan(time);
        if (!late) expect(emittedAt - time).toBeLessThan(latest);
      }
      expect(found.filter(({ late }) => !late)[0]!.time).toBeLessThan(population === "adult" ? 5 : 2.5);
    }
  });

  test("quality is high for beats, low for noise, and fades when beats stop", () => {
    const samples = renderEcg(
      500,
      SECONDS,
      adult.filter(({ time }) => time < 30),
    );
    addNoise(samples, 0.02);
    const detector = new RPeakDetector({ samplingRate: 500, population: "adult" });
    const qualities: number[] = [];
    const keep = ({ quality, time }: RPeak): void => {
      if (time > 40) qualities.push(quality);
    };
    expect(detector.signalQuality).toBe(0);
    detector.push(samples.subarray(0, 15000), 15000, keep);
    expect(detector.signalQuality).toBeGreaterThan(0.9);
    detector.push(samples.subarray(15000), 15000, keep);
    expect(detector.signalQuality).toBeLessThan(0.3);
    expect(qualities.reduce((a, b) => a + b, 0) / Math.max(1, qualities.length)).toBeLessThan(0.4);
    detector.push(Float64Array.of(Number.NaN), 1, keep);
    expect(detector.signalQuality).toBe(0);
  });

  test("after a reset nothing of the past is left", () => {
    const samples = renderEcg(250, 20, beatsOf("infant", 0.43, {}, 20));
    const detector = new RPeakDetector({ samplingRate: 250, population: "infant" });
    const run = (): RPeak[] => {
      const found: RPeak[] = [];
      detector.push(samples, samples.length, (beat) => found.push(beat));
      detector.flush((beat) => found.push(beat));
      return found;
    };
    const first = run();
    detector.reset();
    expect(run()).toEqual(first);
  });

  test("refuses what it cannot work with and says what it can", () => {
    expect(() => new RPeakDetector({ samplingRate: 100, population: "adult" })).toThrow(OptionError);
    expect(() => new RPeakDetector({ samplingRate: Number.NaN, population: "adult" })).toThrow(
      "200 to 2000 Hz",
    );
    expect(() => new RPeakDetector({ samplingRate: 4000, population: "infant" })).toThrow("resample");
    const person = "mother" as Population;
    expect(() => new RPeakDetector({ samplingRate: 500, population: person })).toThrow(
      "adult, child or infant",
    );
    const detector = new RPeakDetector({ samplingRate: 500, population: "adult" });
    expect(() => detector.push(new Float64Array(3), 4, () => {})).toThrow(ShapeError);
  });
});
