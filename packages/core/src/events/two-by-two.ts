import { OptionError } from "../errors.ts";

/** Association in a table of two by two counts. */
export interface TwoByTwo {
  /** A and R, A without R, R without A, neither. */
  readonly counts: readonly [number, number, number, number];
  /** (ad - bc) / (ad + bc), in [-1, 1]. */
  readonly yuleQ: number;
  /** ln(ad / bc); 0 is independence. */
  readonly logOddsRatio: number;
  /** sqrt(1/a + 1/b + 1/c + 1/d). */
  readonly standardError: number;
  /** Pearson's correlation of the two yes-or-no variables. */
  readonly phi: number;
  /** Allison and Liker's z: how far a lies from its expectation. Standard normal only if bins were independent. */
  readonly allisonLikerZ: number;
}

/**
 * What a 2 x 2 table says. Where a count is 0, one half is added to all four for Q and the log odds ratio (the Haldane-Anscombe
 * correction); phi and z take the counts as they are.
 *
 *     z = (a - n_A p) / sqrt(n_A p (1 - p) (1 - n_A / N)),   p = n_R / N        (= phi sqrt(N))
 *
 * @returns phi and z are NaN when a row or a column is empty
 * @throws OptionError for counts that are negative or not finite
 * @see Allison & Liker, Psychological Bulletin 91:393 (1982); Bakeman & Quera, Sequential Analysis and
 *      Observational Methods for the Behavioral Sciences (2011)
 */
export function twoByTwo(a: number, b: number, c: number, d: number): TwoByTwo {
  for (const count of [a, b, c, d])
    if (!(count >= 0 && Number.isFinite(count)))
      throw new OptionError(`twoByTwo needs counts >= 0, got ${a}, ${b}, ${c}, ${d}.`);
  const half = a * b * c * d === 0 ? 0.5 : 0;
  const ad = (a + half) * (d + half);
  const bc = (b + half) * (c + half);
  const acts = a + b;
  const responses = a + c;
  const n = acts + c + d;
  const margins = acts * (c + d) * responses * (b + d);
  const p = responses / n;
  return {
    counts: [a, b, c, d],
    yuleQ: (ad - bc) / (ad + bc),
    logOddsRatio: Math.log(ad / bc),
    standardError: Math.sqrt(1 / (a + half) + 1 / (b + half) + 1 / (c + half) + 1 / (d + half)),
    phi: margins === 0 ? Number.NaN : (a * d - b * c) / Math.sqrt(margins),
    allisonLikerZ:
      margins === 0 ? Number.NaN : (a - acts * p) / Math.sqrt(acts * p * (1 - p) * (1 - acts / n)),
  };
}
