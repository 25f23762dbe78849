import { OptionError } from "../errors.ts";

export interface AnytimeMeanOptions {
  /**
   * Variance of the prior on the standardised mean, at which the interval is tightest for effects of about its root; it changes
   * widths and never the guarantee. Default 1 (a unit-information prior; ours).
   */
  readonly priorVariance?: number;
}

/** An interval for a mean that may be looked at after every value. */
export interface AnytimeInterval {
  readonly mean: number;
  /** Infinite until there are enough values. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/**
 * The mean of a series with a confidence sequence: all intervals of a run together hold the true mean with the stated
 * probability, so that one may look after every value and stop whenever one likes.
 *
 * It is the set of means that the anytime-valid t-test does not reject. For mu, with t the usual statistic on n values, nu = n - 1
 * and g the prior variance,
 *
 *     B_n(mu) = (1 + n g)^(-1/2) ((1 + t^2/nu) / (1 + t^2/(nu (1 + n g))))^(n/2)
 *
 * starts at 1 and, for independent normal values of mean mu and any variance, is a martingale in the scale-free part of the
 * data; by Ville's inequality it ever exceeds 1/alpha with probability alpha at most. Solved for t:
 *
 *     t^2/nu < (c - 1) / (1 - c/(1 + n g)),   c = (sqrt(1 + n g) / alpha)^(2/n),   while c < 1 + n g.
 *
 * Values that are not normal make it approximate; use means of blocks.
 *
 * @see Lai, "On confidence sequences", Ann. Statist. 4:265, 1976; Rouder et al., "Bayesian t tests for accepting and rejecting
 *   the null hypothesis", Psychon. Bull. Rev. 16:225, 2009 (the factor); Perez-Ortiz et al., "E-statistics, group invariance and
 *   anytime-valid testing", Ann. Statist. 52:1410, 2024 (why it stays valid); Wang & Ramdas, "Anytime-valid t-tests and
 *   confidence sequences for Gaussian means with unknown variance", 2023.
 */
export class AnytimeMean {
  readonly #priorVariance: number;
  #n = 0;
  #mean = 0;
  /** Sum of squares about the mean (Welford). */
  #squares = 0;

  /** @throws OptionError for a prior variance that is not positive */
  constructor({ priorVariance = 1 }: AnytimeMeanOptions = {}) {
    if (!(priorVariance > 0))
      throw new OptionError(`AnytimeMean needs a positive priorVariance, got ${priorVariance}`);
    this.#priorVariance = priorVariance;
  }

  get n(): number {
    return this.#n;
  }

  /** A missing value (NaN) is left out. */
  push(value: number): void {
    if (Number.isNaN(value)) return;
    this.#n++;
    const before = value - this.#mean;
    this.#mean += before / this.#n;
    this.#squares += before * (value - this.#mean);
  }

  /** @param level probability with which every interval of the run holds the mean, such as 0.95 */
  interval(level = 0.95): AnytimeInterval {
    const n = this.#n;
    if (n === 0)
      return { mean: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, n };
    const width = halfWidth(n, level, this.#priorVariance);
    // Values that are all equal do not make an interval of one value narrow.
    const half = Number.isFinite(width) ? Math.sqrt(this.#squares / Math.max(1, n - 1)) * width : width;
    return { mean: this.#mean, low: this.#mean - half, high: this.#mean + half, n };
  }

  /**
   * About how many more values make the interval no wider than `precision` to either side, if they scatter as those so far; NaN
   * while fewer than three are known, Infinity where a million would not do.
   */
  valuesToGo(precision: number, level = 0.95): number {
    const n = this.#n;
    if (n < 3) return Number.NaN;
    const deviation = Math.sqrt(this.#squares / (n - 1));
    const reached = (count: number): boolean =>
      deviation * halfWidth(count, level, this.#priorVariance) <= precision;
    if (reached(n)) return 0;
    let low = n;
    let high = 2 * n;
    while (!reached(high)) {
      if (high > 1e6) return Number.POSITIVE_INFINITY;
      low = high;
      high *= 2;
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (reached(middle)) high = middle;
      else low = middle;
    }
    return high - n;
  }
}

/** Half the width of the interval in standard deviations of single values. */
function halfWidth(n: number, level: number, priorVariance: number): number {
  if (n < 2) return Number.POSITIVE_INFINITY;
  const spread = 1 + n * priorVariance;
  const c = Math.exp((2 / n) * (0.5 * Math.log(spread) - Math.log(1 - level)));
  if (c >= spread) return Number.POSITIVE_INFINITY;
  const tSquaredPerDegree = (c - 1) / (1 - c / spread);
  return Math.sqrt((tSquaredPerDegree * (n - 1)) / n);
}
