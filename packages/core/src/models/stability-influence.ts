import { ShapeError } from "../errors.ts";
import type { DyadEpochs } from "./covariation-model.ts";
import { type LeastSquaresModel, leastSquaresModel } from "./least-squares.ts";
import type { ModelTerm } from "./model-term.ts";
import { type WithinDyadModel, withinDyadModel } from "./within-dyad-model.ts";

/** Both members' equations, or those of one dyad. Coefficients: [stability,] influence, as their names say. */
export interface BothPaths<Model> {
  /** infant(t) on infant(t-1) (stability) and adult(t-1): the influence adult->infant. */
  readonly infant: Model;
  /** adult(t) on adult(t-1) and infant(t-1): the influence infant->adult. */
  readonly adult: Model;
}

export interface DyadPaths extends BothPaths<LeastSquaresModel> {
  readonly dyad: number | string;
  /** Pairs of successive epochs that are complete. */
  readonly nTransitions: number;
}

export interface StabilityInfluence extends BothPaths<WithinDyadModel> {
  readonly dyads: readonly DyadPaths[];
  /** Mean over dyads of the epochs that enter, T. */
  readonly epochsPerDyad: number;
  /** Nickell's approximate bias of each stability, -(1 + phi) / T. */
  readonly stabilityBias: { readonly infant: number; readonly adult: number };
  /** True with fewer than 10 epochs per dyad: then the bias is as large as what is usually found. */
  readonly tooFewEpochs: boolean;
}

/** Epochs per dyad below which the within estimator of a lagged outcome is not to be trusted. */
const FEWEST_EPOCHS = 10;

/**
 * Stability-and-influence model: does a member's next epoch follow from its own present one, or from the partner's?
 *
 *     b_t = u_i + s b_(t-1) + k a_(t-1) + e_t,   and the mirror image for a_t
 *
 * Pooled with a fixed level per dyad and errors clustered by dyad, and for each dyad alone. Both directions are
 * always given. Epochs count as successive when their numbers differ by one and both are complete; gaps are not
 * bridged. An influence is a prediction beyond the member's own past: a third cause of both can still make it.
 *
 * @throws ShapeError when columns differ in length
 * @see Thorson, West & Mendes, Psychol Methods 23:595 (2018); Nickell, Econometrica 49:1417 (1981)
 */
export function stabilityInfluence(data: DyadEpochs): StabilityInfluence {
  const { dyad, epoch, adult, infant } = data;
  const n = infant.length;
  for (const [name, column] of Object.entries({ dyad, epoch, adult }))
    if (column.length !== n)
      throw new ShapeError("stabilityInfluence", `${n} rows of ${name} like infant`, `${column.length}`);
  const rowAt = new Map<number | string, Map<number, number>>();
  for (let i = 0; i < n; i++) {
    const rows = rowAt.get(dyad[i]) ?? new Map<number, number>();
    rowAt.set(dyad[i], rows.set(epoch[i], i));
  }
  const id: (number | string)[] = [];
  const columns = { infantNow: [], adultNow: [], infantBefore: [], adultBefore: [] } as Record<
    "infantNow" | "adultNow" | "infantBefore" | "adultBefore",
    number[]
  >;
  for (let i = 0; i < n; i++) {
    const before = rowAt.get(dyad[i])?.get(epoch[i] - 1);
    if (before === undefined) continue;
    if (Number.isNaN(infant[i] + adult[i] + infant[before] + adult[before])) continue;
    id.push(dyad[i]);
    columns.infantNow.push(infant[i]);
    columns.adultNow.push(adult[i]);
    columns.infantBefore.push(infant[before]);
    columns.adultBefore.push(adult[before]);
  }
  const infantTerm = (rows?: readonly number[]): ModelTerm => ({
    name: "infant(t-1)",
    values: take(columns.infantBefore, rows),
  });
  const adultTerm = (rows?: readonly number[]): ModelTerm => ({
    name: "adult(t-1)",
    values: take(columns.adultBefore, rows),
  });
  const pooled: BothPaths<WithinDyadModel> = {
    infant: withinDyadModel({ dyad: id, outcome: columns.infantNow, terms: [infantTerm(), adultTerm()] }),
    adult: withinDyadModel({ dyad: id, outcome: columns.adultNow, terms: [adultTerm(), infantTerm()] }),
  };
  const rowsOf = new Map<number | string, number[]>();
  id.forEach((d, row) => {
    rowsOf.set(d, [...(rowsOf.get(d) ?? []), row]);
  });
  const dyads = Array.from(rowsOf, ([d, rows]) => ({
    dyad: d,
    nTransitions: rows.length,
    infant: leastSquaresModel(take(columns.infantNow, rows), [infantTerm(rows), adultTerm(rows)]),
    adult: leastSquaresModel(take(columns.adultNow, rows), [adultTerm(rows), infantTerm(rows)]),
  }));
  // A dyad with m transitions has entered with m + 1 epochs.
  const epochsPerDyad = dyads.length === 0 ? 0 : id.length / dyads.length + 1;
  const bias = (model: WithinDyadModel): number => -(1 + model.coefficients[0].estimate) / epochsPerDyad;
  return {
    ...pooled,
    dyads,
    epochsPerDyad,
    stabilityBias: { infant: bias(pooled.infant), adult: bias(pooled.adult) },
    tooFewEpochs: epochsPerDyad < FEWEST_EPOCHS,
  };
}

function take(values: readonly number[], rows?: readonly number[]): readonly number[] {
  return rows === undefined ? values : rows.map((row) => values[row]);
}
