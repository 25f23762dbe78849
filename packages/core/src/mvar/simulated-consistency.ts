import { OptionError } from "../errors.ts";
import { eliminateCholesky } from "../linalg/cholesky.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import type { MvarModel } from "./model.ts";
import { simulateVar } from "./simulate-var.ts";

export interface SimulatedConsistencyOptions {
  /** Standard normal numbers, such as `normal(mulberry32(seed))`. */
  readonly normal: () => number;
  /** Highest lag of the correlations that are compared; default max(5, order). */
  readonly maxLag?: number;
  /** As the fit did. Default what the model says, else true. */
  readonly demean?: boolean;
}

/**
 * How far data simulated from a model have the correlations of the real data:
 *
 *     1 - |R_s - R_r| / |R_r|
 *
 * R_r holds all auto- and cross-correlations of the data at lags 0..maxLag, R_s those of a simulation of the model with as many
 * windows of the same lengths; |.| is the Euclidean norm. 1 is perfect; above about 0.8 is acceptable. A true
 * model does not reach 1 either, because the data and the simulation are both samples: about 0.9 with some thousand
 * samples. Lags do not cross windows.
 *
 * @param windows each `[nChannels, nSamples_w]`, those of the fit
 * @returns at most 1; NaN for a model that is not stable or whose noise is degenerate
 * @throws OptionError when maxLag is not a whole number >= 0
 * @see Ding, Bressler, Yang, Liang, Biol Cybern 83:35, 2000.
 */
export function simulatedConsistency(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: SimulatedConsistencyOptions,
): number {
  const { nChannels: n, order } = model;
  const { normal, maxLag = Math.max(5, order), demean = model.demean ?? true } = options;
  if (!(Number.isInteger(maxLag) && maxLag >= 0))
    throw new OptionError(`simulatedConsistency needs maxLag as an integer >= 0, got ${maxLag}.`);
  const noiseCholesky = model.noiseCovariance.slice();
  const isDefinite = eliminateCholesky(noiseCholesky, n, n, new Float64Array(n)) > 0;
  if (!isDefinite || !(model.spectralRadius < 1)) return Number.NaN;
  const real = centreWindows(windows, n, order, demean, new ChannelSpread(n));
  const lengths = real.map((window) => window.length / n);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const record = simulateVar({
    nChannels: n,
    coefficients: model.coefficients,
    nSamples: total,
    noiseCholesky,
    normal,
  });
  let from = 0;
  const cut = lengths.map((length) => {
    const window = new Float64Array(n * length);
    for (let c = 0; c < n; c++)
      window.set(record.subarray(c * total + from, c * total + from + length), c * length);
    from += length;
    return window;
  });
  const simulated = centreWindows(cut, n, order, demean, new ChannelSpread(n));
  const observed = correlations(real, n, maxLag);
  let difference = 0;
  let norm = 0;
  correlations(simulated, n, maxLag).forEach((value, q) => {
    difference += (value - observed[q]) ** 2;
    norm += observed[q] ** 2;
  });
  return 1 - Math.sqrt(difference / norm);
}

/** `[lag, i, j]`: correlation of x_i(t) with x_j(t - lag), over all windows. */
function correlations(windows: readonly Float64Array[], n: number, maxLag: number): Float64Array {
  const out = new Float64Array((maxLag + 1) * n * n);
  for (const window of windows) {
    const nSamples = window.length / n;
    for (let lag = 0; lag <= maxLag; lag++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let t = lag; t < nSamples; t++)
            sum += window[i * nSamples + t] * window[j * nSamples + t - lag];
          out[(lag * n + i) * n + j] += sum;
        }
      }
    }
  }
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(out[i * n + i]));
  for (let q = 0; q < out.length; q++) out[q] *= scale[Math.floor(q / n) % n] * scale[q % n];
  return out;
}
