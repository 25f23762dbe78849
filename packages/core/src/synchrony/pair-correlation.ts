import { DEFAULT_COVERAGE, fewestValid, requireCoverage, requireSameGrid } from "./sample-count.ts";

/** Spread below this multiple of the level is rounding, not signal. */
const LEVEL_ROUNDING = 8 * Number.EPSILON;
/** A line that leaves less than this share of the sum of squares has explained everything but rounding. */
const LINE_ROUNDING = 1e-13;

/**
 * Pearson correlation of two stretches over their valid pairs, with or without a straight line taken out of each.
 *
 *     r = S_ab / sqrt(S_aa S_bb),   S_xy = sum (x - mean x)(y - mean y) over pairs in which neither is NaN
 *     without the line: S_xy <- S_xy - S_xt S_yt / S_tt
 *
 * Everything is summed relative to the first valid pair, so that a constant costs no digits and a series that does
 * not vary has S = 0 exactly. Exchanging the two stretches gives the same bits. Allocates nothing; O(n).
 */
export class PairCorrelation {
  /** Valid pairs that the last `execute` saw. */
  nValid = 0;

  /**
   * @param a          the first series; the stretch is a[fromA .. fromA + n)
   * @param b          the second series; the stretch is b[fromB .. fromB + n)
   * @param fewest     valid pairs that are needed, at least 3
   * @param removeLine take the least-squares line on sample number out of both first
   * @returns NaN with too few valid pairs or where one side does not vary
   */
  execute(
    a: Float64Array,
    fromA: number,
    b: Float64Array,
    fromB: number,
    n: number,
    fewest: number,
    removeLine: boolean,
  ): number {
    let first = 0;
    while (first < n && Number.isNaN(a[fromA + first] - b[fromB + first])) first++;
    const a0 = a[fromA + first];
    const b0 = b[fromB + first];
    let count = 0;
    let sa = 0;
    let sb = 0;
    let aa = 0;
    let bb = 0;
    let ab = 0;
    let st = 0;
    let tt = 0;
    let at = 0;
    let bt = 0;
    for (let k = first; k < n; k++) {
      const x = a[fromA + k] - a0;
      const y = b[fromB + k] - b0;
      if (Number.isNaN(x - y)) continue;
      count++;
      sa += x;
      sb += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
      if (removeLine) {
        const t = k - first;
        st += t;
        tt += t * t;
        at += x * t;
        bt += y * t;
      }
    }
    this.nValid = count;
    if (count < fewest || count < 3) return Number.NaN;
    aa -= (sa * sa) / count;
    bb -= (sb * sb) / count;
    ab -= (sa * sb) / count;
    const roundingA = LEVEL_ROUNDING * a0;
    const roundingB = LEVEL_ROUNDING * b0;
    if (!(aa > count * roundingA * roundingA) || !(bb > count * roundingB * roundingB)) return Number.NaN;
    if (removeLine) {
      tt -= (st * st) / count;
      at -= (sa * st) / count;
      bt -= (sb * st) / count;
      const leftA = aa - (at * at) / tt;
      const leftB = bb - (bt * bt) / tt;
      if (!(leftA > LINE_ROUNDING * aa) || !(leftB > LINE_ROUNDING * bb)) return Number.NaN;
      ab -= (at * bt) / tt;
      aa = leftA;
      bb = leftB;
    }
    return Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
  }
}

/** What `covariation` and `detrendedCorrelation` may be told. */
export interface CovariationOptions {
  /** Share of valid pairs below which there is no value; default 0.8. */
  readonly minimumCoverage?: number;
}

/**
 * Pearson correlation of two members' series over the samples where both are valid, in [-1, 1].
 *
 * Both series must lie on one uniform grid. Autocorrelated series correlate by chance far more often than tables of
 * r say, so there is no p-value here: hold r against `pseudoDyadNull` or another null.
 *
 * @param a `[nSamples]`, NaN where missing
 * @param b `[nSamples]`
 * @returns NaN below the coverage, or where one series does not vary
 * @throws ShapeError when the lengths differ; OptionError when the coverage is outside (0, 1]
 */
export function covariation(a: Float64Array, b: Float64Array, options: CovariationOptions = {}): number {
  return whole("covariation", a, b, options, false);
}

/**
 * As `covariation`, after the least-squares line has been taken out of each series: a slow common drift over the
 * session, which everybody shares, no longer counts.
 */
export function detrendedCovariation(
  a: Float64Array,
  b: Float64Array,
  options: CovariationOptions = {},
): number {
  return whole("detrendedCovariation", a, b, options, true);
}

function whole(
  kernel: string,
  a: Float64Array,
  b: Float64Array,
  options: CovariationOptions,
  removeLine: boolean,
): number {
  requireSameGrid(kernel, a, b);
  const coverage = requireCoverage(kernel, options.minimumCoverage ?? DEFAULT_COVERAGE);
  return new PairCorrelation().execute(a, 0, b, 0, a.length, fewestValid(a.length, coverage), removeLine);
}
