import { counterRandom, mean, permutationP, permuteEpisodeLabels, standardDeviation } from "@attune/core";
import type { ConditionData } from "./condition-data.ts";
import { EpisodeStatistic, episodesOf } from "./episodes.ts";
import type { Estimator } from "./estimator.ts";
import type { ConditionResult, ContrastResult } from "./result.ts";

/** Estimators that have to fit every permutation anew get fewer of them. */
const MOST_REFITTED_PERMUTATIONS = 200;

/**
 * Is coupling different between two conditions? The labels of whole state episodes are permuted, because windows of one episode
 * are not exchangeable. The difference shown is that of the corrected values; the test holds the raw difference
 * against its own permutation distribution, whose mean carries whatever unequal amounts of data do to the chance level.
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
  const episodes = [first, second].flatMap(({ condition }) =>
    episodesOf(data.find((each) => each.condition === condition)!),
  );
  const statistic = new EpisodeStatistic(estimator, episodes);
  const labels = episodes.map(({ condition }) => condition);
  const differenceOf = (labelled: readonly string[]): Float64Array => {
    const members = (condition: string) => labelled.flatMap((label, e) => (label === condition ? [e] : []));
    const a = estimator.means(statistic.of(members(first.condition)));
    const b = estimator.means(statistic.of(members(second.condition)));
    return a.map((value, v) => value - b[v]!);
  };
  const observed = differenceOf(labels);
  const refits = estimator.isPooled && settings.model.estimator !== "ols";
  const nPermutations = refits
    ? Math.min(settings.nSurrogates, MOST_REFITTED_PERMUTATIONS)
    : settings.nSurrogates;
  const draws: Float64Array[] = [];
  for (let s = 0; s < nPermutations; s++) {
    const uniform = counterRandom(settings.seed, first.condition, second.condition, "contrast", s);
    draws.push(differenceOf(permuteEpisodeLabels(labels, uniform)));
  }
  return directions.flatMap(({ from, to }, d) =>
    settings.bands.map(({ name: band }, b) => {
      const v = d * settings.bands.length + b;
      const nullDraws = draws.map((draw) => draw[v]!).filter(Number.isFinite);
      const nullMean = mean(nullDraws);
      const nullSd = standardDeviation(nullDraws);
      const deviations = nullDraws.map((draw) => Math.abs(draw - nullMean));
      return {
        conditionA: first.condition,
        conditionB: second.condition,
        from,
        to,
        band,
        measure: settings.measure,
        difference: correctedOf(first, from, to, band) - correctedOf(second, from, to, band),
        nullMean,
        nullSd,
        z: (observed[v]! - nullMean) / nullSd,
        p: permutationP(Math.abs(observed[v]! - nullMean), deviations),
        q: Number.NaN,
        nPermutations,
      };
    }),
  );
}

const correctedOf = (result: ConditionResult, from: string, to: string, band: string): number =>
  result.directions.find((each) => each.from === from && each.to === to && each.band === band)!.corrected;
