import { logGamma, STIRLING_FROM, stirlingCorrection } from "./gamma.ts";
import { solveMonotone } from "./solve-monotone.ts";

const TINY = 1e-300;

/** ln B(a, b); Stirling's series of the large arguments are subtracted term by term, so nothing cancels. */
function logBeta(a: number, b: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  if (large < STIRLING_FROM) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const difference =
    (0.5 - large) * Math.log1p(small / large) -
    small * (Math.log(large + small) - 1) +
    stirlingCorrection(large) -
    stirlingCorrection(large + small);
  return logGamma(small) + difference;
}

/** I_x(a, b) by its continued fraction (modified Lentz), for x = 1 - y < (a + 1) / (a + b + 2). */
function betaFraction(x: number, y: number, a: number, b: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < TINY) d = TINY;
  d = 1 / d;
  let h = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + even / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + odd / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  const logX = x < 0.5 ? Math.log(x) : Math.log1p(-y);
  const logY = y < 0.5 ? Math.log(y) : Math.log1p(-x);
  return (Math.exp(a * logX + b * logY - logBeta(a, b)) * h) / a;
}

/**
 * Regularised incomplete beta function I_x(a, b): the distribution function of a beta variable. Rises from 0 to 1.
 *
 * @param x in [0, 1]; values outside are taken to the nearer end
 * @param a > 0
 * @param b > 0
 * @see NIST DLMF 8.17.22
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  return regularizedBetaOfParts(x, 1 - x, a, b);
}

/** I_x(a, b) with x = 1 - y, for callers that know both without the rounding of a subtraction. */
export function regularizedBetaOfParts(x: number, y: number, a: number, b: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x < (a + 1) / (a + b + 2) ? betaFraction(x, y, a, b) : 1 - betaFraction(y, x, b, a);
}

/**
 * The x with I_x(a, b) = p.
 *
 * @param p in [0, 1]
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const norm = logBeta(a, b);
  return solveMonotone(
    (x) => ({
      value: regularizedBeta(x, a, b) - p,
      slope: Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - norm),
    }),
    0,
    1,
    a / (a + b),
  );
}
