import { OptionError } from "../errors.ts";
import type { Uniform } from "../random/index.ts";
import { mean, quantile, standardDeviation } from "./moments.ts";
import { studentTQuantile } from "./student-t.ts";

/** How sure an estimate is. */
export interface Uncertainty {
  /** Standard error of the estimate. */
  readonly se: number;
  /** Ends of the confidence interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * Jackknife uncertainty of any statistic from its values with one block left out at a time.
 *
 *     se^2 = (n - 1)/n sum_i (theta_(i) - mean)^2;   interval = full -+ t_{n-1} se
 *
 * The blocks must be exchangeable and nearly independent: gaze episodes or segments, never overlapping windows,
 * whose shared samples would make the interval too narrow. Fails for statistics that are not smooth (a median).
 *
 * @param leaveOneOut `[n]`, the statistic of all blocks but the i-th
 * @param full        the statistic of all blocks
 * @returns NaN throughout for fewer than two blocks; `bias` is (n - 1)(mean - full), to be subtracted if wanted
 * @see Efron, "The jackknife, the bootstrap and other resampling plans" (1982)
 */
export function jackknife(
  leaveOneOut: ArrayLike<number>,
  full: number,
  confidence = 0.95,
): Uncertainty & { readonly bias: number } {
  const n = leaveOneOut.length;
  if (n < 2) return { se: Number.NaN, low: Number.NaN, high: Number.NaN, bias: Number.NaN };
  const centre = mean(leaveOneOut);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (leaveOneOut[i] - centre) ** 2;
  const se = Math.sqrt(((n - 1) / n) * sum);
  const reach = studentTQuantile((1 + confidence) / 2, n - 1) * se;
  return { se, low: full - reach, high: full + reach, bias: (n - 1) * (centre - full) };
}

/**
 * Percentile bootstrap over blocks: blocks are drawn with replacement, the statistic is computed anew, and the
 * quantiles of its replicates are the interval.
 *
 * Blocks are the exchangeable units: gaze episodes within a dyad, dyads within a study. Windows of one episode are
 * not exchangeable and must travel together.
 *
 * @param nBlocks   number of blocks
 * @param statistic gets `[nBlocks]` block indices (with repeats; reused between calls, do not keep it)
 * @returns the interval and all finite and NaN `replicates`; NaN replicates are left out of the interval
 * @throws OptionError when there are no blocks or no resamples
 * @see Efron & Tibshirani, "An introduction to the bootstrap" (1993), ch. 13
 */
export function blockBootstrap(
  nBlocks: number,
  statistic: (blocks: Int32Array) => number,
  options: { nResamples: number; uniform: Uniform; confidence?: number },
): Uncertainty & { readonly replicates: Float64Array } {
  const { nResamples, uniform, confidence = 0.95 } = options;
  if (!(nBlocks >= 1 && nResamples >= 1))
    throw new OptionError(
      `blockBootstrap needs at least one block and one resample, got ${nBlocks} and ${nResamples}.`,
    );
  const drawn = new Int32Array(nBlocks);
  const replicates = new Float64Array(nResamples);
  for (let k = 0; k < nResamples; k++) {
    for (let i = 0; i < nBlocks; i++) drawn[i] = Math.floor(uniform() * nBlocks);
    replicates[k] = statistic(drawn);
  }
  const usable = replicates.filter((value) => !Number.isNaN(value));
  return {
    se: standardDeviation(usable),
    low: quantile(usable, (1 - confidence) / 2),
    high: quantile(usable, (1 + confidence) / 2),
    replicates,
  };
}
