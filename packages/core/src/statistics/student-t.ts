import { OptionError } from "../errors.ts";
import { regularizedBetaOfParts } from "./beta.ts";
import { logGamma } from "./gamma.ts";
import { normalQuantile } from "./normal-distribution.ts";
import { solveMonotone } from "./solve-monotone.ts";

/**
 * Probability that a Student t variable exceeds t: the one-sided p-value of a t-test. Double it for |t| two-sided.
 *
 *     P(T > t) = I_{df / (df + t^2)}(df / 2, 1 / 2) / 2   for t >= 0
 *
 * @param df degrees of freedom > 0
 * @throws OptionError when df is not positive
 */
export function studentTSurvival(t: number, df: number): number {
  if (!(df > 0))
    throw new OptionError(`studentTSurvival needs df > 0, got ${df}: pass the degrees of freedom.`);
  const square = t * t;
  const tail = 0.5 * regularizedBetaOfParts(df / (df + square), square / (df + square), 0.5 * df, 0.5);
  return t < 0 ? 1 - tail : tail;
}

/**
 * Probability that an F variable exceeds x: the p-value of an analysis of variance.
 *
 *     P(F > x) = I_{d2 / (d2 + d1 x)}(d2 / 2, d1 / 2)
 *
 * @param dfNumerator   > 0
 * @param dfDenominator > 0
 * @throws OptionError when a df is not positive
 */
export function fSurvival(x: number, dfNumerator: number, dfDenominator: number): number {
  if (!(dfNumerator > 0 && dfDenominator > 0))
    throw new OptionError(
      `fSurvival needs positive degrees of freedom, got ${dfNumerator} and ${dfDenominator}: pass both.`,
    );
  if (x <= 0) return 1;
  const explained = dfNumerator * x;
  const total = dfDenominator + explained;
  return regularizedBetaOfParts(
    dfDenominator / total,
    explained / total,
    0.5 * dfDenominator,
    0.5 * dfNumerator,
  );
}

/**
 * The t below which a Student t variable lies with probability p.
 *
 * @param p in [0, 1]; 0 and 1 give -Infinity and Infinity
 * @throws OptionError when p is outside [0, 1] or df is not positive
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1 && df > 0))
    throw new OptionError(`studentTQuantile needs p in [0, 1] and df > 0, got p ${p}, df ${df}.`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const logNorm = logGamma(0.5 * (df + 1)) - logGamma(0.5 * df) - 0.5 * Math.log(df * Math.PI);
  const f = (t: number) => ({
    value: tail - studentTSurvival(t, df),
    slope: Math.exp(logNorm - 0.5 * (df + 1) * Math.log1p((t * t) / df)),
  });
  let high = 1;
  while (f(high).value < 0) high *= 2;
  const t = solveMonotone(f, 0, high, -normalQuantile(tail));
  return p < 0.5 ? -t : t;
}
