import { LagMoments } from "@attune/core";
import type { ConditionData } from "./condition-data.ts";
import type { Estimator } from "./estimator.ts";

/** Consecutive segments that stand in for episodes where a condition is one long state. */
const SEGMENTS = 10;
/** Fewer episodes than this say too little about how much they differ. */
const FEWEST_EPISODES = 5;

/** The windows of one stretch of one state: what may be exchanged between conditions, left out, or drawn again. */
export interface Episode {
  readonly condition: string;
  readonly windows: readonly Float64Array[];
}

/** State episodes of a condition; a condition of fewer than five is cut into ten segments of time instead. */
export function episodesOf({ condition, set, episodes }: ConditionData): Episode[] {
  const groups = new Map<number, Float64Array[]>();
  set.windows.forEach((window, w) => {
    groups.set(episodes[w]!, [...(groups.get(episodes[w]!) ?? []), window]);
  });
  if (groups.size >= FEWEST_EPISODES) return [...groups.values()].map((windows) => ({ condition, windows }));
  const nSegments = Math.min(SEGMENTS, set.nWindows);
  return Array.from({ length: nSegments }, (_, s) => {
    const from = Math.floor((s * set.nWindows) / nSegments);
    const to = Math.floor(((s + 1) * set.nWindows) / nSegments);
    return { condition, windows: set.windows.slice(from, to) };
  });
}

/** The statistic of any subset of episodes, without going back to the samples where it can be avoided. */
export class EpisodeStatistic {
  readonly episodes: readonly Episode[];
  readonly #estimator: Estimator;
  readonly #moments: readonly LagMoments[] | undefined;
  readonly #sums: readonly { sum: Float64Array; n: number }[] | undefined;

  constructor(estimator: Estimator, episodes: readonly Episode[]) {
    this.#estimator = estimator;
    this.episodes = episodes;
    const additive = estimator.isPooled && estimator.settings.model.estimator === "ols";
    this.#moments = additive ? episodes.map(({ windows }) => estimator.moments(windows)) : undefined;
    this.#sums = estimator.isPooled ? undefined : episodes.map(({ windows }) => sumOf(estimator, windows));
  }

  /** @param members indices of episodes, with repeats where they were drawn with replacement */
  of(members: ArrayLike<number>): Float64Array {
    const list = Array.from(members);
    const moments = this.#moments;
    if (moments !== undefined) return this.#estimator.ofMoments(this.#total(moments, list));
    const sums = this.#sums;
    if (sums === undefined)
      return this.#estimator.ofWindows(list.flatMap((e) => [...this.episodes[e]!.windows]));
    const out = new Float64Array(this.#estimator.size);
    const n = list.reduce((count, e) => count + sums[e]!.n, 0);
    for (const e of list) for (let i = 0; i < out.length; i++) out[i]! += sums[e]!.sum[i]! / n;
    return out;
  }

  #total(moments: readonly LagMoments[], members: readonly number[]): LagMoments {
    const total = new LagMoments(this.#estimator.nChannels, this.#estimator.order);
    for (const e of members) total.add(moments[e]!);
    return total;
  }
}

function sumOf(estimator: Estimator, windows: readonly Float64Array[]): { sum: Float64Array; n: number } {
  const sum = new Float64Array(estimator.size);
  for (const window of windows) {
    const values = estimator.ofWindow(window);
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
  return { sum, n: windows.length };
}
