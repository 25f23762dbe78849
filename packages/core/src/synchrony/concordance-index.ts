import { OptionError } from "../errors.ts";
import { PairCorrelation } from "./pair-correlation.ts";
import {
  DEFAULT_COVERAGE,
  fewestValid,
  requireCoverage,
  requireSameGrid,
  samplesOf,
} from "./sample-count.ts";

export interface ConcordanceIndexOptions {
  /** Hz, of both series; a whole number of samples per second. */
  readonly samplingRate: number;
  /** Window of each slope; default 5 s, which at 1 Hz are six samples. */
  readonly slopeSeconds?: number;
  /** Slopes, one per second, in each correlation; default 15. */
  readonly correlationSlopes?: number;
  /** Share of valid samples of a slope, and of valid slopes of a correlation; default 0.8. */
  readonly minimumCoverage?: number;
}

export interface ConcordanceIndex {
  /** ln(sum of positive r / |sum of negative r|): 0 balanced, positive for concordance. NaN if one sum is 0. */
  readonly index: number;
  /** `[nMoments]`, the moving correlation, one per second; NaN for no value. */
  readonly correlations: Float64Array;
  /** `[nMoments]`, seconds from the first sample to the start of what the correlation covers. */
  readonly starts: Float64Array;
  readonly positiveSum: number;
  readonly negativeSum: number;
  /** Correlations with a value. */
  readonly nValid: number;
}

/**
 * Marci and Orr's index of physiological concordance: whether two series tend to rise and fall together.
 *
 * The least-squares slope of each series over 5 s, moved by 1 s; Pearson correlation of the members' slopes over 15
 * of them, moved by 1 s; then
 *
 *     SSI = ln(sum of the positive correlations / |sum of the negative ones|)
 *
 * Symmetric in the members: it has no lag and no direction. A logarithm of two sums over overlapping windows has no
 * known distribution; hold it against a null.
 *
 * @param a `[nSamples]`, NaN where missing
 * @param b `[nSamples]`, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 * @see Marci & Orr, Appl Psychophysiol Biofeedback 31:115 (2006)
 */
export function concordanceIndex(
  a: Float64Array,
  b: Float64Array,
  options: ConcordanceIndexOptions,
): ConcordanceIndex {
  requireSameGrid("concordanceIndex", a, b);
  const { samplingRate, slopeSeconds = 5, correlationSlopes = 15 } = options;
  const coverage = requireCoverage("concordanceIndex", options.minimumCoverage ?? DEFAULT_COVERAGE);
  const step = samplesOf("concordanceIndex: one second", 1, samplingRate);
  const points = samplesOf("concordanceIndex: slopeSeconds", slopeSeconds, samplingRate, 2) + 1;
  if (!Number.isInteger(correlationSlopes) || correlationSlopes < 3)
    throw new OptionError(
      `concordanceIndex: correlationSlopes must be an integer >= 3, got ${correlationSlopes}.`,
    );
  const slopesA = movingSlopes(a, points, step, coverage);
  const slopesB = movingSlopes(b, points, step, coverage);
  const correlations = new Float64Array(Math.max(0, slopesA.length - correlationSlopes + 1));
  const pair = new PairCorrelation();
  const fewest = fewestValid(correlationSlopes, coverage);
  let positiveSum = 0;
  let negativeSum = 0;
  let nValid = 0;
  for (let k = 0; k < correlations.length; k++) {
    const r = pair.execute(slopesA, k, slopesB, k, correlationSlopes, fewest, false);
    correlations[k] = r;
    if (Number.isNaN(r)) continue;
    nValid++;
    if (r > 0) positiveSum += r;
    else negativeSum += r;
  }
  const isDefined = positiveSum > 0 && negativeSum < 0;
  return {
    index: isDefined ? Math.log(positiveSum / -negativeSum) : Number.NaN,
    correlations,
    starts: Float64Array.from(correlations, (_, k) => (k * step) / samplingRate),
    positiveSum,
    negativeSum,
    nValid,
  };
}

/** Least-squares slope per sample of each window of `points`, relative to its first valid sample. */
function movingSlopes(x: Float64Array, points: number, step: number, coverage: number): Float64Array {
  const out = new Float64Array(Math.max(0, Math.floor((x.length - points) / step) + 1));
  const fewest = fewestValid(points, coverage);
  for (let w = 0; w < out.length; w++) {
    let pivot = Number.NaN;
    let n = 0;
    let st = 0;
    let sx = 0;
    let tt = 0;
    let tx = 0;
    for (let k = 0; k < points; k++) {
      const value = x[w * step + k];
      if (Number.isNaN(value)) continue;
      if (n === 0) pivot = value;
      const t = k - (points - 1) / 2;
      n++;
      st += t;
      sx += value - pivot;
      tt += t * t;
      tx += t * (value - pivot);
    }
    out[w] = n < fewest ? Number.NaN : (tx - (st * sx) / n) / (tt - (st * st) / n);
  }
  return out;
}
