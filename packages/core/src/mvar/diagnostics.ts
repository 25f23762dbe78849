import { symmetricEigen } from "../linalg/symmetric-eigen.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import type { MvarModel } from "./model.ts";
import { residualCovariance } from "./residual-covariance.ts";
import { centredResiduals } from "./residuals.ts";

export interface MvarDiagnostics {
  /** 1 - |R_s - R_r| / |R_r|, covariances of predictions and data, spectral norm. At most 1; above 0.8 is acceptable. */
  readonly consistency: number;
  /** `[n]`, 1 - residual / data sum of squares. */
  readonly rSquared: Float64Array;
  /** `[n]`, sum (e_t - e_{t-1})^2 / sum e_t^2, in [0, 4]. About 2 for white residuals; below 1 or above 3 is bad. */
  readonly durbinWatson: Float64Array;
  /** K^2 p / N: parameters per sample and channel. Above 1 the fit is meaningless, below 0.1 advised. */
  readonly parameterRatio: number;
  /** Nuttall-Marple bound 3 sqrt(N) / K on the order. */
  readonly maxAdvisedOrder: number;
  /** Largest modulus of the companion eigenvalues, from the model; stable below 1. */
  readonly spectralRadius: number;
  readonly stable: boolean;
  /** Share of residual autocorrelations at lags 1..20 outside ±1.96 / sqrt(T): about 0.05 for white residuals. */
  readonly autocorrelationsOutside: number;
}

const AUTOCORRELATION_LAGS = 20;

/**
 * How well a fitted model describes the data: what a researcher should look at before believing its coupling.
 *
 * N is the number of samples of all windows that are longer than the order, T that of the residuals. No lag crosses
 * from window to window. NaN where a channel has no variance.
 *
 * @param windows each `[nChannels, nSamples_w]`, those of the fit
 * @param options `demean`: as the fit did. Default what the model says, else true
 * @see Ding, Bressler, Yang, Liang, Biol. Cybern. 83, 2000 (consistency, here in the form of covariances); Durbin,
 *   Watson, Biometrika 38, 1951; Marple, "Digital Spectral Analysis", 1987 (order bound).
 */
export function diagnoseMvar(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: { readonly demean?: boolean } = {},
): MvarDiagnostics {
  const { nChannels: n, order, spectralRadius } = model;
  const demean = options.demean ?? model.demean ?? true;
  const centred = centreWindows(windows, n, order, demean, new ChannelSpread(n));
  const errors = centred.map((x) => centredResiduals(model, x));
  const targets = centred.map((x) => lastSamples(x, n, order));
  const predictions = targets.map((x, w) => x.map((value, at) => value - errors[w][at]));
  const dataCovariance = new Float64Array(n * n);
  const predictedCovariance = new Float64Array(n * n);
  const errorCovariance = new Float64Array(n * n);
  residualCovariance(targets, n, false, dataCovariance);
  residualCovariance(predictions, n, false, predictedCovariance);
  residualCovariance(errors, n, false, errorCovariance);
  const difference = predictedCovariance.map((value, at) => value - dataCovariance[at]);
  const rSquared = new Float64Array(n);
  for (let i = 0; i < n; i++) rSquared[i] = 1 - errorCovariance[i * (n + 1)] / dataCovariance[i * (n + 1)];
  let nSamples = 0;
  for (const x of centred) nSamples += x.length / n;
  return {
    consistency: 1 - spectralNorm(difference, n) / spectralNorm(dataCovariance, n),
    rSquared,
    durbinWatson: durbinWatson(errors, n),
    parameterRatio: (n * n * order) / nSamples,
    maxAdvisedOrder: (3 * Math.sqrt(nSamples)) / n,
    spectralRadius,
    stable: spectralRadius < 1,
    autocorrelationsOutside: shareOutside(errors, n),
  };
}

/** Largest modulus of the eigenvalues of a symmetric matrix. */
function spectralNorm(matrix: Float64Array, n: number): number {
  let largest = 0;
  for (const value of symmetricEigen(matrix.slice(), n).values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function lastSamples(x: Float64Array, n: number, order: number): Float64Array {
  const nSamples = x.length / n;
  const out = new Float64Array(n * (nSamples - order));
  for (let i = 0; i < n; i++)
    out.set(x.subarray(i * nSamples + order, (i + 1) * nSamples), i * (nSamples - order));
  return out;
}

function durbinWatson(errors: readonly Float64Array[], n: number): Float64Array {
  const steps = new Float64Array(n);
  const squares = new Float64Array(n);
  for (const window of errors) {
    const nRows = window.length / n;
    for (let i = 0; i < n; i++) {
      for (let t = 0; t < nRows; t++) {
        const e = window[i * nRows + t];
        squares[i] += e * e;
        if (t > 0) steps[i] += (e - window[i * nRows + t - 1]) ** 2;
      }
    }
  }
  return steps.map((step, i) => step / squares[i]);
}

function shareOutside(errors: readonly Float64Array[], n: number): number {
  let total = 0;
  for (const window of errors) total += window.length / n;
  const limit = 1.96 / Math.sqrt(total);
  let outside = 0;
  for (let i = 0; i < n; i++) {
    for (let lag = 1; lag <= AUTOCORRELATION_LAGS; lag++) {
      let products = 0;
      let squares = 0;
      for (const window of errors) {
        const nRows = window.length / n;
        const start = i * nRows;
        for (let t = 0; t < nRows; t++) {
          squares += window[start + t] ** 2;
          if (t >= lag) products += window[start + t] * window[start + t - lag];
        }
      }
      if (Math.abs(products / squares) > limit) outside++;
    }
  }
  return outside / (n * AUTOCORRELATION_LAGS);
}
