import { describe, expect, test } from "vitest";
import { highestOrder } from "./event-locked/model-size.ts";
import { PEOPLE, simulateGaze } from "./event-locked/simulated-gaze.ts";
import { analyseEvents } from "./event-locked.ts";
import type { EventLockedResult } from "./result.ts";

const lineOf = ({ directions }: EventLockedResult, from: string, band: string) =>
  directions.find((line) => line.from === from && line.band === band)!;

describe("coupling around shifts of gaze", () => {
  const planted = analyseEvents(simulateGaze({ seed: 3, nEvents: 60, strength: 0.06 }))[0]!;
  // A window that ends at the event holds nothing of what follows; one that begins 100 ms after it holds nothing else.
  const before = planted.times.flatMap((time, t) => (time <= -0.15 + 1e-9 ? [t] : []));
  const after = planted.times.flatMap((time, t) => (time >= 0.25 - 1e-9 ? [t] : []));

  test("coupling that begins at the onset is found after it and not before", () => {
    expect(planted.event).toBe("adult gaze -> direct");
    expect([planted.nEvents, planted.nRejected]).toEqual([60, 0]);
    for (const band of ["theta", "alpha"]) {
      const line = lineOf(planted, "adult", band);
      for (const t of after) {
        expect(line.p[t]).toBeLessThan(0.01);
        expect(line.baselineP![t]).toBeLessThan(0.01);
        expect(line.values[t]).toBeGreaterThan(line.nullHigh[t]!);
        expect(line.baselineDifference![t]).toBeGreaterThan(0.03);
      }
      for (const t of before) {
        expect(line.p[t]).toBeGreaterThan(0.05);
        expect(line.baselineP![t]).toBeGreaterThan(0.05);
      }
    }
  });

  test("the other direction stays at chance", () => {
    for (const band of ["theta", "alpha"]) {
      const line = lineOf(planted, "infant", band);
      expect(Math.min(...line.p)).toBeGreaterThan(0.05);
      expect(Math.min(...line.baselineP!)).toBeGreaterThan(0.05);
    }
  });

  test("coupling that is always there exceeds chance at every time but does not rise above baseline", () => {
    const steady = analyseEvents(
      simulateGaze({ seed: 5, nEvents: 30, strength: 0.06, isAlwaysCoupled: true }),
    )[0]!;
    const line = lineOf(steady, "adult", "alpha");
    for (const t of steady.times.keys()) {
      expect(line.p[t]).toBeLessThan(0.05);
      expect(line.baselineP![t]).toBeGreaterThan(0.05);
    }
  });

  test("without coupling some time is called significant in about 5 % of lines, evoked response or not", () => {
    let significant = 0;
    let risen = 0;
    let nLines = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const input = simulateGaze({
        seed,
        nEvents: 18,
        evoked: seed % 2,
        settings: { nSurrogates: 59, seed },
      });
      for (const { p, baselineP } of analyseEvents(input)[0]!.directions) {
        nLines++;
        if (Math.min(...p) <= 0.05) significant++;
        if (Math.min(...baselineP!) <= 0.05) risen++;
      }
    }
    expect(nLines).toBe(80);
    // 4 expected; bands and directions of one recording are not independent.
    expect(significant).toBeLessThanOrEqual(12);
    expect(risen).toBeLessThanOrEqual(12);
  });

  test("the same input gives the same bits, another seed other surrogates of the same values", () => {
    const run = (seed: number) =>
      analyseEvents(simulateGaze({ seed: 2, nEvents: 12, settings: { nSurrogates: 19, seed } }))[0]!;
    const once = run(1);
    expect(run(1)).toEqual(once);
    const other = run(2);
    expect(lineOf(other, "adult", "theta").values).toEqual(lineOf(once, "adult", "theta").values);
    expect(lineOf(other, "adult", "theta").nullMean).not.toEqual(lineOf(once, "adult", "theta").nullMean);
  });
});

describe("what cannot be analysed is said", () => {
  test("too few events give no numbers and say how many more are needed", () => {
    const [few] = analyseEvents(simulateGaze({ seed: 1, nEvents: 7 }));
    expect(few!.times).toEqual([]);
    expect(few!.directions).toEqual([]);
    expect([few!.nEvents, few!.nRejected]).toEqual([7, 0]);
    expect(few!.note).toContain("7 could be used, at least 10 are needed, so 3 more");
  });

  test("unclean events are counted as left out", () => {
    const input = simulateGaze({ seed: 1, nEvents: 12 });
    const records = input.records.map((record, p) => ({
      ...record,
      mask: p === 0 ? record.mask : record.mask.slice().fill(1, 0, Math.floor(record.nSamples / 2)),
    }));
    const [half] = analyseEvents({ ...input, records });
    expect(half!.nEvents + half!.nRejected).toBe(12);
    expect(half!.nRejected).toBeGreaterThanOrEqual(5);
  });

  test("no gaze, no samples, no partner or a missing head give no results", () => {
    const input = simulateGaze({ seed: 1, nEvents: 10 });
    expect(analyseEvents({ ...input, states: [] })).toEqual([]);
    expect(analyseEvents({ ...input, records: [] })).toEqual([]);
    expect(analyseEvents({ ...input, records: input.records.slice(0, 1) })).toEqual([]);
    expect(analyseEvents({ ...input, people: PEOPLE.slice(0, 1) })).toEqual([]);
    const empty = input.records.map((record) => ({
      ...record,
      nSamples: 0,
      data: new Float64Array(0),
      mask: new Uint16Array(0),
    }));
    expect(analyseEvents({ ...input, records: empty })).toEqual([]);
  });

  test("without room for pseudo-events the rise above baseline is NaN and the note says so", () => {
    const infant = [{ person: "infant", layer: "gaze", state: "partner", onset: 0, duration: 1e6 }];
    const input = simulateGaze({ seed: 1, nEvents: 12, states: infant, settings: { nSurrogates: 19 } });
    const crowded = input.states.map((each) => ({ ...each }));
    // Where the gaze is not known, nothing can stand in for an event; around the onsets it is known.
    const narrow = crowded.flatMap((each) =>
      each.person === "infant"
        ? [each]
        : each.state === "averted"
          ? [{ ...each, onset: each.onset + each.duration - 0.6, duration: 0.6 }]
          : [{ ...each, duration: 0.6 }],
    );
    const [all, mutual] = analyseEvents({ ...input, states: narrow });
    expect(all!.nEvents).toBe(12);
    expect(mutual!.event).toBe("adult gaze -> direct, mutual");
    expect(all!.directions.every(({ baselineP }) => baselineP!.every(Number.isNaN))).toBe(true);
    expect(all!.directions.every(({ p }) => p.every((value) => value > 0 && value <= 1))).toBe(true);
    expect(all!.note).toContain("was not tested");
  });

  test("the order is the highest of at most 5 that the trials carry", () => {
    const orderFor = (nEvents: number, nChannels = 4) =>
      highestOrder({ nChannels, nWindowSamples: 60, nEvents }, 10);
    expect([9, 10, 13, 14, 60].map((n) => orderFor(n))).toEqual([undefined, 3, 4, 5, 5]);
    expect(highestOrder({ nChannels: 4, nWindowSamples: 60, nEvents: 60 }, 2)).toBe(2);
    expect([54, 55].map((n) => orderFor(n, 18))).toEqual([undefined, 1]);
  });
});
