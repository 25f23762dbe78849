import { OptionError, ShapeError } from "../errors.ts";
import type { MvarModel } from "../mvar/model.ts";
import { chiSquareQuantile } from "../statistics/index.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";
import { checkModel } from "./model-shape.ts";
import { identity, solve, submatrix } from "./real-matrix.ts";
import type { SpectrumOptions } from "./spectrum.ts";

export interface NullFloorOptions extends SpectrumOptions {
  /** Rows of the regression, n. With overlapping windows: the number of different samples. */
  readonly nSamples: number;
  /** Chance of a false link per frequency and pair, 0.05 by default. */
  readonly alpha?: number;
}

export interface GpdcNullFloor {
  /** Hz. */
  readonly frequencies: Float64Array;
  /** `[freq, source]`: expected squared GPDC of a source on a sink that it does not influence. */
  readonly floor: Float64Array;
  /** `[freq, source]`: squared GPDC above this is rare (alpha) without a link; Patnaik's two-moment approximation. */
  readonly threshold: Float64Array;
  /** `[freq, source]`: floor times the quantile of chi-square with one degree of freedom; never below `threshold`. */
  readonly simpleThreshold: Float64Array;
  readonly alpha: number;
}

/**
 * What squared GPDC shows when there is nothing: its expectation and threshold under no coupling, to first order.
 *
 *     floor_j(f) = (1/n) sum_{r,s} Q_jj(r, s) cos(w (r - s)) / den_j(f),   w = 2 pi f / rate
 *     den_j(f)   = sum_k |A_kj(f)|^2 / s_k^2
 *
 * Q is the inverse of the covariance of the p lags of all channels. The floor depends on the **source only**, and on its
 * own spectrum: raw GPDC must not be compared between sources or between conditions that change power. Squared GPDC of
 * an absent link is, asymptotically, l1 x1 + l2 x2 with two chi-square variables and the eigenvalues l of the
 * covariance of (Re A_ij, Im A_ij): `threshold` matches its mean and variance (Patnaik).
 *
 * For display and quality control. In 1 s windows the floor is about 16 % too low; surrogates decide.
 *
 * @param laggedCovariance `[order n, order n]`, index `lag * n + channel`: of the data (regression moments divided by the
 *                         number of rows) or of the model, `modelLaggedCovariance(model)`
 * @throws OptionError when nSamples or alpha is out of range; ShapeError when the covariance does not fit.
 * @see Baccalá, de Brito, Takahashi, Sameshima, Phil Trans R Soc A 371:20110158, 2013.
 */
export function gpdcNullFloor(
  model: MvarModel,
  laggedCovariance: Float64Array,
  options: NullFloorOptions,
): GpdcNullFloor {
  checkModel("gpdcNullFloor", model);
  const { nSamples, samplingRate, alpha = 0.05 } = options;
  const { nChannels: n, order: p, noiseCovariance } = model;
  const d = n * p;
  if (laggedCovariance.length !== d * d)
    throw new ShapeError("gpdcNullFloor", `a lagged covariance of ${d} x ${d}`, `${laggedCovariance.length}`);
  if (!(nSamples > 0)) throw new OptionError(`gpdcNullFloor: nSamples must be positive, got ${nSamples}.`);
  if (!(alpha > 0 && alpha < 1))
    throw new OptionError(`gpdcNullFloor: alpha must lie between 0 and 1, got ${alpha}.`);
  const transform = new CoefficientTransform(n, p, options.frequencies, samplingRate);
  const { frequencies } = transform;
  const count = frequencies.length;
  const inverse = solve(laggedCovariance, identity(d), d, d) ?? new Float64Array(d * d).fill(Number.NaN);
  const precisions = Array.from({ length: n }, (_, j) => {
    const lags = Array.from({ length: p }, (_, r) => r * n + j);
    return submatrix(inverse, d, lags, lags);
  });
  const floor = new Float64Array(count * n);
  const threshold = new Float64Array(count * n);
  const simpleThreshold = new Float64Array(count * n);
  const oneDegree = chiSquareQuantile(1 - alpha, 1);
  const real = new Float64Array(n * n);
  const imaginary = new Float64Array(n * n);
  for (let f = 0; f < count; f++) {
    transform.executeAt(f, real, imaginary, model.coefficients);
    const angle = (2 * Math.PI * frequencies[f]) / samplingRate;
    for (let j = 0; j < n; j++) {
      let denominator = 0;
      for (let k = 0; k < n; k++) {
        const q = k * n + j;
        denominator += (real[q] ** 2 + imaginary[q] ** 2) / noiseCovariance[k * n + k];
      }
      const [cc, cs, ss] = trigonometricForms(precisions[j], p, angle);
      const scale = 1 / (nSamples * denominator);
      // Eigenvalues l of [cc cs; cs ss]: their sum and the sum of their squares are all that Patnaik needs.
      const sum = cc + ss;
      const squares = cc * cc + 2 * cs * cs + ss * ss;
      const degrees = (sum * sum) / squares;
      const at = f * n + j;
      floor[at] = sum * scale;
      simpleThreshold[at] = floor[at] * oneDegree;
      threshold[at] =
        degrees > 0 ? (squares / sum) * scale * chiSquareQuantile(1 - alpha, degrees) : Number.NaN;
    }
  }
  return { frequencies, floor, threshold, simpleThreshold, alpha };
}

/** sum_{r,s} Q(r, s) of cos cos, cos sin and sin sin at the lags' angles: the covariance of Re A and Im A. */
function trigonometricForms(precision: Float64Array, p: number, angle: number): [number, number, number] {
  let cc = 0;
  let cs = 0;
  let ss = 0;
  for (let r = 0; r < p; r++) {
    const cr = Math.cos(angle * (r + 1));
    const sr = Math.sin(angle * (r + 1));
    for (let s = 0; s < p; s++) {
      const weight = precision[r * p + s];
      const c = Math.cos(angle * (s + 1));
      const sn = Math.sin(angle * (s + 1));
      cc += weight * cr * c;
      cs -= weight * cr * sn;
      ss += weight * sr * sn;
    }
  }
  return [cc, cs, ss];
}
