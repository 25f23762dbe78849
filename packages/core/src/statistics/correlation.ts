import { ShapeError } from "../errors.ts";
import { mean } from "./moments.ts";

function requireSameLength(name: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) throw new ShapeError(name, `y of ${x.length} values like x`, `${y.length}`);
}

/**
 * Pearson's product-moment correlation, in [-1, 1].
 *
 * @returns NaN for fewer than two pairs or when one side does not vary
 * @throws ShapeError when the lengths differ
 */
export function pearsonCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requireSameLength("pearsonCorrelation", x, y);
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i] - meanX;
    const dy = y[i] - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (x.length < 2 || xx === 0 || yy === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

/** Ranks 1 .. n in rising order; equal values share the mean of their ranks. */
export function ranks(x: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a] - x[b]);
  const out = new Float64Array(x.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && x[order[to]] === x[order[from]]) to++;
    const shared = (from + to + 1) / 2;
    for (let i = from; i < to; i++) out[order[i]] = shared;
    from = to;
  }
  return out;
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, ties averaged. In [-1, 1].
 *
 * @returns NaN for fewer than two pairs, when one side does not vary, or when any value is NaN
 * @throws ShapeError when the lengths differ
 */
export function spearmanCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requireSameLength("spearmanCorrelation", x, y);
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]) || Number.isNaN(y[i])) return Number.NaN;
  return pearsonCorrelation(ranks(x), ranks(y));
}
