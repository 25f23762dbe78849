import { OptionError, ShapeError } from "../errors.ts";
import { counterRandom, permutation } from "../random/index.ts";
import {
  againstNull,
  type CovariationNull,
  type CovariationStatistic,
  requireSeed,
} from "./covariation-null.ts";

/** A statistic of every adult with every infant. */
export interface PseudoDyads {
  readonly nDyads: number;
  /** `[nDyads, nDyads]`: row i and column j hold adult i with infant j; the diagonal holds the real dyads. */
  readonly values: Float64Array;
}

/**
 * Pairs every first member with every second one. All must come from the same condition and start at the same moment
 * of its timeline: then a pseudo-dyad shares the task and its drifts, and lacks only the partner.
 *
 * @param first  adults' series, all of one length
 * @param second infants' series of the same dyads in the same order
 * @throws ShapeError when numbers or lengths differ; cut the series to the shortest first
 */
export function pseudoDyads(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  statistic: CovariationStatistic,
): PseudoDyads {
  const nDyads = first.length;
  const length = first[0]?.length ?? 0;
  if (second.length !== nDyads)
    throw new ShapeError("pseudoDyads", `${nDyads} second members like first ones`, `${second.length}`);
  for (const series of [...first, ...second])
    if (series.length !== length)
      throw new ShapeError("pseudoDyads", `series of one length, ${length} samples`, `${series.length}`);
  const values = new Float64Array(nDyads * nDyads);
  for (let i = 0; i < nDyads; i++)
    for (let j = 0; j < nDyads; j++) values[i * nDyads + j] = statistic(first[i], second[j]);
  return { nDyads, values };
}

/**
 * The main test of one dyad: its value against those of its adult with every other infant.
 *
 * Exact: with independent members the real infant is as likely as any other to covary most. n dyads give n - 1
 * surrogates, so 20 dyads are the fewest that can reach p = .05; pool dyads with `pseudoDyadGroupNull`.
 *
 * @throws OptionError when there is no such dyad
 */
export function pseudoDyadNull(dyads: PseudoDyads, dyad: number): CovariationNull {
  const { nDyads, values } = dyads;
  if (!Number.isInteger(dyad) || dyad < 0 || dyad >= nDyads)
    throw new OptionError(`pseudoDyadNull: dyad must be 0 to ${nDyads - 1}, got ${dyad}.`);
  const others = new Float64Array(nDyads - 1);
  for (let j = 0; j < nDyads; j++) if (j !== dyad) others[j < dyad ? j : j - 1] = values[dyad * nDyads + j];
  return againstNull("pseudoDyad", values[dyad * nDyads + dyad], others);
}

/**
 * The main test of a sample: the mean over real dyads against the means of whole sets of dyads put together at
 * random, in which every infant occurs once.
 *
 * Chance may give an adult its own infant, as it must for the test to be exact: with sets that avoid every real dyad
 * 200 samples of 12 null dyads were rejected in 6.5 to 9.5 % at .05.
 *
 * Surrogate k draws from (seed, "pseudoDyad", k). A dyad without a value is left out of the observation and of every
 * set that would use it.
 *
 * @param options `nSurrogates` 999 or more for a report
 * @throws OptionError without surrogates to draw or a seed
 */
export function pseudoDyadGroupNull(
  dyads: PseudoDyads,
  options: { readonly nSurrogates: number; readonly seed: number },
): CovariationNull {
  const { nDyads, values } = dyads;
  const seed = requireSeed("pseudoDyadGroupNull", options.nSurrogates, options.seed);
  const meanOf = (infantOf: (i: number) => number): number => {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < nDyads; i++) {
      const value = values[i * nDyads + infantOf(i)];
      if (Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    return n === 0 ? Number.NaN : sum / n;
  };
  const surrogates = new Float64Array(nDyads < 2 ? 0 : options.nSurrogates);
  for (let k = 0; k < surrogates.length; k++) {
    const order = permutation(nDyads, counterRandom(seed, "pseudoDyad", k));
    surrogates[k] = meanOf((i) => order[i]);
  }
  return againstNull(
    "pseudoDyad",
    meanOf((i) => i),
    surrogates,
    seed,
  );
}
