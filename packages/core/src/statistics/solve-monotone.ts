/**
 * Solves f(x) = 0 for an f that never falls, by Newton steps that may not leave a shrinking bracket.
 *
 * @param f     value and slope at x; a slope of 0 leads to bisection
 * @param low   f(low) <= 0
 * @param high  f(high) >= 0
 * @param start first guess
 */
export function solveMonotone(
  f: (x: number) => { value: number; slope: number },
  low: number,
  high: number,
  start: number,
): number {
  let a = low;
  let b = high;
  let x = start > a && start < b ? start : 0.5 * (a + b);
  for (let iteration = 0; iteration < 200; iteration++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value < 0) a = x;
    else b = x;
    let next = x - value / slope;
    if (!(next > a && next < b)) next = 0.5 * (a + b);
    if (Math.abs(next - x) <= 4e-16 * Math.abs(next) || next === a || next === b) return next;
    x = next;
  }
  return x;
}
