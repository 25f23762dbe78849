import { counterRandom, mean, permutationP, permuteEpisodeLabels, standardDeviation } from "@attune/core";
import type { ConditionData } from "./condition-data.ts";
import { EpisodeStatistic, episodesOf } from "./episodes.ts";
import type { Estimator } from "./estimator.ts";
import type { ConditionResult, ContrastResult } from "./result.ts";

/** Estimators that have to fit every permutation anew get fewer of them. */
const MOST_REFITTED_PERMUTATIONS = 200;

/**
 * Is coupling different between two conditions? The labels of whole state episodes are permuted, because windows of one
 * episode are not exchangeable. The statistic is the difference of the values above their analytic chance levels, in units
 * of those levels: conditions that differ in power, in how peaked a rhythm is, or in coupling the other way
 * differ in chance level and in scatter, and a plain difference would call that a difference in coupling.
 *
 * @see Janssen, Stat Probab Lett 36:9, 1997; Chung & Romano, Ann Stat 41:484, 2013 (studentised permutation tests).
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
  const differenceOf = (labelled: readonly string[]): Difference => {
    const members = (condition: string) => labelled.flatMap((label, e) => (label === condition ? [e] : []));
    return differenceAboveFloor(
      statistic.aboveFloor(members(first.condition)),
      statistic.aboveFloor(members(second.condition)),
    );
  };
  const observed = differenceOf(labels);
  const refits = estimator.isPooled && settings.model.estimator !== "ols";
  const nPermutations = refits
    ? Math.min(settings.nSurrogates, MOST_REFITTED_PERMUTATIONS)
    : settings.nSurrogates;
  const draws: Difference[] = [];
  for (let s = 0; s < nPermutations; s++) {
    const uniform = counterRandom(settings.seed, first.condition, second.condition, "contrast", s);
    draws.push(differenceOf(permuteEpisodeLabels(labels, uniform)));
  }
  return directions.flatMap(({ from, to }, d) =>
    settings.bands.map(({ name: band }, b) => {
      const v = d * settings.bands.length + b;
      const raw = draws.map((draw) => draw.raw[v]!).filter(Number.isFinite);
      const scaled = draws.map((draw) => draw.scaled[v]!).filter(Number.isFinite);
      const centre = mean(scaled);
      const deviation = observed.scaled[v]! - centre;
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
        z: deviation / standardDeviation(scaled),
        p: permutationP(
          Math.abs(deviation),
          scaled.map((draw) => Math.abs(draw - centre)),
        ),
        q: Number.NaN,
        nPermutations,
      };
    }),
  );
}

/** Differences between two sets of episodes, `[direction, band]`. */
interface Difference {
  /** Of the values above their chance levels. */
  readonly raw: Float64Array;
  /** The same in units of the chance levels, which are also what scatter is made of where there is no coupling. */
  readonly scaled: Float64Array;
}

type Measured = ReturnType<EpisodeStatistic["aboveFloor"]>;

function differenceAboveFloor(a: Measured, b: Measured): Difference {
  const excess = ({ means, floors }: Measured, v: number): number => means[v]! - (floors?.[v] ?? 0);
  const raw = a.means.map((_, v) => excess(a, v) - excess(b, v));
  const scaled = raw.map((difference, v) =>
    a.floors === undefined || b.floors === undefined
      ? difference
      : difference / Math.hypot(a.floors[v]!, b.floors[v]!),
  );
  return { raw, scaled };
}

const correctedOf = (result: ConditionResult, from: string, to: string, band: string): number =>
  result.directions.find((each) => each.from === from && each.to === to && each.band === band)!.corrected;
