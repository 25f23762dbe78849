import {
  type Coefficient,
  covariationMixedModel,
  covariationModel,
  type DyadEpochs,
  stabilityInfluence,
} from "@attune/core";
import { StudyError } from "../../errors.ts";
import { attuneVersion } from "../../provenance.ts";
import { readPooledEpochs } from "./read-epochs.ts";

/** One coefficient of one pooled model. */
export interface PooledRow extends Coefficient {
  readonly measure: "lnRsa" | "ibi";
  /** Covariation by both estimators; stability and influence by the first. */
  readonly model: "covariation" | "stability-influence";
  readonly estimator: "within, CR1" | "random intercept, REML";
  readonly outcome: "infant" | "adult";
  readonly status: string;
  readonly nDyads: number;
  readonly nObservations: number;
}

/** Models of many dyads' epochs. */
export interface PooledResult {
  readonly format: "attune-dyads-pooled";
  readonly formatVersion: 1;
  readonly attuneVersion: string;
  readonly dyads: readonly string[];
  readonly conditions: readonly string[];
  readonly referenceCondition: string;
  readonly rows: readonly PooledRow[];
  readonly measures: readonly {
    readonly measure: "lnRsa" | "ibi";
    /** Mean over dyads of the epochs that enter a lagged model. */
    readonly epochsPerDyad: number;
    /** Nickell's approximate bias of each stability, -(1 + phi) / T. */
    readonly stabilityBias: { readonly infant: number; readonly adult: number };
    readonly tooFewEpochs: boolean;
    /** Share of the infants' variance that lies between dyads; NaN without a model. */
    readonly intraclassCorrelation: number;
  }[];
  readonly warnings: readonly string[];
}

/** Errors clustered by fewer dyads are too small. */
const ENOUGH_DYADS = 30;

/**
 * What one recording cannot tell: covariation of epochs within dyads (fixed level per dyad with CR1 errors, and random levels
 * by REML) and stability and influence, over many dyads' `epochs.csv`.
 *
 * @throws StudyError for fewer than two dyads and for tables that do not fit
 */
export async function poolDyads(paths: readonly string[]): Promise<PooledResult> {
  const epochs = await readPooledEpochs(paths);
  const dyads = [...new Set(epochs.dyad)];
  if (dyads.length < 2)
    throw new StudyError(
      `Pooling wants two dyads or more, and there ${dyads.length === 1 ? "is one" : "is none"}: give epochs.csv of each.`,
    );
  const conditions = [...new Set(epochs.condition)];
  const referenceCondition = conditions.find((name) => /^baseline$/i.test(name)) ?? conditions[0]!;
  const rows: PooledRow[] = [];
  const measures = (["lnRsa", "ibi"] as const).map((measure) => {
    const data: DyadEpochs = {
      dyad: epochs.dyad,
      epoch: epochs.epoch,
      ...epochs[measure],
      ...(conditions.length > 1 ? { condition: epochs.condition } : {}),
    };
    const options = conditions.length > 1 ? { referenceCondition } : {};
    const within = covariationModel(data, options);
    const mixed = covariationMixedModel(data, options);
    const paths = stabilityInfluence(data);
    const add = (
      { coefficients, status, nDyads, nObservations }: typeof within,
      rest: Pick<PooledRow, "model" | "estimator" | "outcome">,
    ): void => {
      for (const each of coefficients)
        rows.push({ ...each, measure, ...rest, status, nDyads, nObservations });
    };
    add(within, { model: "covariation", estimator: "within, CR1", outcome: "infant" });
    add(mixed, { model: "covariation", estimator: "random intercept, REML", outcome: "infant" });
    for (const outcome of ["infant", "adult"] as const)
      add(paths[outcome], { model: "stability-influence", estimator: "within, CR1", outcome });
    return {
      measure,
      epochsPerDyad: paths.epochsPerDyad,
      stabilityBias: paths.stabilityBias,
      tooFewEpochs: paths.tooFewEpochs,
      intraclassCorrelation: mixed.intraclassCorrelation,
    };
  });
  return {
    format: "attune-dyads-pooled",
    formatVersion: 1,
    attuneVersion,
    dyads,
    conditions,
    referenceCondition,
    rows,
    measures,
    warnings: [
      ...(dyads.length < ENOUGH_DYADS
        ? [
            `${dyads.length} dyads: errors clustered by fewer than ${ENOUGH_DYADS} dyads are somewhat too small, so read p near .05 with care.`,
          ]
        : []),
      ...measures
        .filter(({ tooFewEpochs }) => tooFewEpochs)
        .map(
          ({ measure, epochsPerDyad, stabilityBias }) =>
            `${measure}: ${epochsPerDyad.toFixed(1)} epochs a dyad are fewer than 10, and stability is biased by about ${stabilityBias.infant.toFixed(2)} (infant) and ${stabilityBias.adult.toFixed(2)} (adult; Nickell, 1981): read the lagged paths as description.`,
        ),
    ],
  };
}
