import { OptionError } from "../errors.ts";
import { normalQuantile } from "../statistics/index.ts";

export interface PooledLogOdds {
  readonly nDyads: number;
  /** One true ratio for all dyads, weights 1 / SE^2. */
  readonly fixed: number;
  readonly fixedStandardError: number;
  /** Dyads differ: weights 1 / (SE^2 + tauSquared). The one to report. */
  readonly random: number;
  readonly randomStandardError: number;
  /** 95 % interval of `random`, normal. */
  readonly low: number;
  readonly high: number;
  /** Variance between dyads beyond what their standard errors explain (DerSimonian and Laird). */
  readonly tauSquared: number;
  /** Cochran's Q: chi-square with nDyads - 1 degrees of freedom if all dyads share one ratio. */
  readonly heterogeneityQ: number;
}

/**
 * Pools log odds ratios over dyads. Adding the tables of several dyads instead can show an association that no single dyad has
 * (Simpson's paradox) and lets those with the most data speak for all.
 *
 *     tau^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)),   w = 1 / SE^2,   Q = sum w (x - fixed)^2
 *
 * @param tables one a dyad; those whose ratio or error is not finite are left out
 * @returns NaN where no dyad is left
 * @throws OptionError for a standard error that is not positive
 * @see DerSimonian & Laird, Controlled Clinical Trials 7:177 (1986)
 */
export function poolLogOddsRatios(
  tables: readonly { readonly logOddsRatio: number; readonly standardError: number }[],
): PooledLogOdds {
  const used = tables.filter(
    ({ logOddsRatio, standardError }) => Number.isFinite(logOddsRatio) && Number.isFinite(standardError),
  );
  if (used.some(({ standardError }) => !(standardError > 0)))
    throw new OptionError("poolLogOddsRatios needs standard errors above 0: pass the results of twoByTwo.");
  const weighted = (tauSquared: number) => {
    let sum = 0;
    let weights = 0;
    for (const { logOddsRatio, standardError } of used) {
      const weight = 1 / (standardError ** 2 + tauSquared);
      sum += weight * logOddsRatio;
      weights += weight;
    }
    return { value: sum / weights, standardError: 1 / Math.sqrt(weights), weights };
  };
  const fixed = weighted(0);
  let heterogeneityQ = 0;
  let squares = 0;
  for (const { logOddsRatio, standardError } of used) {
    heterogeneityQ += ((logOddsRatio - fixed.value) / standardError) ** 2;
    squares += standardError ** -4;
  }
  const spread = fixed.weights - squares / fixed.weights;
  const tauSquared = spread > 0 ? Math.max(0, (heterogeneityQ - (used.length - 1)) / spread) : 0;
  const random = weighted(tauSquared);
  const half = normalQuantile(0.975) * random.standardError;
  const known = used.length > 0;
  return {
    nDyads: used.length,
    fixed: fixed.value,
    fixedStandardError: known ? fixed.standardError : Number.NaN,
    random: random.value,
    randomStandardError: known ? random.standardError : Number.NaN,
    low: random.value - half,
    high: random.value + half,
    tauSquared,
    heterogeneityQ,
  };
}
