/**
 * Tails of integrals of squared Brownian bridges: the limit distributions of the KPSS statistic.
 *
 * Each integral is a sum of independent chi-square variables, sum_k l_k X_k^2, with eigenvalues l_k in closed form, and
 *
 *     P(Q > x) = 2/pi sum_{k odd} (-1)^{(k-1)/2} int_{t_k}^{t_{k+1}} exp(-x t^2 / 2) / ( t sqrt|D(t)| ) dt
 *
 * where t_k = l_k^{-1/2} ascending are the zeros of D(t) = prod_k (1 - l_k t^2). Gauss-Chebyshev quadrature takes care
 * of the inverse square roots at both ends.
 *
 * @see Smirnov, Mat. Sbornik 2:973, 1937; Anderson, Darling, Ann. Math. Stat. 23:193, 1952; MacNeill, Ann. Stat. 6:422, 1978.
 */
const NODES = 40;
/** The integrand falls with exp(-x t^2 / 2): beyond this exponent nothing is left. */
const NEGLIGIBLE = 40;
const MAX_INTERVALS = 4000;

/** P( integral of B(r)^2 dr > x ) for the Brownian bridge B; D(t) = sin(t) / t. */
export const bridgeTail = (x: number): number =>
  tail(
    x,
    (k) => k * Math.PI,
    (t) => Math.sin(t) / t,
  );

/** The same for the second-level bridge, which has lost a trend too; D(t) = sin(y)/y 3 (sin y - y cos y)/y^3, y = t/2. */
export const detrendedBridgeTail = (x: number): number =>
  tail(
    x,
    (k) => 2 * (k % 2 === 1 ? ((k + 1) / 2) * Math.PI : tangentRoot(k / 2)),
    (t) => {
      const y = t / 2;
      return ((Math.sin(y) / y) * 3 * (Math.sin(y) - y * Math.cos(y))) / y ** 3;
    },
  );

function tail(x: number, zero: (k: number) => number, determinant: (t: number) => number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (!(x > 0)) return 1;
  let sum = 0;
  for (let interval = 0; interval < MAX_INTERVALS; interval++) {
    const from = zero(2 * interval + 1);
    const to = zero(2 * interval + 2);
    if ((x * from * from) / 2 > NEGLIGIBLE && interval > 0) break;
    const middle = (from + to) / 2;
    const half = (to - from) / 2;
    let integral = 0;
    for (let node = 0; node < NODES; node++) {
      const offset = half * Math.cos(((2 * node + 1) * Math.PI) / (2 * NODES));
      const t = middle + offset;
      const weight = Math.sqrt((half - offset) * (half + offset));
      integral += (weight * Math.exp((-x * t * t) / 2)) / (t * Math.sqrt(Math.abs(determinant(t))));
    }
    sum += (interval % 2 === 0 ? 1 : -1) * (integral / NODES);
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/** The k-th positive solution of tan y = y. */
function tangentRoot(k: number): number {
  let y = (k + 0.5) * Math.PI;
  for (let step = 0; step < 20; step++) y = Math.atan(y) + k * Math.PI;
  return y;
}
