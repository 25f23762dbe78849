import type { CovariationOfWindow, HeartOfPerson, Timeline } from "@attune/wire/page";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covariationSeries } from "./covariation-series.ts";
import { columnsOf, interbeatLine, steadyRange } from "./interbeat-line.ts";
import { placeOf, rsaTogether, trustOf } from "./read-hearts.ts";
import { overlapsOf, segmentsOf, voiceOf } from "./strips.ts";

type Interval = HeartOfPerson["intervals"][number];
const row = (at: number, interval: number | null, verdict = "ok", corrected = interval): Interval => ({
  at,
  interval,
  verdict,
  corrected,
});
const heart = (change: Partial<HeartOfPerson> = {}): HeartOfPerson => ({
  person: "infant",
  statusAt: 100,
  rate: 128,
  signalQuality: 0.97,
  coverage: 1,
  correctedShare: 0,
  rsa: null,
  rmssd: null,
  rsaTrend: [],
  intervals: [row(10, 450)],
  ...change,
});
const window = (change: Partial<CovariationOfWindow> = {}): CovariationOfWindow => ({
  measure: "m",
  series: "interbeat-interval",
  from: "adult",
  to: "infant",
  start: 40,
  end: 70,
  nValid: 30,
  coverage: 1,
  z: 0.3,
  lagSeconds: 2,
  lead: "adult leads infant by 2 s",
  nullPercentile: 0.99,
  nNull: 40,
  ...change,
});

describe("the line of interbeat intervals", () => {
  test("a corrected beat is drawn as corrected and marked by what was done to it", () => {
    const line = interbeatLine(
      [
        row(10, 800),
        row(10.3, 300, "extra", null),
        row(10.8, 800, "merged", 800),
        row(12.4, 1600, "missed", 800),
        row(12.9, 500, "ectopic", 800),
      ],
      0,
    );
    expect(line.values).toEqual([800, 800, 800, 800]);
    expect(line.marks).toEqual([
      { at: 10.8, value: 800, mark: "merged" },
      { at: 12.4, value: 800, mark: "missed" },
      { at: 12.9, value: 800, mark: "ectopic" },
    ]);
  });

  test("what is not known is a gap, and never 0 and never a straight line", () => {
    const { values, marks } = interbeatLine(
      [row(10, 800), row(11.9, 1900, "long", null), row(15, null, "missing", null), row(15.8, 800)],
      0,
    );
    expect(values).toEqual([800, null, 800]);
    expect(marks).toEqual([{ at: 11.9, value: 1900, mark: "unused" }]);
    // Beats that nobody told of.
    expect(interbeatLine([row(10, 800), row(20, 800)], 0).values).toEqual([800, null, 800]);
  });

  test("what is older than the view is left out", () => {
    expect(interbeatLine([row(10, 800), row(10.8, 800)], 10.5).times).toEqual([10.8]);
  });

  test("times rise whatever comes, and every drawn value was sent", () => {
    const anyRow = fc.record({
      at: fc.double({ min: 0, max: 100, noNaN: true }),
      interval: fc.option(fc.double({ min: 200, max: 2000, noNaN: true })),
      verdict: fc.constantFrom("ok", "extra", "merged", "ectopic", "missed", "short", "long", "missing"),
      corrected: fc.option(fc.double({ min: 200, max: 2000, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const sorted = [...rows].sort((a, b) => a.at - b.at);
        const { times, values } = interbeatLine(sorted, 0);
        for (let k = 1; k < times.length; k++) expect(times[k]).toBeGreaterThan(times[k - 1]!);
        const sent = new Set(rows.map(({ corrected }) => corrected));
        for (const value of values) expect(value === null || sent.has(value)).toBe(true);
      }),
    );
  });

  test("lines share one axis: nothing where one has no beat, null all through a break", () => {
    expect(
      columnsOf([
        { times: [1, 2, 4], values: [10, null, 12] },
        { times: [1.5, 2], values: [5, 6] },
      ]),
    ).toEqual({
      times: [1, 1.5, 2, 4],
      columns: [
        [10, null, null, 12],
        [undefined, 5, 6, undefined],
      ],
    });
    expect(steadyRange([433, 871], 100)).toEqual([400, 900]);
    expect(steadyRange([], 100)).toEqual([0, 100]);
    expect(steadyRange([400, 400], 100)).toEqual([400, 500]);
  });
});

describe("whether a heart may be read", () => {
  test("the first reason against it is said", () => {
    expect(trustOf(heart(), "infant", 101)).toEqual({ kind: "trusted" });
    expect(trustOf(heart({ statusAt: null, rate: null }), "infant", 101).kind).toBe("learning");
    expect(trustOf(heart({ signalQuality: 0, rate: null, intervals: [] }), "infant", 101).kind).toBe(
      "learning",
    );
    expect(trustOf(heart({ signalQuality: 0 }), "infant", 101).kind).toBe("lost");
    expect(trustOf(heart(), "infant", 112)).toEqual({ kind: "silent", seconds: 12 });
    expect(trustOf(heart({ signalQuality: 0.3 }), "infant", 101).kind).toBe("poor");
    expect(trustOf(heart({ rate: null }), "infant", 101).kind).toBe("noRate");
    expect(trustOf(heart({ coverage: 0.6 }), "infant", 101)).toEqual({ kind: "uncovered", share: 0.6 });
    // At the beginning half a minute cannot be covered yet.
    expect(trustOf(heart({ coverage: 0.6, intervals: [row(85, 450)] }), "infant", 101).kind).toBe("trusted");
  });

  test("an infant may have more corrected beats than an adult", () => {
    const corrected = heart({ correctedShare: 0.15 });
    expect(trustOf(corrected, "infant", 101).kind).toBe("trusted");
    expect(trustOf(corrected, "adult", 101)).toEqual({ kind: "corrected", share: 0.15, most: 0.1 });
  });

  test("RSA of both stands at the newest moment that both know, a heart that stopped at its own", () => {
    const trend = (...at: number[]) => at.map((each) => ({ at: each, value: each / 10 }));
    const adult = heart({ person: "adult", rsaTrend: trend(78, 79, 80) });
    const infant = heart({ rsaTrend: trend(80, 81, 82) });
    expect(rsaTogether([adult, infant])).toEqual(
      new Map([
        ["adult", { at: 80, value: 8 }],
        ["infant", { at: 80, value: 8 }],
      ]),
    );
    const stopped = heart({ rsaTrend: trend(20) });
    expect(rsaTogether([adult, stopped]).get("adult")!.at).toBe(80);
    expect(rsaTogether([adult, stopped]).get("infant")!.at).toBe(20);
    expect(rsaTogether([heart(), adult]).has("infant")).toBe(false);
    expect(rsaTogether([]).size).toBe(0);
  });
});

describe("windows of covariation", () => {
  test("a window stands out only outside the middle of the mismatched ones", () => {
    expect(placeOf(window())).toBe("above");
    expect(placeOf(window({ nullPercentile: 0.975 }))).toBe("inside");
    expect(placeOf(window({ nullPercentile: 0.01 }))).toBe("below");
    expect(placeOf(window({ nullPercentile: null }))).toBe("unknown");
    expect(placeOf(window({ z: null }))).toBe("unknown");
  });

  test("each lies at its middle in one column by its place; no value is a gap", () => {
    const series = covariationSeries(
      [
        window(),
        window({ start: 50, end: 80, z: null, nullPercentile: null }),
        window({ start: 60, end: 90, z: 0.1, nullPercentile: 0.5 }),
        window({ start: 70, end: 100, z: -0.1, nullPercentile: null }),
      ],
      40,
    );
    expect(series).toEqual({
      times: [15, 25, 35, 45],
      z: [0.3, null, 0.1, -0.1],
      outside: [0.3, null, null, null],
      inside: [null, null, 0.1, null],
      unplaced: [null, null, null, -0.1],
      percentile: [99, null, 50, null],
    });
  });
});

describe("strips of states and voices", () => {
  const said = (person: string, state: string, onset: number, offset: number | null) => ({
    person,
    layer: "voice",
    state,
    onset,
    offset,
  });
  const intervals: Timeline["intervals"] = [
    said("infant", "silent", 0, 5),
    said("infant", "vocalising", 5, 8),
    said("infant", "hiccup", 8, 9),
    said("infant", "cry", 9, null),
    said("adult", "speaking", 7, 9.5),
    { person: "adult", layer: "gaze", state: "direct", onset: 0, offset: null },
  ];

  test("rest is empty, what still holds goes to the end, and both ends are cut", () => {
    expect(segmentsOf(intervals, { person: "infant", layer: "voice" }, 6, 10)).toEqual([
      { state: "vocalising", from: 6, to: 8 },
      { state: "hiccup", from: 8, to: 9 },
      { state: "cry", from: 9, to: 10 },
    ]);
    expect(segmentsOf(intervals, { person: "adult", layer: "voice" }, 10, 12)).toEqual([]);
  });

  test("where both speak is the overlap of voices, and a hiccup is none", () => {
    const [adult, infant] = ["adult", "infant"].map((person) => voiceOf(intervals, person, 0, 10));
    expect(overlapsOf(adult!, infant!)).toEqual([
      { state: "both", from: 7, to: 8 },
      { state: "both", from: 9, to: 9.5 },
    ]);
    expect(overlapsOf(adult!, [])).toEqual([]);
  });
});
