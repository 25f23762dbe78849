import { OptionError } from "../errors.ts";
import { divideByDefinite } from "../linalg/index.ts";
import { centreSeries } from "./centre-series.ts";

/** A series split into what its own past predicts and what it does not. */
export interface AutoregressiveResiduals {
  /** `[order]`; `coefficients[k]` multiplies x(t - k - 1). All NaN when the series does not allow a fit. */
  readonly coefficients: Float64Array;
  /** `[nSamples - order]`, of samples order, order + 1, ...; NaN where a sample or one of its past is missing. */
  readonly residuals: Float64Array;
}

/**
 * Prewhitens one series by its own autoregression, fitted by least squares after its mean is subtracted.
 *
 *     x(t) - m = sum_k phi_k (x(t - k) - m) + e(t)
 *
 * Two series with memory correlate by chance at many lags; their residuals much less.
 *
 * @param x `[nSamples]`, NaN where missing
 * @param order default 2
 * @throws OptionError when order is not an integer >= 1
 * @see Box & Jenkins, "Time series analysis" (1970), ch. 11
 */
export function autoregressiveResiduals(x: Float64Array, order = 2): AutoregressiveResiduals {
  if (!Number.isInteger(order) || order < 1)
    throw new OptionError(`autoregressiveResiduals needs an integer order >= 1, got ${order}: 2 is usual.`);
  const centred = centreSeries(x, "constant");
  const gram = new Float64Array(order * order);
  const target = new Float64Array(order);
  for (let t = order; t < x.length; t++) {
    if (!isComplete(centred, t, order)) continue;
    for (let i = 0; i < order; i++) {
      target[i] += centred[t] * centred[t - i - 1];
      for (let j = 0; j <= i; j++) gram[i * order + j] += centred[t - i - 1] * centred[t - j - 1];
    }
  }
  for (let i = 0; i < order; i++) for (let j = 0; j < i; j++) gram[j * order + i] = gram[i * order + j];
  const coefficients = divideByDefinite(target, gram, 1, order) ?? new Float64Array(order).fill(Number.NaN);
  const residuals = new Float64Array(Math.max(0, x.length - order));
  for (let t = order; t < x.length; t++) {
    let residual = centred[t];
    for (let i = 0; i < order; i++) residual -= coefficients[i] * centred[t - i - 1];
    residuals[t - order] = residual;
  }
  return { coefficients, residuals };
}

function isComplete(x: Float64Array, t: number, order: number): boolean {
  for (let k = 0; k <= order; k++) if (Number.isNaN(x[t - k])) return false;
  return true;
}
