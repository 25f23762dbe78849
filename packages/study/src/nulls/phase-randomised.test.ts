import { counterRandom } from "@attune/core";
import { describe, expect, test } from "vitest";
import { prepared } from "../condition-data.ts";
import { conditionOf, dyadWindows, N_SAMPLES, quickSettings, ROWS } from "../example-windows.test-support.ts";
import { randomisePhases } from "./phase-randomised.ts";

const HOP = 100;
const settings = quickSettings({ window: { seconds: 1, overlap: 0.5 } });
const demeaning = { ...settings, model: { ...settings.model, demean: true } };
const people = ROWS.map(({ nChannels }) => ({ nChannels }));
const noTurn = () => 0;
const random = () => counterRandom(1, "phases");

/** Overlapping windows of a recording that drifts, so that every window has another mean. */
const recorded = dyadWindows({ seed: 1, nWindows: 12, hop: HOP }).map((window, w) =>
  window.map((value, i) => value + 0.3 * (w * HOP + (i % N_SAMPLES))),
);
const windows = recorded.map((window) => prepared(window, people, N_SAMPLES, true));
const data = { ...conditionOf("direct", windows, { hop: HOP, windowsPerEpisode: 12 }), recorded };

const expectEqual = (actual: readonly Float64Array[], expected: readonly Float64Array[]) =>
  actual.forEach((window, w) => {
    window.forEach((value, i) => {
      expect(Math.abs(value - expected[w]![i]!)).toBeLessThan(1e-9);
    });
  });

describe("windows with new phases", () => {
  test("are the windows themselves where no phase turns, although their means were taken out one by one", () => {
    expectEqual(randomisePhases(data, demeaning, noTurn), windows);
  });

  test("differ in the second head and not in the first", () => {
    randomisePhases(data, demeaning, random()).forEach((window, w) => {
      expect(window.subarray(0, 400)).toEqual(windows[w]!.subarray(0, 400));
      expect(window.subarray(400)).not.toEqual(windows[w]!.subarray(400));
    });
  });

  test("overlap as the recorded ones do: they come from one run", () => {
    const turned = randomisePhases(data, settings, random());
    for (let w = 1; w < turned.length; w++)
      for (let n = 0; n < N_SAMPLES - HOP; n++)
        expect(turned[w]![2 * N_SAMPLES + n]).toBe(turned[w - 1]![2 * N_SAMPLES + n + HOP]);
  });

  test("of one run keep its power in every channel", () => {
    const whole = { ...settings, window: { seconds: 1, overlap: 0 } };
    const apart = conditionOf("direct", dyadWindows({ seed: 2, nWindows: 10 }), { windowsPerEpisode: 10 });
    const power = (all: readonly Float64Array[], c: number) =>
      all.reduce(
        (sum, window) =>
          sum + window.subarray(c * N_SAMPLES, (c + 1) * N_SAMPLES).reduce((s, x) => s + x * x, 0),
        0,
      );
    const turned = randomisePhases(apart, whole, random());
    for (let c = 0; c < 4; c++) expect(power(turned, c) / power(apart.set.windows, c)).toBeCloseTo(1, 10);
  });

  test.each([
    ["a hole", { firstIndices: [0, 200, 600, 800], episodes: [0, 0, 0, 0] }],
    ["a new episode", { firstIndices: [0, 200, 400, 600], episodes: [0, 0, 1, 1] }],
  ])("are turned run by run where there is %s", (_, place) => {
    const whole = { ...settings, window: { seconds: 1, overlap: 0 } };
    const four = conditionOf("direct", dyadWindows({ seed: 3, nWindows: 4 }));
    const both = randomisePhases({ ...four, ...place }, whole, random());
    const firstTwo = conditionOf("direct", four.set.windows.slice(0, 2));
    expect(both.slice(0, 2)).toEqual(randomisePhases(firstTwo, whole, random()));
  });
});
