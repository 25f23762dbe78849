import { describe, expect, test } from "vitest";
import { EpisodeStatistic, episodesOf } from "./episodes.ts";
import { Estimator } from "./estimator.ts";
import { conditionOf, dyadWindows, quickSettings, ROWS } from "./example-windows.test-support.ts";

const base = quickSettings();
const ways = (["ols", "nuttall-strand", "biosig7"] as const).flatMap((estimator) =>
  (["pooled", "perWindowMean"] as const).map(
    (pooling) => [estimator, pooling, { ...base, model: { ...base.model, estimator, pooling } }] as const,
  ),
);
const windows = dyadWindows({ seed: 5, nWindows: 23, strength: 0.05 });

const expectClose = (a: Float64Array, b: Float64Array) => {
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i]!)).toBeLessThan(1e-10);
  });
};

describe("episodes of a condition", () => {
  test("are its state episodes where there are five of them", () => {
    const episodes = episodesOf(conditionOf("direct", windows));
    expect(episodes.map(({ windows: own }) => own.length)).toEqual([5, 5, 5, 5, 3]);
    expect(episodes.flatMap(({ windows: own }) => own)).toEqual(windows);
  });

  test("are ten segments of time where there are fewer, every window in one of them", () => {
    const episodes = episodesOf(conditionOf("direct", windows, { windowsPerEpisode: 6 }));
    expect(episodes).toHaveLength(10);
    expect(episodes.flatMap(({ windows: own }) => own)).toEqual(windows);
    for (const { windows: own } of episodes) expect([2, 3]).toContain(own.length);
  });

  test("are no more segments than windows", () => {
    const episodes = episodesOf(conditionOf("direct", windows.slice(0, 4), { windowsPerEpisode: 4 }));
    expect(episodes.map(({ windows: own }) => own.length)).toEqual([1, 1, 1, 1]);
  });
});

describe("the statistic of episodes", () => {
  test.each(ways)("%s, %s: of all of them is the statistic of all windows", (_, __, settings) => {
    const estimator = new Estimator(settings, ROWS);
    const statistic = new EpisodeStatistic(estimator, episodesOf(conditionOf("direct", windows)));
    expectClose(statistic.of([0, 1, 2, 3, 4]), estimator.ofWindows(windows));
  });

  test.each(ways)("%s, %s: one that is drawn twice counts twice", (_, __, settings) => {
    const estimator = new Estimator(settings, ROWS);
    const statistic = new EpisodeStatistic(estimator, episodesOf(conditionOf("direct", windows)));
    const twice = [4, 1, 4].flatMap((e) => windows.slice(5 * e, 5 * e + 5));
    expectClose(statistic.of([4, 1, 4]), estimator.ofWindows(twice));
  });
});
