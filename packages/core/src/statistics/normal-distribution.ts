import { OptionError } from "../errors.ts";
import { regularizedGammaLower, regularizedGammaUpper } from "./gamma.ts";

/**
 * Standard normal distribution function, P(Z <= x). The upper tail is `normalCdf(-x)`, with full relative accuracy.
 */
export function normalCdf(x: number): number {
  const halfSquare = 0.5 * x * x;
  return x < 0
    ? 0.5 * regularizedGammaUpper(0.5, halfSquare)
    : 0.5 + 0.5 * regularizedGammaLower(0.5, halfSquare);
}

/**
 * The x below which a standard normal variable lies with probability p.
 *
 * A rational first guess (Abramowitz & Stegun 26.2.23, error 4.5e-4) and Halley steps on `normalCdf`.
 *
 * @param p in [0, 1]; 0 and 1 give -Infinity and Infinity
 * @throws OptionError when p is outside [0, 1]
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1))
    throw new OptionError(`normalQuantile needs p in [0, 1], got ${p}: pass a probability.`);
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(tail));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let i = 0; i < 4; i++) {
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    const newton = (normalCdf(x) - tail) / density;
    const step = newton / (1 + 0.5 * x * newton);
    x -= step;
    if (Math.abs(step) < 1e-16 * Math.abs(x)) break;
  }
  return p < 0.5 ? x : -x;
}
