import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { GatedIntervals } from "./gated-intervals.ts";
import { type InterbeatDecision, OnlineInterbeatGate } from "./online-gate.ts";

const regular = (n: number, step = 0.8, from = 0) => Array.from({ length: n }, (_, k) => from + k * step);

function decisionsOf(beats: readonly number[], gate = new OnlineInterbeatGate({ population: "adult" })) {
  return beats.flatMap((time) => gate.push(time));
}

const marks = (decisions: readonly InterbeatDecision[]) => decisions.map(({ mark }) => mark);

const beatTrains = fc.array(fc.integer({ min: 50, max: 2500 }), { maxLength: 80 }).map((steps) => {
  let time = 1;
  return [time, ...steps.map((step) => (time += step / 1000))];
});

describe("OnlineInterbeatGate", () => {
  test("a good interval leaves with its own beat, a doubtful one with the next", () => {
    const gate = new OnlineInterbeatGate({ population: "adult" });
    decisionsOf(regular(20), gate);
    expect(marks(gate.push(15.2 + 0.81))).toEqual(["ok"]);
    expect(gate.push(16.01 + 0.45)).toEqual([]);
    const pair = gate.push(16.46 + 1.15);
    expect(marks(pair)).toEqual(["ectopic", "ectopic"]);
    expect(pair[0].correctedInterval).toBeCloseTo(800, 6);
    expect(pair[0].correctedTime).toBeCloseTo(16.81, 9);
    expect(pair[1].correctedTime).toBe(17.61);
  });

  test("a missed beat is a long interval and names how many; an extra one merges with what follows", () => {
    const gate = new OnlineInterbeatGate({ population: "adult" });
    decisionsOf(regular(20), gate);
    expect(gate.push(15.2 + 1.6)).toEqual([]);
    const [missed, ok] = gate.push(16.8 + 0.8);
    expect(missed).toMatchObject({ mark: "missed", missedBeats: 1, time: 16.8 });
    expect(missed.correctedInterval).toBeCloseTo(800, 6);
    expect(ok.mark).toBe("ok");
    gate.push(17.6 + 0.25);
    const [extra, merged] = gate.push(18.4);
    expect([extra.mark, merged.mark]).toEqual(["extra", "merged"]);
    expect(merged.interval).toBeCloseTo(800, 6);
  });

  test("three in a row that do not fit start a new lesson: a new rate is learnt", () => {
    const slow = regular(30, 0.8);
    const fast = regular(30, 0.5, slow[29] + 0.5);
    const found = marks(decisionsOf([...slow, ...fast]));
    expect(found.slice(29, 32)).toEqual(["short", "short", "short"]);
    expect(new Set(found.slice(32))).toEqual(new Set(["ok"]));
  });

  test("no interval spans a gap that was reported, and the heart is known again after it", () => {
    const gate = new OnlineInterbeatGate({ population: "adult" });
    decisionsOf(regular(20), gate);
    gate.push(15.2 + 0.3);
    expect(marks(gate.gap(30))).toEqual(["short", "missing"]);
    expect(gate.push(29)).toEqual([]);
    expect(gate.push(30.3)).toEqual([]);
    expect(marks(gate.push(31.1))).toEqual(["ok"]);
    expect(gate.push(31.4)).toEqual([]);
  });

  test("every interval gets one decision, in order of time, and only the last may still wait", () => {
    fc.assert(
      fc.property(beatTrains, fc.constantFrom("adult", "infant", "child"), (beats, population) => {
        const found = decisionsOf(beats, new OnlineInterbeatGate({ population }));
        expect(beats.length - 1 - found.length).toBeGreaterThanOrEqual(0);
        expect(beats.length - 1 - found.length).toBeLessThanOrEqual(1);
        expect(found.map(({ time }) => time)).toEqual(beats.slice(1, 1 + found.length));
      }),
      { numRuns: 300 },
    );
  });

  test("reset forgets, and beats must rise", () => {
    const gate = new OnlineInterbeatGate({ population: "infant" });
    const beats = [...regular(20, 0.43), 8.3, 9.2, 9.6];
    const once = decisionsOf(beats, gate);
    expect(() => gate.push(9.6)).toThrow(OptionError);
    expect(() => gate.push(Number.NaN)).toThrow(OptionError);
    gate.reset();
    expect(decisionsOf(beats, gate)).toEqual(once);
  });
});

describe("GatedIntervals", () => {
  const settle = (decisions: readonly InterbeatDecision[]) => new GatedIntervals().push(decisions);

  test("single bad intervals are replaced: a missed beat by its parts, an ectopic pair by its mean", () => {
    const beats = regular(40).map((time, k) => (k === 30 ? time - 0.3 : time));
    const { times, intervals } = settle(decisionsOf(beats.toSpliced(20, 1)));
    expect(times.length).toBe(39);
    for (const interval of intervals) expect(interval).toBeCloseTo(800, 6);
    for (let k = 0; k < times.length; k++) expect(times[k]).toBeCloseTo(0.8 * (k + 1), 9);
  });

  test("three in a row leave one NaN and nothing of what was proposed", () => {
    const slow = regular(20);
    const { times, intervals } = settle(decisionsOf([...slow, ...regular(20, 0.5, slow[19] + 0.5)]));
    const missing = [...intervals].flatMap((interval, k) => (Number.isNaN(interval) ? [times[k]] : []));
    expect(missing).toEqual([expect.closeTo(slow[19] + 1.5, 9)]);
    expect(times.length).toBe(19 + 1 + 17);
  });

  test("any way of handing decisions over gives the same bits, and times never fall", () => {
    fc.assert(
      fc.property(beatTrains, fc.array(fc.nat(10), { maxLength: 30 }), (beats, cuts) => {
        const decisions = decisionsOf(beats);
        const whole = settle(decisions);
        const streaming = new GatedIntervals();
        const times: number[] = [];
        const intervals: number[] = [];
        let from = 0;
        for (const cut of [...cuts, decisions.length]) {
          const part = streaming.push(decisions.slice(from, from + cut));
          times.push(...part.times);
          intervals.push(...part.intervals);
          from += cut;
        }
        expect(Float64Array.from(times)).toEqual(whole.times);
        expect(Float64Array.from(intervals)).toEqual(whole.intervals);
        for (let k = 1; k < times.length; k++) expect(times[k]).toBeGreaterThanOrEqual(times[k - 1] - 1e-9);
      }),
      { numRuns: 300 },
    );
  });
});
