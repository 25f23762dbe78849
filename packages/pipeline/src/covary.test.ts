import {
  GatedIntervals,
  interbeatSeries,
  OnlineInterbeatGate,
  slidingRsa,
  windowedCrossCorrelation,
} from "@attune/core";
import type { Covariation, SampleChunk } from "@attune/signal";
import { describe, expect, test } from "vitest";
import {
  beatsOf,
  change,
  covariationsOf,
  dyad,
  dyadHearts,
  heartOf,
  LAG,
  quantile,
  RATE,
  runHearts,
} from "./example-hearts.test-support.ts";

describe("two hearts held against each other", () => {
  const long = dyad(420);
  const whole = runHearts(long);

  test("the planted lag is found in nearly every window, and exchanging the people negates every lag", () => {
    const windows = covariationsOf(whole);
    expect(windows.length).toBeGreaterThan(35);
    for (const { from, to, coverage } of windows)
      expect([from, to, coverage]).toEqual(["adult", "infant", 1]);
    expect(windows.filter(({ lagSeconds }) => lagSeconds === LAG).length / windows.length).toBeGreaterThan(
      0.9,
    );
    expect(windows.filter(({ lead }) => lead === "adult leads infant by 2 s").length).toBeGreaterThan(30);
    const known = windows.filter(({ nullPercentile }) => !Number.isNaN(nullPercentile));
    expect(known.length).toBeGreaterThan(20);
    expect(
      quantile(
        known.map(({ nullPercentile }) => nullPercentile),
        0.5,
      ),
    ).toBeGreaterThan(0.9);
    // Two adults, so that the order in which they are listed decides who is first.
    const two = (ids: readonly string[]) => ({
      ...dyadHearts,
      people: ids.map((id) => ({
        ...heartOf(id, "adult", RATE),
        streamId: id === "a" ? "adult-ecg" : "infant-ecg",
      })),
    });
    const [forth, back] = [runHearts(long, two(["a", "b"])), runHearts(long, two(["b", "a"]))].map((all) =>
      covariationsOf(all),
    );
    expect(forth!.length).toBe(windows.length);
    for (const [w, { z, lagSeconds, peakLagSeconds }] of forth!.entries()) {
      const other = back![w]!;
      expect(other.z).toBeCloseTo(z, 12);
      expect(other.lagSeconds).toBe(-lagSeconds);
      expect(other.peakLagSeconds).toEqual(-peakLagSeconds);
    }
  });

  test("windows begin at multiples of the step, and equal the offline measure on the same beats to the bit", () => {
    for (const series of ["interbeat-interval", "rsa"] as const) {
      const measure = dyadHearts.measures.find((each) => each.series === series)!;
      const windows = covariationsOf(whole, series);
      expect(windows.length).toBeGreaterThan(25);
      const [a, b] = long.map((chunk, member) =>
        offlineSeries(chunk, member === 0 ? "adult" : "infant", series),
      );
      const first = windows[0]!.start - measure.maxLagSeconds;
      const until = Math.min(a!.first + a!.values.length, b!.first + b!.values.length);
      const cut = (line: { first: number; values: Float64Array }) =>
        line.values.slice(first - line.first, until - line.first);
      const offline = windowedCrossCorrelation(cut(a!), cut(b!), {
        ...measure,
        samplingRate: 1,
        anchor: "latest",
      });
      for (const [w, window] of windows.entries()) {
        expect(window.start % measure.stepSeconds).toBe(0);
        expect(window.end - window.start).toBe(measure.windowSeconds);
        expect(window.start).toBe(first + offline.starts[w]!);
        expect(window.z).toBe(offline.z[w]);
        expect(window.lagSeconds).toBe(offline.argmax.lags[w]);
      }
      expect(windows.length).toBeGreaterThanOrEqual(offline.starts.length - 1);
    }
  });

  test("windows are gathered by the states that held, unknown is none of them", () => {
    const states = [
      change("adult", "touch", "none", 100),
      change("adult", "touch", "static", 200),
      change("adult", "touch", "none", 300),
      change("infant", "touch", "stroking", 10),
    ];
    const last = covariationsOf(runHearts([...states, ...long])).at(-1)!;
    const [layer] = last.byLayer;
    expect(last.byLayer).toHaveLength(1);
    expect(layer!.states.map(({ state }) => state)).toEqual(["none", "static"]);
    const all = covariationsOf(whole);
    const share =
      (from: number, to: number) =>
      ({ start, end }: Covariation) =>
        Math.max(0, Math.min(end, to) - Math.max(start, from)) / (end - start);
    const touched = all.filter((each) => share(200, 300)(each) >= 0.5);
    const { inside, outside } = layer!.states[1]!;
    expect(inside.n).toBe(touched.length);
    expect(inside.mean).toBeCloseTo(touched.reduce((sum, { z }) => sum + z, 0) / touched.length, 12);
    // Before 100 s nobody knows whether there was touch.
    expect(outside.n).toBe(all.filter((each) => share(200, 300)(each) === 0 && each.start >= 100).length);
    expect(layer!.mixed.n + inside.n + layer!.states[0]!.inside.n).toBeGreaterThanOrEqual(all.length);
    expect(last.nWindows).toBe(all.length);
  });
});

/** The same beats, through the kernels for whole recordings. */
function offlineSeries(
  chunk: SampleChunk,
  population: "adult" | "infant",
  series: Covariation["series"],
): { readonly first: number; readonly values: Float64Array } {
  const beats = beatsOf(runHearts([chunk]), population).map(({ at }) => at);
  const gate = new OnlineInterbeatGate({ population });
  const gated = new GatedIntervals();
  const times: number[] = [];
  const intervals: number[] = [];
  for (const beat of beats) {
    const settled = gated.push(gate.push(beat));
    times.push(...settled.times);
    intervals.push(...settled.intervals);
  }
  const knots = { times: Float64Array.from(times), intervals: Float64Array.from(intervals) };
  if (series === "interbeat-interval") {
    const { startTime, values } = interbeatSeries(knots, { samplingRate: 1, method: "bin-mean" });
    return { first: startTime, values };
  }
  const rsa = slidingRsa(interbeatSeries(knots, { samplingRate: 5 }), { population });
  const first = Math.ceil(rsa.startTime - 1e-9);
  const skipped = Math.round((first - rsa.startTime) * 5);
  return { first, values: rsa.values.filter((_, k) => k >= skipped && (k - skipped) % 5 === 0) };
}
