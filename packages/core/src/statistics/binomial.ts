import { OptionError } from "../errors.ts";
import { betaQuantile, regularizedBeta } from "./beta.ts";

/** P(X <= k) for a binomial count of n trials with probability p: 1 - I_p(k + 1, n - k). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return regularizedBeta(1 - p, n - k, k + 1);
}

function requireConfidence(name: string, confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new OptionError(`${name} needs 0 < confidence < 1, got ${confidence}: 0.95 is usual.`);
}

/**
 * Central acceptance interval of a binomial count: the counts that n trials of probability p give, all but
 * (1 - confidence) / 2 on either side.
 *
 * Used to judge a false-positive rate: 200 tests at p = .05 and confidence .99 must reject between `low` and `high`
 * times, both included. Exact; the coverage is at least `confidence`.
 *
 * @throws OptionError when n, p or confidence is out of range
 */
export function binomialInterval(n: number, p: number, confidence: number): { low: number; high: number } {
  if (!Number.isInteger(n) || n < 0 || !(p >= 0 && p <= 1))
    throw new OptionError(`binomialInterval needs an integer n >= 0 and p in [0, 1], got n ${n}, p ${p}.`);
  requireConfidence("binomialInterval", confidence);
  const tail = (1 - confidence) / 2;
  const firstAbove = (threshold: number): number => {
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (binomialCdf(middle, n, p) >= threshold) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { low: firstAbove(tail), high: firstAbove(1 - tail) };
}

/**
 * Clopper-Pearson confidence interval of a proportion: exact, coverage at least `confidence`.
 *
 *     low = Beta^-1(alpha/2; k, n - k + 1),  high = Beta^-1(1 - alpha/2; k + 1, n - k)
 *
 * @param successes integer in 0 .. n
 * @throws OptionError when the counts or the confidence are out of range
 * @see Clopper & Pearson, Biometrika 26:404 (1934)
 */
export function clopperPearson(
  successes: number,
  n: number,
  confidence = 0.95,
): { low: number; high: number } {
  if (!Number.isInteger(successes) || !Number.isInteger(n) || successes < 0 || successes > n)
    throw new OptionError(`clopperPearson needs integers 0 <= successes <= n, got ${successes} of ${n}.`);
  requireConfidence("clopperPearson", confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : 1 - betaQuantile(tail, n - successes, successes + 1),
  };
}
