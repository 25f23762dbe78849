import { describe, expect, test } from "vitest";
import { defaultDyadSettings } from "../request.ts";
import type { TimelineEvents, TimelineSeries } from "./courses.ts";
import { askTogether } from "./questions.ts";

const time = { start: 0, end: 600, epochSeconds: 30, nEpochs: 20 };
const events: TimelineEvents[] = ["adult's touch begins", "infant's touch begins"].map((name, k) => ({
  name,
  onsets: Float64Array.from({ length: 10 }, (_, i) => 40 + 7 * k + 52 * i + 3 * Math.sin(5 * i)),
}));
const wave = (key: number): Float64Array =>
  Float64Array.from({ length: 600 }, (_, t) => Math.sin(t / 7 + key) + Math.sin(t / 11.3 + 3 * key));
const series: TimelineSeries[] = [
  { name: "cardiac covariation", unit: "z", series: { values: wave(1), startTime: 0, samplingRate: 1 } },
  {
    name: "interbeat interval of adult",
    unit: "ms",
    series: { values: wave(2), startTime: 0, samplingRate: 1 },
  },
  {
    name: "brain coupling adult->infant",
    unit: "squared GPDC",
    series: { values: wave(3), startTime: 0, samplingRate: 1 },
  },
];
const ask = (nSurrogates: number, isLeak = false) =>
  askTogether(
    events,
    series,
    time,
    { ...defaultDyadSettings, nSurrogates, exploratorySurrogates: nSurrogates },
    isLeak,
  ).rows;

describe("questions across signals", () => {
  test("touch of either person is a question of its own", () => {
    const asked = ask(99).map(({ question }) => question);
    expect(asked).toContain("Does cardiac covariation change after adult's touch begins?");
    expect(asked).toContain("Does cardiac covariation change after infant's touch begins?");
  });

  test("where surrogates are too few for q, it cannot be said, and how many would do is", () => {
    const rows = ask(19);
    expect(rows.length).toBe(7);
    for (const { words, canReach, stands } of rows) {
      expect([canReach, stands]).toEqual([false, false]);
      expect(words).toMatch(/Cannot be said: 19 surrogates are too few .* 139 or more are needed/);
    }
    const enough = ask(199).filter(({ stands }) => !stands);
    expect(enough.length).toBeGreaterThan(0);
    for (const { words } of enough) expect(words).toContain("No evidence");
  });

  test("a largest absolute correlation is asked on one side: no interval, but what chance stays below", () => {
    const row = ask(99).find(({ unit }) => unit === "|r|")!;
    expect([row.low, row.high]).toEqual([Number.NaN, Number.NaN]);
    expect(row.nullUpper).toBeGreaterThan(row.nullMean);
    expect(row.words).toContain("19 times in 20 below");
  });

  test("under a leak covariation changes on paper only", () => {
    const rising = events[0]!.onsets;
    const planted = wave(1).map((value, t) => value + (rising.some((at) => t >= at && t < at + 30) ? 6 : 0));
    const rows = askTogether(
      events.slice(0, 1),
      [{ ...series[0]!, series: { values: planted, startTime: 0, samplingRate: 1 } }],
      time,
      { ...defaultDyadSettings, nSurrogates: 199 },
      true,
    ).rows;
    expect(rows[0]).toMatchObject({ stands: true });
    expect(rows[0]!.words).toContain("Yes, on paper:");
  });
});
