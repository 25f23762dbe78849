import { OptionError } from "../errors.ts";
import { autoregressiveResiduals } from "./autoregressive-residuals.ts";
import { centreSeries } from "./centre-series.ts";
import { argmaxLag } from "./lag-peaks.ts";
import {
  DEFAULT_COVERAGE,
  fewestValid,
  requireCoverage,
  requireSameGrid,
  samplesOf,
} from "./sample-count.ts";

export interface LaggedCorrelationOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 10 s; Feldman 2011 looked at 3 s of series at 5 Hz. */
  readonly maxLagSeconds?: number;
  /**
   * What is done to each series first: its line (`"linear"`, default) or its mean (`"constant"`) is taken out, or it
   * is replaced by the residuals of its own AR(`autoregressiveOrder`) model (`"prewhiten"`).
   */
  readonly prepare?: "constant" | "linear" | "prewhiten";
  /** For `"prewhiten"`; default 2. */
  readonly autoregressiveOrder?: number;
  /** Share of valid pairs of a lag below which it has no value; default 0.8. */
  readonly minimumCoverage?: number;
}

/** Correlation by lag. Positive lag: the first member (the adult) leads, what a does is seen in b later. */
export interface LaggedCorrelation {
  /** `[nLags]`, seconds, -maxLag .. maxLag. */
  readonly lags: Float64Array;
  /** `[nLags]`; NaN where there is no value. */
  readonly values: Float64Array;
  /** `[nLags]`, pairs that entered. */
  readonly nValid: Int32Array;
  /** Lag of the largest value in seconds; NaN for no value, or for a tie between a lag and its opposite. */
  readonly peakLag: number;
  readonly peak: number;
}

/**
 * Cross-correlation function with global means, by lag.
 *
 *     r_l = sum_t a~(t) b~(t + l) / sqrt(sum a~^2 sum b~^2)
 *
 * The sums over fewer pairs at long lags are not scaled up. With missing samples the sums become means over the
 * valid samples, times (n - |l|) / n. Exchanging the members mirrors the function exactly, bit for bit.
 *
 * A peak at a lag is not yet a direction of influence: that needs each member's own past in the model
 * (`stabilityInfluence`).
 *
 * @param a `[nSamples]`, the adult's series, NaN where missing
 * @param b `[nSamples]`, the infant's, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function laggedCorrelation(
  a: Float64Array,
  b: Float64Array,
  options: LaggedCorrelationOptions,
): LaggedCorrelation {
  requireSameGrid("laggedCorrelation", a, b);
  const { samplingRate, maxLagSeconds = 10, prepare = "linear", autoregressiveOrder = 2 } = options;
  const coverage = requireCoverage("laggedCorrelation", options.minimumCoverage ?? DEFAULT_COVERAGE);
  const L = samplesOf("laggedCorrelation: maxLagSeconds", maxLagSeconds, samplingRate, 0);
  const [x, y] = [a, b].map((series) =>
    prepare === "prewhiten"
      ? centreSeries(autoregressiveResiduals(series, autoregressiveOrder).residuals, "constant")
      : centreSeries(series, prepare),
  );
  const n = x.length;
  if (L >= n)
    throw new OptionError(
      `laggedCorrelation: maxLagSeconds must be shorter than the series of ${n} samples.`,
    );
  const lags = Float64Array.from({ length: 2 * L + 1 }, (_, k) => (k - L) / samplingRate);
  const values = new Float64Array(2 * L + 1);
  const nValid = new Int32Array(2 * L + 1);
  const scale = Math.sqrt(meanSquare(x)) * Math.sqrt(meanSquare(y));
  for (let k = 0; k <= 2 * L; k++) {
    const lag = k - L;
    const from = Math.max(0, -lag);
    const to = Math.min(n, n - lag);
    let sum = 0;
    let count = 0;
    for (let t = from; t < to; t++) {
      const product = x[t] * y[t + lag];
      if (Number.isNaN(product)) continue;
      sum += product;
      count++;
    }
    nValid[k] = count;
    const isValid = scale > 0 && count >= fewestValid(to - from, coverage);
    values[k] = isValid ? ((sum / count) * ((to - from) / n)) / scale : Number.NaN;
  }
  const at = argmaxLag(values, 0, L);
  return {
    lags,
    values,
    nValid,
    peakLag: at < 0 ? Number.NaN : lags[at],
    peak: at < 0 ? Number.NaN : values[at],
  };
}

function meanSquare(x: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (const value of x) {
    if (Number.isNaN(value)) continue;
    sum += value * value;
    n++;
  }
  return sum / n;
}
