import { OptionError } from "../errors.ts";
import { matrixProduct, transpose } from "../linalg/index.ts";
import type { MvarModel } from "../mvar/model.ts";
import { checkModel } from "./model-shape.ts";

/** More doublings than any spectral radius below 1 - 1e-12 needs. */
const maximumDoublings = 48;

/**
 * The autocovariance that a model implies, from its coefficients and noise alone.
 *
 *     R_k = E x_t x_{t-k}',   out[(k * n + i) * n + j] = cov(x_i(t), x_j(t - k)),   k = 0 .. maxLag
 *
 * R_0 .. R_{p-1} solve the Lyapunov equation P = F P F' + Q of the companion form, by doubling (each step squares F, so
 * a dozen steps suffice); later lags follow R_k = sum_r A_r R_{k-r}. Units: product of the channels' units. All NaN for
 * an unstable model, which has no stationary covariance.
 *
 * @throws OptionError when maxLag is negative or not whole.
 * @see Lütkepohl 2005, section 2.1.4; doubling: Anderson, Moore, Optimal Filtering, 1979, p. 67.
 */
export function modelAutocovariance(model: MvarModel, maxLag: number): Float64Array {
  checkModel("modelAutocovariance", model);
  if (!(Number.isInteger(maxLag) && maxLag >= 0))
    throw new OptionError(`modelAutocovariance: maxLag must be a whole number from 0, got ${maxLag}.`);
  const { nChannels: n, order: p, coefficients } = model;
  const size = n * n;
  const lagged = modelLaggedCovariance(model);
  const out = new Float64Array((maxLag + 1) * size);
  for (let k = 0; k <= maxLag; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let value = 0;
        if (k < p) value = lagged[i * n * p + k * n + j];
        else {
          for (let r = 0; r < p; r++) {
            // R_{k-r-1}; for k = p the last term is R_0, so the index is never negative.
            const before = (k - r - 1) * size;
            for (let l = 0; l < n; l++) value += coefficients[(r * n + i) * n + l] * out[before + l * n + j];
          }
        }
        out[k * size + i * n + j] = value;
      }
    }
  }
  return out;
}

/**
 * The covariance of the last p samples that a model implies: z = [x_t; x_{t-1}; …; x_{t-p+1}], E z z'.
 *
 * `[p n, p n]` with row and column index `lag * n + channel`; block (a, b) is R_{b-a}. All NaN for an unstable model.
 */
export function modelLaggedCovariance(model: MvarModel): Float64Array {
  checkModel("modelLaggedCovariance", model);
  const { nChannels: n, order: p, coefficients } = model;
  const d = n * p;
  let power: Float64Array = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let r = 0; r < p; r++)
      for (let j = 0; j < n; j++) power[i * d + r * n + j] = coefficients[(r * n + i) * n + j];
  for (let i = n; i < d; i++) power[i * d + i - n] = 1;
  let covariance: Float64Array = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) covariance[i * d + j] = model.noiseCovariance[i * n + j];
  for (let step = 0; step < maximumDoublings; step++) {
    const more = matrixProduct(matrixProduct(power, covariance, d, d, d), transpose(power, d, d), d, d, d);
    let added = 0;
    let total = 0;
    for (let q = 0; q < d * d; q += d + 1) {
      added = Math.max(added, Math.abs(more[q]));
      total = Math.max(total, Math.abs(covariance[q]));
    }
    covariance = covariance.map((value, q) => value + more[q]);
    if (!(added < Number.POSITIVE_INFINITY)) break;
    if (added <= 1e-17 * total) return symmetrised(covariance, d);
    power = matrixProduct(power, power, d, d, d);
  }
  return covariance.fill(Number.NaN);
}

function symmetrised(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (matrix[i * n + j] + matrix[j * n + i]) / 2;
      matrix[i * n + j] = mean;
      matrix[j * n + i] = mean;
    }
  }
  return matrix;
}
