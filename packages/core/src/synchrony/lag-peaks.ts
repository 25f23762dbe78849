/** How many neighbours on each side a peak must exceed. */
export const PEAK_NEIGHBOURS = 2;

/**
 * Boker's peak picking in a row of correlations by lag: of the values that exceed their two neighbours on both
 * sides, the one whose lag lies nearest to zero. Of two at the same distance the higher one.
 *
 * Nearest to zero is a bias to zero: on dyads made with a lag of 3 s the median of the picked lags was 1 s. Show the
 * argument of the maximum beside it.
 *
 * @param row  correlations of lags -L .. L, at `from .. from + 2 L`
 * @returns index into the row counted from 0, or -1: no peak, or two equal ones at lags l and -l
 * @see Boker, Xu, Rotondo & King, Psychological Methods 7:338 (2002)
 */
export function pickPeak(row: Float64Array, from: number, maximumLag: number): number {
  for (let distance = 0; distance <= maximumLag; distance++) {
    const right = maximumLag + distance;
    const left = maximumLag - distance;
    const isRight = isPeak(row, from, right, 2 * maximumLag);
    const isLeft = distance > 0 && isPeak(row, from, left, 2 * maximumLag);
    if (isRight && isLeft) {
      if (row[from + right] === row[from + left]) return -1;
      return row[from + right] > row[from + left] ? right : left;
    }
    if (isRight) return right;
    if (isLeft) return left;
  }
  return -1;
}

function isPeak(row: Float64Array, from: number, at: number, last: number): boolean {
  if (at < PEAK_NEIGHBOURS || at > last - PEAK_NEIGHBOURS) return false;
  const value = row[from + at];
  for (let k = 1; k <= PEAK_NEIGHBOURS; k++)
    if (!(value > row[from + at - k] && value > row[from + at + k])) return false;
  return true;
}

/**
 * Index of the largest value of a row of lags -L .. L, NaN left out. Of equal ones the nearest to lag zero.
 *
 * @returns index counted from 0, or -1: no value at all, or a tie between lags l and -l, which has no leader
 */
export function argmaxLag(row: Float64Array, from: number, maximumLag: number): number {
  let best = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let distance = 0; distance <= maximumLag; distance++) {
    const right = row[from + maximumLag + distance];
    const left = row[from + maximumLag - distance];
    const higher = right > left || Number.isNaN(left) ? right : left;
    if (!(higher > best)) continue;
    best = higher;
    at = distance > 0 && left === right ? -1 : maximumLag + (higher === right ? distance : -distance);
  }
  return at;
}
