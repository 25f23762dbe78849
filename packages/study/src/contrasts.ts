import { counterRandom, mean, permutationP, permuteEpisodeLabels, standardDeviation } from "@attune/core";
import type { ConditionData } from "./condition-data.ts";
import { EpisodeStatistic, episodesOf } from "./episodes.ts";
import type { Estimator } from "./estimator.ts";
import type { ConditionResult, ContrastResult } from "./result.ts";

/**
 * Is coupling different between two conditions? Whole state episodes are exchanged, because windows of one episode are not
 * exchangeable; what is exchanged are their jackknife pseudo-values,
 *
 *     pv_e = h c - (h - 1) c_(-e),   h = N / n_e,   T = (mean_A - mean_B) / sqrt(var_A + var_B)
 *
 * with c the value of an episode's condition, c_(-e) the same without it, n_e of N windows in it, and means weighted by
 * windows. The pseudo-values carry no chance level (the jackknife takes out what falls as one over the data), and no model is
 * ever fitted to a mixture of two conditions: those differ in power, in rhythm, and in coupling the other
 * way, and a mixture of two processes is a third one.
 *
 * @see Busing, Meijer, van der Leeden, Stat Comput 9:3, 1999 (unequal groups); Janssen, Stat Probab Lett 36:9, 1997, Chung &
 *   Romano, Ann Stat 41:484, 2013 (studentised permutation tests).
 */
export function contrastConditions(
  estimator: Estimator,
  data: readonly ConditionData[],
  results: readonly ConditionResult[],
): ContrastResult[] {
  const reported = results.filter((result) => result.reported);
  const contrasts: ContrastResult[] = [];
  for (let a = 0; a < reported.length; a++) {
    for (let b = a + 1; b < reported.length; b++) {
      const [first, second] = byName(reported[a]!, reported[b]!);
      contrasts.push(...contrast(estimator, data, first, second));
    }
  }
  return contrasts;
}

/** `direct` before anything else, then the alphabet: differences then read "direct minus averted". */
function byName(a: ConditionResult, b: ConditionResult): [ConditionResult, ConditionResult] {
  return b.condition === "direct" ? [b, a] : [a, b];
}

function contrast(
  estimator: Estimator,
  data: readonly ConditionData[],
  first: ConditionResult,
  second: ConditionResult,
): ContrastResult[] {
  const { settings, directions } = estimator;
  const groups = [first, second].map(({ condition }) =>
    pseudoValues(estimator, data.find((each) => each.condition === condition)!),
  );
  const all = groups.flat();
  const labels = groups.flatMap((group, g) => group.map(() => g));
  const size = directions.length * settings.bands.length;
  const observed = welch(all, labels, size);
  const draws: Difference[] = [];
  for (let s = 0; s < settings.nSurrogates; s++) {
    const uniform = counterRandom(settings.seed, first.condition, second.condition, "contrast", s);
    draws.push(welch(all, permuteEpisodeLabels(labels, uniform), size));
  }
  return directions.flatMap(({ from, to }, d) =>
    settings.bands.map(({ name: band }, b) => {
      const v = d * settings.bands.length + b;
      const raw = draws.map(({ difference }) => difference[v]!).filter(Number.isFinite);
      const scaled = draws.map(({ t }) => Math.abs(t[v]!)).filter(Number.isFinite);
      return {
        conditionA: first.condition,
        conditionB: second.condition,
        from,
        to,
        band,
        measure: settings.measure,
        difference: correctedOf(first, from, to, band) - correctedOf(second, from, to, band),
        nullMean: mean(raw),
        nullSd: standardDeviation(raw),
        z: observed.t[v]!,
        p: permutationP(Math.abs(observed.t[v]!), scaled),
        q: Number.NaN,
        nPermutations: draws.length,
      };
    }),
  );
}

/** One episode's share in the value of its condition, `[direction, band]`, and how many windows it stands for. */
interface PseudoValue {
  readonly values: Float64Array;
  readonly nWindows: number;
}

function pseudoValues(estimator: Estimator, data: ConditionData): PseudoValue[] {
  const episodes = episodesOf(data);
  const statistic = new EpisodeStatistic(estimator, episodes);
  const everyone = episodes.map((_, e) => e);
  const full = estimator.means(statistic.of(everyone));
  const total = data.set.nWindows;
  return episodes.map(({ windows }, left) => {
    const without = estimator.means(statistic.of(everyone.filter((e) => e !== left)));
    const h = total / windows.length;
    return { values: full.map((value, v) => h * value - (h - 1) * without[v]!), nWindows: windows.length };
  });
}

/** `[direction, band]`: difference of the weighted means, and the same in units of its standard error. */
interface Difference {
  readonly difference: Float64Array;
  readonly t: Float64Array;
}

function welch(all: readonly PseudoValue[], labels: readonly number[], size: number): Difference {
  const difference = new Float64Array(size);
  const t = new Float64Array(size);
  const groups = [0, 1].map((g) => all.filter((_, e) => labels[e] === g));
  for (let v = 0; v < size; v++) {
    const [a, b] = groups.map((group) => weightedMean(group, v)) as [Weighted, Weighted];
    difference[v] = a.mean - b.mean;
    t[v] = difference[v]! / Math.sqrt(a.variance + b.variance);
  }
  return { difference, t };
}

interface Weighted {
  readonly mean: number;
  readonly variance: number;
}

function weightedMean(group: readonly PseudoValue[], v: number): Weighted {
  const total = group.reduce((sum, { nWindows }) => sum + nWindows, 0);
  const centre = group.reduce((sum, { values, nWindows }) => sum + (nWindows / total) * values[v]!, 0);
  const variance = group.reduce(
    (sum, { values, nWindows }) => sum + ((nWindows / total) * (values[v]! - centre)) ** 2,
    0,
  );
  return { mean: centre, variance };
}

const correctedOf = (result: ConditionResult, from: string, to: string, band: string): number =>
  result.directions.find((each) => each.from === from && each.to === to && each.band === band)!.corrected;
