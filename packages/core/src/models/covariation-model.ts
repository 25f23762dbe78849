import { OptionError, ShapeError } from "../errors.ts";
import type { ModelTerm } from "./model-term.ts";
import { type RandomInterceptModel, randomInterceptModel } from "./random-intercept-model.ts";
import { type WithinDyadModel, withinDyadModel } from "./within-dyad-model.ts";

/** Epoch values of many dyads in long format: one row is one epoch (30 s as a rule) of one dyad. */
export interface DyadEpochs {
  /** `[nRows]` */
  readonly dyad: ArrayLike<number | string>;
  /** `[nRows]`, number of the epoch within its dyad. */
  readonly epoch: ArrayLike<number>;
  /** `[nRows]`, the members' values, NaN where missing. */
  readonly adult: ArrayLike<number>;
  readonly infant: ArrayLike<number>;
  /** `[nRows]`, what the dyad went through in the epoch; leave out for a single condition. */
  readonly condition?: ArrayLike<string>;
}

export interface CovariationModelOptions {
  /** The condition that the others are compared with. Default the first that occurs. */
  readonly referenceCondition?: string;
  /** Whether covariation may change over epochs, in each condition; default false. */
  readonly changesOverTime?: boolean;
}

/**
 * The terms of the covariation model.
 *
 *     b_it = u_i + beta (a_it - mean_i a) + gamma t + condition x a (+ a x t + condition x a x t)
 *
 * `adult` is the covariation in the reference condition, `adult x stress` by how much it differs in `stress`. Each
 * condition also gets its level where it varies within a dyad; where it does not, only the random-intercept model
 * can tell it from the dyad's own.
 */
function covariationTerms(
  data: DyadEpochs,
  options: CovariationModelOptions,
  withLevels: boolean,
): ModelTerm[] {
  const { dyad, epoch, adult, infant, condition } = data;
  const n = infant.length;
  for (const [name, column] of Object.entries({ dyad, epoch, adult, condition }))
    if (column !== undefined && column.length !== n)
      throw new ShapeError("covariationModel", `${n} rows of ${name} like infant`, `${column.length}`);
  const sums = new Map<number | string, { sum: number; n: number }>();
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(adult[i]) || Number.isNaN(infant[i])) continue;
    const entry = sums.get(dyad[i]) ?? { sum: 0, n: 0 };
    sums.set(dyad[i], { sum: entry.sum + adult[i], n: entry.n + 1 });
  }
  const centred = Float64Array.from({ length: n }, (_, i) => {
    const entry = sums.get(dyad[i]);
    return entry === undefined ? Number.NaN : adult[i] - entry.sum / entry.n;
  });
  const conditions = condition === undefined ? [] : [...new Set(Array.from(condition))];
  const { referenceCondition = conditions[0], changesOverTime = false } = options;
  if (referenceCondition !== undefined && !conditions.includes(referenceCondition))
    throw new OptionError(
      `covariationModel: referenceCondition ${referenceCondition} does not occur; there are ${conditions.join(", ") || "none"}.`,
    );
  const others = conditions.filter((name) => name !== referenceCondition);
  const inCondition = (name: string, value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => (condition?.[i] === name ? value(i) : 0));
  const terms: ModelTerm[] = [{ name: "adult", values: centred }];
  if (withLevels) for (const name of others) terms.push({ name, values: inCondition(name, () => 1) });
  for (const name of others)
    terms.push({ name: `adult x ${name}`, values: inCondition(name, (i) => centred[i]) });
  terms.push({ name: "epoch", values: epoch });
  if (changesOverTime) {
    terms.push({ name: "adult x epoch", values: centred.map((value, i) => value * epoch[i]) });
    for (const name of others)
      terms.push({
        name: `adult x ${name} x epoch`,
        values: inCondition(name, (i) => centred[i] * epoch[i]),
      });
  }
  return terms;
}

function variesWithinDyads({ dyad, condition }: DyadEpochs): boolean {
  if (condition === undefined) return false;
  const seen = new Map<number | string, string>();
  for (let i = 0; i < condition.length; i++) {
    const before = seen.get(dyad[i]);
    if (before !== undefined && before !== condition[i]) return true;
    seen.set(dyad[i], condition[i]);
  }
  return false;
}

/**
 * Covariation of epoch values within dyads, with a fixed level per dyad and errors clustered by dyad.
 *
 * @throws ShapeError when columns differ in length; OptionError for a reference that does not occur
 * @see withinDyadModel for the estimator; Waters, West & Mendes, Psychol Sci 25:934 (2014) for the design
 */
export function covariationModel(data: DyadEpochs, options: CovariationModelOptions = {}): WithinDyadModel {
  const terms = covariationTerms(data, options, variesWithinDyads(data));
  return withinDyadModel({ dyad: data.dyad, outcome: data.infant, terms });
}

/** The same with random levels per dyad, by restricted maximum likelihood; also gives each condition's level. */
export function covariationMixedModel(
  data: DyadEpochs,
  options: CovariationModelOptions = {},
): RandomInterceptModel {
  const terms = covariationTerms(data, options, true);
  return randomInterceptModel({ dyad: data.dyad, outcome: data.infant, terms });
}
