/** How many values, their mean and their sample variance; NaN where not defined. */
export interface StateMoments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** A contrast of two groups of windows; NaN with fewer than three on a side, never 0. */
export interface StateContrast {
  readonly difference: number;
  readonly hedgesG: number;
}

/** Windows on each side below which a contrast is not given. */
const FEWEST_WINDOWS = 3;

/**
 * Running mean and variance without keeping the values.
 *
 * @see Welford, Technometrics 4:419 (1962)
 */
export class Moments {
  #n = 0;
  #mean = 0;
  #squares = 0;

  /** NaN is left out. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#n++;
    const before = value - this.#mean;
    this.#mean += before / this.#n;
    this.#squares += before * (value - this.#mean);
  }

  reset(): void {
    this.#n = 0;
    this.#mean = 0;
    this.#squares = 0;
  }

  summary(): StateMoments {
    const n = this.#n;
    return {
      n,
      mean: n > 0 ? this.#mean : Number.NaN,
      variance: n > 1 ? this.#squares / (n - 1) : Number.NaN,
    };
  }
}

/**
 * Difference of means and Hedges' g.
 *
 *     g = J (m1 - m0) / s,   s^2 = ((n1 - 1) v1 + (n0 - 1) v0) / df,   J = 1 - 3 / (4 df - 1),   df = n1 + n0 - 2
 *
 * @see Hedges, J Educ Stat 6:107 (1981)
 */
export function stateContrast(inside: StateMoments, outside: StateMoments): StateContrast {
  if (inside.n < FEWEST_WINDOWS || outside.n < FEWEST_WINDOWS)
    return { difference: Number.NaN, hedgesG: Number.NaN };
  const difference = inside.mean - outside.mean;
  const df = inside.n + outside.n - 2;
  const pooled = Math.sqrt(((inside.n - 1) * inside.variance + (outside.n - 1) * outside.variance) / df);
  return { difference, hedgesG: pooled > 0 ? ((1 - 3 / (4 * df - 1)) * difference) / pooled : Number.NaN };
}
