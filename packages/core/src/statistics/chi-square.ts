import { OptionError } from "../errors.ts";
import { logGamma, regularizedGammaLower, regularizedGammaUpper } from "./gamma.ts";
import { normalQuantile } from "./normal-distribution.ts";
import { solveMonotone } from "./solve-monotone.ts";

function requireDegrees(name: string, df: number): void {
  if (!(df > 0 && df < Number.POSITIVE_INFINITY))
    throw new OptionError(`${name} needs df > 0, got ${df}: pass the degrees of freedom.`);
}

/**
 * Probability that a chi-square variable exceeds x: the p-value of a portmanteau or likelihood-ratio test.
 *
 *     P(X > x) = Q(df / 2, x / 2)
 *
 * Relative accuracy better than 1e-12 far into the tail.
 *
 * @param x  test statistic; values below 0 give 1
 * @param df degrees of freedom > 0, need not be an integer
 * @throws OptionError when df is not positive
 */
export function chiSquareSurvival(x: number, df: number): number {
  requireDegrees("chiSquareSurvival", df);
  return regularizedGammaUpper(0.5 * df, 0.5 * x);
}

/**
 * The x below which a chi-square variable lies with probability p (inverse of the distribution function).
 *
 * @param p  in [0, 1]
 * @param df degrees of freedom > 0
 * @throws OptionError when df is not positive or p is outside [0, 1]
 */
export function chiSquareQuantile(p: number, df: number): number {
  requireDegrees("chiSquareQuantile", df);
  if (!(p >= 0 && p <= 1))
    throw new OptionError(`chiSquareQuantile needs p in [0, 1], got ${p}: pass a probability.`);
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const a = 0.5 * df;
  const logNorm = logGamma(a) + a * Math.LN2;
  const upperTail = p > 0.5;
  const f = (x: number) => ({
    value: upperTail ? 1 - p - regularizedGammaUpper(a, 0.5 * x) : regularizedGammaLower(a, 0.5 * x) - p,
    slope: Math.exp((a - 1) * Math.log(x) - 0.5 * x - logNorm),
  });
  // Wilson & Hilferty (1931): the cube root of chi-square / df is nearly normal. Small p at small df: the series' first term.
  const cube = 1 - 2 / (9 * df) + normalQuantile(p) * Math.sqrt(2 / (9 * df));
  const guess = cube > 0.1 ? df * cube ** 3 : 2 * Math.exp((Math.log(p) + logGamma(a + 1)) / a);
  let high = Math.max(guess, 1e-300) * 2;
  while (f(high).value < 0) high *= 2;
  return solveMonotone(f, 0, high, guess);
}
