import { median } from "../statistics/index.ts";
import { centreSeries } from "./centre-series.ts";
import { CovariationGrid, type WindowedCovariationOptions } from "./covariation-grid.ts";
import { argmaxLag, pickPeak } from "./lag-peaks.ts";
import { requireSameGrid } from "./sample-count.ts";
import { maxAbsoluteZ, meanOfValid, meanZ } from "./window-z.ts";

export interface WindowedCrossCorrelationOptions extends WindowedCovariationOptions {
  /** Take the least-squares line of the whole series out first; offline only, since it looks ahead. Default false. */
  readonly detrend?: boolean;
}

/** Where one member's lead shows: a lag per window, and how often it has which sign. */
export interface WindowLags {
  /** `[nWindows]`, seconds, positive where the first member leads; NaN for none. */
  readonly lags: Float64Array;
  /** `[nWindows]`, the correlation there. */
  readonly correlations: Float64Array;
  /** Median lag, seconds; NaN when no window has one. */
  readonly medianLag: number;
  /** Windows that have a lag. */
  readonly nWindows: number;
  /** Of these, the share with a positive lag, a negative one, and lag 0; NaN for none. */
  readonly firstLeads: number;
  readonly secondLeads: number;
  readonly together: number;
}

/** All windows, all lags, and what is usually reported of them. Lags are positive where the first member leads. */
export interface WindowedCrossCorrelation {
  /** `[nLags]`, seconds. */
  readonly lags: Float64Array;
  /** `[nWindows]`, seconds from the first sample to the start of the anchored window. */
  readonly starts: Float64Array;
  readonly windowSeconds: number;
  /** `[nWindows, nLags]`, NaN for no value: coverage too low or a member that does not vary. */
  readonly correlations: Float64Array;
  /** `[nWindows, nLags]`, valid pairs. */
  readonly nValid: Int32Array;
  /** `[nWindows]`, mean Fisher z over the lags. */
  readonly z: Float64Array;
  /** Windows with a value at any lag. */
  readonly nWindows: number;
  /** Mean of `z` over windows: with lags +-3 s and lines removed the declared primary measure. */
  readonly meanZ: number;
  readonly meanCorrelationAtLagZero: number;
  readonly meanZAtLagZero: number;
  /** Mean over windows of the z of the largest |r|. Never near 0, not even without any coupling: needs its null. */
  readonly meanMaxAbsZ: number;
  /** Boker's peaks, biased to lag 0. */
  readonly peaks: WindowLags;
  /** Lag of the largest correlation. */
  readonly argmax: WindowLags;
}

/**
 * Windowed lagged cross-correlation: how two series covary in each window, at each lag.
 *
 *     r(i, l) = corr(a[i .. i + W), b[i + l .. i + l + W)),   with the means of these very samples
 *
 * Positive lag: the first member (the adult) leads. Windows start at the largest lag and then every step. See
 * `anchor` for which window stays in place; with `"latest"` and without `detrend` the result equals
 * `StreamingCovariation` bit for bit.
 *
 * @param a `[nSamples]`, the adult's uniform series (inter-beat interval, RSA, movement ...), NaN where missing
 * @param b `[nSamples]`, the infant's, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 * @see Boker, Xu, Rotondo & King, Psychological Methods 7:338 (2002)
 */
export function windowedCrossCorrelation(
  a: Float64Array,
  b: Float64Array,
  options: WindowedCrossCorrelationOptions,
): WindowedCrossCorrelation {
  requireSameGrid("windowedCrossCorrelation", a, b);
  const grid = new CovariationGrid("windowedCrossCorrelation", options, "first");
  const [x, y] = options.detrend === true ? [centreSeries(a, "linear"), centreSeries(b, "linear")] : [a, b];
  const { nLags, maxLag, samplingRate } = grid;
  const count = grid.windowsIn(a.length);
  const correlations = new Float64Array(count * nLags);
  const nValid = new Int32Array(count * nLags);
  const starts = new Float64Array(count);
  const atZero = new Float64Array(count);
  const z = new Float64Array(count);
  const largest = new Float64Array(count);
  const peaks = new Int32Array(count);
  const argmax = new Int32Array(count);
  for (let w = 0; w < count; w++) {
    const start = maxLag + w * grid.step;
    const row = w * nLags;
    grid.execute(correlations, nValid, row, x, start, y, start);
    starts[w] = start / samplingRate;
    atZero[w] = correlations[row + maxLag];
    z[w] = meanZ(correlations, row, nLags);
    largest[w] = maxAbsoluteZ(correlations, row, nLags);
    peaks[w] = pickPeak(correlations, row, maxLag);
    argmax[w] = argmaxLag(correlations, row, maxLag);
  }
  return {
    lags: grid.lags,
    starts,
    windowSeconds: grid.window / samplingRate,
    correlations,
    nValid,
    z,
    nWindows: z.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0),
    meanZ: meanOfValid(z),
    meanCorrelationAtLagZero: meanOfValid(atZero),
    meanZAtLagZero: meanOfValid(atZero.map((_, w) => meanZ(atZero, w, 1))),
    meanMaxAbsZ: meanOfValid(largest),
    peaks: windowLags(peaks, correlations, grid),
    argmax: windowLags(argmax, correlations, grid),
  };
}

function windowLags(at: Int32Array, correlations: Float64Array, grid: CovariationGrid): WindowLags {
  const lags = Float64Array.from(at, (k) => (k < 0 ? Number.NaN : grid.lags[k]));
  const found = lags.filter((lag) => !Number.isNaN(lag));
  const share = (sign: number): number =>
    found.reduce((sum, lag) => sum + (Math.sign(lag) === sign ? 1 : 0), 0) / found.length;
  return {
    lags,
    correlations: Float64Array.from(at, (k, w) => (k < 0 ? Number.NaN : correlations[w * grid.nLags + k])),
    medianLag: median(found),
    nWindows: found.length,
    firstLeads: share(1),
    secondLeads: share(-1),
    together: share(0),
  };
}
