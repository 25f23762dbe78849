const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** B_2k / (2k (2k - 1)), k = 1..8: coefficients of Stirling's series in odd powers of 1/x. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
/** From here on eight terms of the series are exact to less than 1e-17. */
export const STIRLING_FROM = 12;
const TINY = 1e-300;

/** ln Gamma(x) - [(x - 1/2) ln x - x + ln sqrt(2 pi)] for x >= 12. */
export function stirlingCorrection(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * inverseSquare + STIRLING[k];
  return sum / x;
}

/**
 * Natural logarithm of the gamma function, by recurrence to x >= 12 and Stirling's series.
 *
 * @param x > 0
 * @see NIST DLMF 5.5.1, 5.11.1
 */
export function logGamma(x: number): number {
  let product = 1;
  let y = x;
  while (y < STIRLING_FROM) {
    product *= y;
    y += 1;
  }
  return (y - 0.5) * Math.log(y) - y + LOG_SQRT_TWO_PI + stirlingCorrection(y) - Math.log(product);
}

/** x^a e^-x / Gamma(a + 1), without the cancellation of large logarithms. */
function poissonTerm(a: number, x: number): number {
  if (a < STIRLING_FROM) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  const excess = (x - a) / a;
  return Math.exp(a * (Math.log1p(excess) - excess) - stirlingCorrection(a)) / Math.sqrt(2 * Math.PI * a);
}

/** P(a, x) by its power series, for x < a + 1. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return poissonTerm(a, x) * sum;
}

/** Q(a, x) by its continued fraction (modified Lentz), for x >= a + 1. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + numerator / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return poissonTerm(a, x) * a * h;
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = Gamma(a, x) / Gamma(a). In [0, 1], falling in x.
 *
 * @param a > 0
 * @param x values below 0 count as 0
 * @see NIST DLMF 8.2.4, 8.7.1, 8.9.2
 */
export function regularizedGammaUpper(a: number, x: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** Regularised lower incomplete gamma function P(a, x) = 1 - Q(a, x), accurate where it is small. */
export function regularizedGammaLower(a: number, x: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}
