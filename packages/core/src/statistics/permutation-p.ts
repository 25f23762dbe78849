/**
 * One-sided Monte Carlo p-value of an observed statistic against its values under surrogates.
 *
 *     p = (1 + #{null >= observed}) / (1 + n)
 *
 * Never 0: the smallest value is 1 / (n + 1), so 1000 surrogates or more are needed for p < .001. Ties count
 * against the observation, and so does a NaN among the surrogates (a model that could not be fitted), which keeps
 * the test valid. With k surrogates p takes the values 1/(k+1), 2/(k+1), ... 1.
 *
 * @param observed the statistic; large values speak against the null. NaN gives NaN
 * @param surrogates `[n]`, the same statistic under the null
 * @see Phipson & Smyth, Stat Appl Genet Mol Biol 9:39 (2010); Davison & Hinkley 1997, eq. 4.11
 */
export function permutationP(observed: number, surrogates: ArrayLike<number>): number {
  if (Number.isNaN(observed)) return Number.NaN;
  let atLeast = 0;
  for (let i = 0; i < surrogates.length; i++) if (!(surrogates[i] < observed)) atLeast++;
  return (1 + atLeast) / (1 + surrogates.length);
}
