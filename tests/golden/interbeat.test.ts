import { readFileSync } from "node:fs";
import {
  berntsonArtefacts,
  correctInterbeatIntervals,
  heartRateVariability,
  type InterbeatDecision,
  interbeatIntervals,
  interbeatSeries,
  lipponenTarvainenArtefacts,
  OnlineInterbeatGate,
  type Population,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson, sharedPath } from "../support/shared.ts";

/** Relative 1e-8 or absolute 1e-9; the reference is printed with ten digits. */
function expectClose(actual: number, reference: number): void {
  const error = Math.abs(actual - reference);
  expect(error <= 1e-9 || error <= 1e-8 * Math.abs(reference), `${actual} is not ${reference}`).toBe(true);
}

function expectAllClose(actual: ArrayLike<number>, reference: readonly number[]): void {
  expect(actual.length).toBeGreaterThanOrEqual(reference.length);
  for (let i = 0; i < reference.length; i++) expectClose(actual[i]!, reference[i]!);
}

const sum = (x: Float64Array) => x.reduce((total, value) => total + value, 0);
const sumOfSquares = (x: Float64Array) => x.reduce((total, value) => total + value * value, 0);

interface ReferenceHrv {
  meanIBI: number;
  HR: number;
  SDNN: number;
  RMSSD: number;
  lnRMSSD: number;
}

function expectVariability(intervals: Float64Array, reference: ReferenceHrv): void {
  const measures = heartRateVariability(intervals);
  expectClose(measures.meanInterbeatInterval, reference.meanIBI);
  expectClose(measures.heartRate, reference.HR);
  expectClose(measures.sdnn, reference.SDNN);
  expectClose(measures.rmssd, reference.RMSSD);
  expectClose(measures.lnRmssd, reference.lnRMSSD);
}

function decisionsOf(beatTimes: readonly number[], population: Population): InterbeatDecision[] {
  const gate = new OnlineInterbeatGate({ population });
  return beatTimes.flatMap((time) => gate.push(time));
}

const label = ({ mark, missedBeats }: InterbeatDecision) =>
  mark === "missed" ? `missed${missedBeats}` : mark;

describeWithShared("interbeat intervals against the reference", () => {
  const golden = readSharedJson("golden", "physiology", "physio_golden.json");
  const people = ["mother", "infant"] as const;
  const beats = { mother: golden.dyad.motherPeaks_s, infant: golden.dyad.infantPeaks_s };

  test.each(people)("intervals and time-domain measures, %s", (person) => {
    const reference = golden.ibi[person];
    const { times, intervals } = interbeatIntervals(beats[person]);
    expect(intervals.length).toBe(reference.n);
    reference.first.forEach(([time, interval]: [number, number], k: number) => {
      expectClose(times[k]!, time);
      expectClose(intervals[k]!, interval);
    });
    expectVariability(intervals, reference.hrv);
    expectVariability(
      intervals.filter((_, k) => times[k]! >= 60 && times[k]! < 120),
      reference.hrv60_120,
    );
  });

  test("time-domain measures of a real preterm infant", () => {
    const reference = golden.rsa.real_preterm_pics_seg0;
    expectVariability(interbeatIntervals(reference.peaks_s).intervals, reference.hrv);
  });

  test.each(people)("uniform series, %s: linear at 5 and 4 Hz, bin means at 5 Hz", (person) => {
    const reference = golden.resample[person];
    const { t0: startTime, t1: endTime } = reference;
    const intervals = interbeatIntervals(beats[person]);
    for (const [name, samplingRate, method] of [
      ["linear5", 5, "linear"],
      ["linear4", 4, "linear"],
      ["bin5", 5, "bin-mean"],
    ] as const) {
      const { values } = interbeatSeries(intervals, { samplingRate, method, startTime, endTime });
      expect(values.length).toBe(reference[name].n);
      expectAllClose(values, reference[name].head);
      expectClose(sum(values), reference[name].sum);
      expectClose(sumOfSquares(values), reference[name].sumsq);
    }
  });

  const artefacts = [
    ["infant_injected", "infant"],
    ["adult_real_mit200", "adult"],
  ] as const;

  test.each(artefacts)("Berntson's criterion, %s", (name) => {
    const { peaks_s, berntson } = golden.artefact[name];
    const found = berntsonArtefacts(interbeatIntervals(peaks_s).intervals);
    expectClose(found.maximumExpectedDifference, berntson.MED);
    expectClose(found.minimalArtefactDifference, berntson.MAD);
    expectClose(found.criterion, berntson.criterion);
    expect(found.flagged).toEqual(berntson.flagged);
  });

  test.each(artefacts)("Lipponen and Tarvainen's classes, beat for beat, %s", (name) => {
    const { peaks_s, lipponen } = golden.artefact[name];
    const { ectopic, missed, extra, long, short } = lipponenTarvainenArtefacts(peaks_s);
    expect(ectopic).toEqual(lipponen.ectopic);
    expect(missed).toEqual(lipponen.missed);
    expect(extra).toEqual(lipponen.extra);
    expect([...long, ...short].sort((a, b) => a - b)).toEqual(lipponen.longshort);
  });

  test("the online gate, decision for decision, on an infant with beats taken out and put in", () => {
    const { peaks_s, online, onlineOk } = golden.artefact.infant_injected;
    const decisions = decisionsOf(peaks_s, "infant");
    const notOk = decisions.filter(({ mark }) => mark !== "ok");
    expect(notOk.map(label)).toEqual(online.map((row: [number, number, string]) => row[2]));
    notOk.forEach(({ time, interval }, k) => {
      expectClose(time, online[k][0]);
      expectClose(interval, online[k][1]);
    });
    expect(decisions.length - notOk.length).toBe(onlineOk);
  });

  test("the online gate counts on an adult with bigeminy", () => {
    const { peaks_s, onlineCounts } = golden.artefact.adult_real_mit200;
    const counts: Record<string, number> = {};
    for (const decision of decisionsOf(peaks_s, "adult"))
      counts[label(decision)] = (counts[label(decision)] ?? 0) + 1;
    expect(counts).toEqual(onlineCounts);
  });

  test("offline correction takes out the 14 beats that were put in and puts in 14 that were taken out", () => {
    const { peaks_s } = golden.artefact.infant_injected;
    for (const method of ["lipponen-tarvainen", "berntson"] as const) {
      const corrected = correctInterbeatIntervals(peaks_s, { population: "infant", method });
      expect(corrected.rawBeatTimes).toEqual(Float64Array.from(peaks_s));
      expect(corrected.rawBeatMarks.filter((mark) => mark === "extra").length).toBe(14);
      expect(corrected.marks.filter((mark) => mark === "missed").length).toBe(28);
      expect(corrected.marks.filter((mark) => mark === "extra").length).toBe(14);
      expect(corrected.intervals.length).toBe(peaks_s.length - 1);
      const moved = corrected.rawBeatMarks.filter((mark) => mark !== "kept" && mark !== "extra");
      expect(moved).toEqual([]);
      expect(corrected.coverage).toBeCloseTo(1, 12);
      const truth = heartRateVariability(interbeatIntervals(golden.dyad.infantPeaks_s).intervals);
      const measures = heartRateVariability(corrected.intervals);
      expect(Math.abs(measures.lnRmssd - truth.lnRmssd)).toBeLessThan(0.15);
      expect(Math.abs(measures.meanInterbeatInterval - truth.meanInterbeatInterval)).toBeLessThan(0.5);
    }
  });

  test("a known weakness: bigeminy hides from Lipponen and Tarvainen's thresholds (MIT-BIH 119)", () => {
    const { times, ventricular } = annotatedBeats(sharedPath("recordings", "mitdb", "119.atr"), 360, 600);
    expect(times.length).toBe(659);
    expect(ventricular.size).toBe(140);
    const { ectopic, missed, extra, long, short } = lipponenTarvainenArtefacts(times);
    expect([ectopic, missed, extra, long, short].flat()).toEqual([]);
    // Each ventricular beat makes its own interval short, and the gate sees most of them.
    const gate = decisionsOf(times, "adult");
    const doubtful = new Set(gate.filter(({ mark }) => mark !== "ok").map(({ time }) => time));
    const seen = [...ventricular].filter((beat) => doubtful.has(times[beat]!)).length;
    expect(seen).toBeGreaterThan(0.8 * ventricular.size);
  });

  test("a preterm infant's quiet heart is left alone, though one rule calls 17 of its beats wrong", () => {
    const { peaks_s } = golden.rsa.real_preterm_pics_seg0;
    const { ectopic, missed, extra, long, short } = lipponenTarvainenArtefacts(peaks_s);
    expect([ectopic, missed, extra, long, short].flat().length).toBeGreaterThan(15);
    for (const method of ["berntson", "lipponen-tarvainen"] as const) {
      const { rawBeatMarks } = correctInterbeatIntervals(peaks_s, { population: "infant", method });
      expect(rawBeatMarks.filter((mark) => mark !== "kept").length).toBe(0);
    }
  });
});

/** Beats of a PhysioNet annotation file (MIT format), and which of them are ventricular (type V, code 5). */
function annotatedBeats(path: string, samplingRate: number, seconds: number) {
  const bytes = readFileSync(path);
  const word = (at: number) => bytes.readUInt16LE(at);
  const notBeats = new Set([
    14, 16, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 31, 32, 33, 36, 37, 39, 40, 41,
  ]);
  const times: number[] = [];
  const ventricular = new Set<number>();
  let sample = 0;
  for (let at = 0; at + 1 < bytes.length && word(at) !== 0; at += 2) {
    const code = word(at) >> 10;
    const value = word(at) & 0x3ff;
    if (code === 59) {
      sample += (word(at + 2) << 16) + word(at + 4);
      at += 4;
    } else if (code === 63) at += 2 * Math.ceil(value / 2);
    else if (code < 50) {
      sample += value;
      if (notBeats.has(code) || sample >= seconds * samplingRate) continue;
      if (code === 5) ventricular.add(times.length);
      times.push(sample / samplingRate);
    }
  }
  return { times, ventricular };
}
