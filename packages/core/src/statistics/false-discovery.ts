/**
 * Benjamini-Hochberg adjusted p-values: rejecting all with adjusted p <= q keeps the expected share of false
 * discoveries at q or below, for independent or positively dependent tests.
 *
 *     adjusted_(i) = min_{j >= i} min(1, m p_(j) / j),   p_(1) <= ... <= p_(m)
 *
 * The family, its m, must be declared before looking. NaN stays NaN and is not counted in m.
 *
 * @param p `[m]`, each in [0, 1]
 * @returns `[m]`, in the order of `p`
 * @see Benjamini & Hochberg, J R Stat Soc B 57:289 (1995)
 */
export function benjaminiHochberg(p: ArrayLike<number>): Float64Array {
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  const order: number[] = [];
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i])) order.push(i);
  order.sort((a, b) => p[a] - p[b]);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const i = order[rank - 1];
    smallest = Math.min(smallest, (order.length * p[i]) / rank);
    adjusted[i] = smallest;
  }
  return adjusted;
}
