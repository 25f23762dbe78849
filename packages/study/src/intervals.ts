import { blockBootstrap, counterRandom, jackknife } from "@attune/core";
import type { ConditionData } from "./condition-data.ts";
import { EpisodeStatistic, episodesOf } from "./episodes.ts";
import type { Estimator } from "./estimator.ts";

/** Resamples of the block bootstrap. */
const RESAMPLES = 500;

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/** 95 % intervals of the raw values, `[direction, band]`, over state episodes: windows of one episode belong together. */
export function intervalsOf(estimator: Estimator, data: ConditionData, full: Float64Array): Interval[] {
  const { interval, seed } = estimator.settings;
  const episodes = episodesOf(data);
  const none = { low: Number.NaN, high: Number.NaN, method: "none" };
  if (interval === "none" || episodes.length < 3) return Array.from(full, () => none);
  const statistic = new EpisodeStatistic(estimator, episodes);
  const all = episodes.map((_, e) => e);
  if (interval === "jackknife") {
    const leftOut = all.map((left) => estimator.means(statistic.of(all.filter((e) => e !== left))));
    return Array.from(full, (value, v) => {
      const { low, high } = jackknife(
        leftOut.map((means) => means[v]!),
        value,
      );
      return { low, high, method: `jackknife over ${episodes.length} episodes` };
    });
  }
  const uniform = counterRandom(seed, data.condition, "bootstrap");
  const replicates: Float64Array[] = [];
  blockBootstrap(
    episodes.length,
    (drawn) => {
      replicates.push(estimator.means(statistic.of(drawn)));
      return 0;
    },
    { nResamples: RESAMPLES, uniform },
  );
  return Array.from(full, (_, v) => {
    const sorted = replicates
      .map((means) => means[v]!)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
    return { low: at(0.025), high: at(0.975), method: `block bootstrap over ${episodes.length} episodes` };
  });
}
