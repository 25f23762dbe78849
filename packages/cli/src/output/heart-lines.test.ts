import type { HeartTotals } from "@attune/live";
import type { Covariation, HeartOutput } from "@attune/signal";
import { expect, test } from "vitest";
import { heartJson, heartSummary, qualityWord } from "./heart-lines.ts";
import { covariationLine } from "./live-line.ts";

const nothing = { n: 0, mean: Number.NaN, variance: Number.NaN };
const covariation: Covariation = {
  kind: "covariation",
  measure: "wlcc-mean-z-ibi-1hz-lag-3s",
  series: "interbeat-interval",
  from: "adult",
  to: "infant",
  start: 70,
  end: 100,
  nValid: 30,
  coverage: 1,
  z: 0.254,
  maxAbsZ: 0.7,
  lagSeconds: 2,
  peakLagSeconds: 1,
  lead: "adult leads infant by 2 s",
  nullPercentile: 0.94,
  nNull: 40,
  nWindows: 9,
  nWithoutValue: 2,
  byLayer: [
    {
      person: "adult",
      layer: "gaze",
      mixed: { n: 2, mean: 0.1, variance: 0.2 },
      states: [
        {
          state: "direct",
          inside: { n: 4, mean: 0.31, variance: 0.1 },
          outside: nothing,
          difference: 0,
          hedgesG: 0,
        },
        { state: "averted", inside: nothing, outside: nothing, difference: Number.NaN, hedgesG: Number.NaN },
      ],
    },
  ],
};

test("a window of two hearts says when, how much, who leads, and where that lies among chance", () => {
  expect(covariationLine(covariation)).toBe(
    "  1:40  heart adult with infant, 1:10-1:40: z 0.25, adult leads infant by 2 s, above 94 % of the past's mismatched windows",
  );
  expect(covariationLine({ ...covariation, nullPercentile: Number.NaN })).toContain("null not known yet");
});

test("a window without a value says so and why, and shows no zero", () => {
  expect(
    covariationLine({ ...covariation, series: "rsa", z: Number.NaN, coverage: 0.5, lead: "no lag" }),
  ).toBe("  1:40  RSA adult with infant, 1:10-1:40: no value (50 % of it known)");
});

test("the summary says what hearts rest on, and covariation by the states that occurred", () => {
  const totals: HeartTotals = {
    people: [
      {
        person: "infant",
        nBeats: 155,
        nIntervals: 154,
        nCorrected: 3,
        correctedShare: 3 / 154,
        coverage: 0.97,
        signalQuality: 0.6,
      },
    ],
    covariations: [covariation],
  };
  expect(heartSummary(totals)).toEqual([
    "infant's heart: 155 beats, 1.9 % of intervals corrected, known 97.0 % of the time, signal fair",
    "Covariation of heart rate, adult with infant: 9 windows, 2 without a value",
    "  adult gaze direct: mean z 0.31 in 4 windows",
  ]);
  expect(heartSummary({ people: [], covariations: [] })).toEqual([]);
});

test("quality is a word; none is unknown", () => {
  expect([0.9, 0.6, 0.2, 0, Number.NaN].map(qualityWord)).toEqual([
    "good",
    "fair",
    "poor",
    "unknown",
    "unknown",
  ]);
});

test("lines for programs leave out what intervals say already, write series as lists, and NaN as null", () => {
  const rsa: HeartOutput = {
    kind: "rsa",
    person: "adult",
    samplingRate: 5,
    firstIndex: 100,
    values: Float64Array.of(5.5, Number.NaN),
  };
  expect(JSON.parse(heartJson(rsa)!)).toMatchObject({ kind: "rsa", values: [5.5, null] });
  expect(JSON.parse(heartJson({ ...covariation, z: Number.NaN })!)).toMatchObject({
    kind: "covariation",
    z: null,
  });
  expect(heartJson({ ...rsa, kind: "heart-series" })).toBeUndefined();
});
