import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { mulberry32, normal } from "../../random/index.ts";
import { type CorrectionMethod, correctInterbeatIntervals } from "./correct-intervals.ts";
import { epochQuality } from "./epoch-quality.ts";
import { interbeatIntervals } from "./interbeat-intervals.ts";
import { lipponenTarvainenArtefacts } from "./lipponen-tarvainen.ts";
import type { Population } from "./population.ts";

const methods = ["lipponen-tarvainen", "berntson"] as const;

/** A heart that breathes: intervals about `mean` ms with sinus arrhythmia and a little noise. */
function heart(seed: number, nBeats: number, mean: number): number[] {
  const gauss = normal(mulberry32(seed));
  const times = [0];
  for (let k = 1; k < nBeats; k++) {
    const t = times[k - 1];
    times.push(t + (mean * (1 + 0.03 * Math.sin(2 * Math.PI * 0.25 * t) + 0.01 * gauss())) / 1000);
  }
  return times;
}

const correct = (beats: readonly number[], method: CorrectionMethod, population: Population = "adult") =>
  correctInterbeatIntervals(beats, { population, method });

const changedBeats = (marks: readonly string[]) =>
  marks.flatMap((mark, beat) => (mark === "kept" ? [] : [`${beat} ${mark}`]));

describe.each(methods)("correctInterbeatIntervals, %s", (method) => {
  const beats = heart(1, 200, 800);

  test("leaves a healthy heart as it is", () => {
    const { intervals, marks, rawBeatMarks, correctedShare, coverage } = correct(beats, method);
    expect(intervals).toEqual(interbeatIntervals(beats).intervals);
    expect(new Set([...marks, ...rawBeatMarks])).toEqual(new Set(["kept"]));
    expect(correctedShare).toBe(0);
    expect(coverage).toBeCloseTo(1, 12);
  });

  test("a premature beat is one correction: it moves, its neighbours stay", () => {
    const premature = beats.with(100, beats[100] - 0.3);
    const { times, marks, rawBeatMarks, rawBeatTimes } = correct(premature, method);
    // Where differences are small, Lipponen and Tarvainen's rule calls it short.
    const mark = method === "berntson" ? "ectopic" : "short";
    expect(changedBeats(rawBeatMarks)).toEqual([`100 ${mark}`]);
    expect(times[99]).toBeCloseTo((beats[99] + beats[101]) / 2, 12);
    expect(changedBeats(marks)).toEqual([`99 ${mark}`, `100 ${mark}`]);
    expect(rawBeatTimes).toEqual(Float64Array.from(premature));
  });

  test("a beat that was missed is put in the middle, one that was added is taken out", () => {
    const lacking = beats.toSpliced(100, 1);
    const found = correct(lacking, method);
    expect(changedBeats(found.rawBeatMarks)).toEqual([]);
    expect(changedBeats(found.marks)).toEqual(["99 missed", "100 missed"]);
    expect(found.times[99]).toBeCloseTo((beats[99] + beats[101]) / 2, 12);

    const added = beats.toSpliced(100, 0, beats[99] + 0.25);
    const cleaned = correct(added, method);
    expect(changedBeats(cleaned.rawBeatMarks)).toEqual(["100 extra"]);
    expect(changedBeats(cleaned.marks)).toEqual(["99 extra"]);
    expect(cleaned.times).toEqual(interbeatIntervals(beats).times);
  });

  test("a gap of more than 2 s is missing, and no beat is put into it or moved towards it", () => {
    const gapped = beats.toSpliced(100, 3);
    const { times, intervals, marks, rawBeatMarks, coverage } = correct(gapped, method);
    expect(times).toEqual(interbeatIntervals(gapped).times);
    expect(intervals[99]).toBeNaN();
    expect(changedBeats(marks)).toEqual(["99 missing"]);
    expect(changedBeats(rawBeatMarks)).toEqual([]);
    const span = beats[199] - beats[0];
    expect(coverage).toBeCloseTo(1 - (beats[103] - beats[99]) / span, 12);
  });

  test("three or more bad beats in a row are missing, and what lies beside them is not", () => {
    const noise = [0.2, 0.45, 0.6, 0.9, 1.3, 1.75, 2.0].map((offset) => beats[99] + offset);
    const noisy = beats.toSpliced(100, 2, ...noise);
    const { times, intervals, marks } = correct(noisy, method);
    const inside = (time: number) => time > beats[98] && time < beats[104];
    expect(marks.filter((mark, k) => mark === "missing" && inside(times[k])).length).toBeGreaterThan(2);
    for (let k = 0; k < times.length; k++) {
      if (!inside(times[k])) expect(marks[k]).toBe("kept");
      if (times[k] > beats[99] && times[k] < beats[102]) expect(intervals[k]).toBeNaN();
    }
  });

  test("whatever the beats, the given ones come back, marks fit the values and time is not created", () => {
    const steps = fc.array(fc.integer({ min: 20, max: 3000 }), { minLength: 0, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.constantFrom<Population>("adult", "infant", "child"), (ms, population) => {
        let time = 5;
        const train = [time, ...ms.map((step) => (time += step / 1000))];
        const found = correct(train, method, population);
        expect(found.rawBeatTimes).toEqual(Float64Array.from(train));
        expect(found.rawBeatMarks.length).toBe(train.length);
        let valid = 0;
        for (let k = 0; k < found.times.length; k++) {
          expect(Number.isNaN(found.intervals[k])).toBe(found.marks[k] === "missing");
          if (k > 0) expect(found.times[k]).toBeGreaterThan(found.times[k - 1]);
          if (!Number.isNaN(found.intervals[k])) valid += found.intervals[k];
        }
        expect(valid / 1000).toBeLessThanOrEqual(time - 5 + 1e-9);
        const extra = found.rawBeatMarks.filter((mark) => mark === "extra").length;
        expect(found.times.length).toBeGreaterThanOrEqual(train.length - 1 - extra);
      }),
      { numRuns: 300 },
    );
  });
});

test("without a method, only limits and gaps make intervals missing", () => {
  const beats = [0, 0.8, 1.0, 1.8, 4.2, 5.0, 5.9];
  const { intervals, marks } = correct(beats, "none");
  expect(changedBeats(marks)).toEqual(["1 missing", "3 missing"]);
  expect(intervals[0]).toBeCloseTo(800, 9);
  expect(correct([0, 0.24, 0.5, 1.6], "none", "infant").marks).toEqual(["missing", "kept", "missing"]);
});

test("too few beats give no intervals, beats that do not rise are refused", () => {
  expect(correct([], "lipponen-tarvainen").times.length).toBe(0);
  expect(correct([1], "berntson").coverage).toBeNaN();
  expect(correct([1, 1.8], "lipponen-tarvainen").marks).toEqual(["kept"]);
  expect(() => correct([0, 1, 1], "none")).toThrow(OptionError);
  expect(() => correct([0, Number.NaN, 2], "none")).toThrow(OptionError);
});

test("bigeminy inflates the thresholds of Lipponen and Tarvainen until hardly a beat is found", () => {
  // Twenty regular beats, twenty in bigeminy, and so on.
  const gauss = normal(mulberry32(4));
  const beats = [0];
  for (let k = 1; k < 400; k++) {
    const step = k % 40 < 20 ? 0.8 : k % 2 ? 0.5 : 1.1;
    beats.push(beats[k - 1] + step * (1 + 0.02 * gauss()));
  }
  const { ectopic, missed, extra, long, short } = lipponenTarvainenArtefacts(beats);
  const found = ectopic.length + missed.length + extra.length + long.length + short.length;
  expect(found).toBeLessThan(0.02 * beats.length);
  // A single one of the same beats among regular ones is found.
  const single = heart(2, 300, 800);
  const one = correct(single.with(150, single[150] - 0.3), "lipponen-tarvainen");
  expect(changedBeats(one.rawBeatMarks).map((change) => change.split(" ")[0])).toEqual(["150"]);
});

test("epochs with too many corrections or too little coverage are left out, and say why", () => {
  const beats = heart(3, 400, 430);
  const damaged = beats
    .map((time, k) => (k > 150 && k < 200 && k % 6 === 0 ? time - 0.15 : time))
    .filter((_, k) => !(k > 290 && k < 320));
  const corrected = correct(damaged, "berntson", "infant");
  const epochs = epochQuality(corrected, { epochSeconds: 20, startTime: 0, nEpochs: 9 });
  expect(epochs.map(({ excluded }) => excluded)).toEqual([
    undefined,
    undefined,
    undefined,
    "corrected",
    undefined,
    undefined,
    "coverage",
    undefined,
    "coverage",
  ]);
  expect(epochs[3].correctedShare).toBeGreaterThan(0.2);
  expect(epochs[6].coverage).toBeLessThan(0.8);
  expect(epochs[1].coverage).toBeCloseTo(1, 9);
  expect(epochs.reduce((sum, { nIntervals }) => sum + nIntervals, 0)).toBeLessThan(corrected.times.length);
  expect(() => epochQuality(corrected, { epochSeconds: 0, startTime: 0, nEpochs: 1 })).toThrow(OptionError);
});
