import { OptionError } from "../errors.ts";
import { normalQuantile } from "../statistics/index.ts";
import type { MvarModel } from "./model.ts";
import { residualCovariance } from "./residual-covariance.ts";
import { residuals } from "./residuals.ts";

export interface ResidualCorrelation {
  /** `[first.length, second.length]`. */
  readonly correlation: Float64Array;
  /** Confidence limits, same shape. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly confidence: number;
  readonly nObservations: number;
  /** Whether every interval holds 0. With many pairs some leave it by chance: a fraction 1 - confidence of them. */
  readonly allCoverZero: boolean;
}

/**
 * Correlation, at lag zero, of the residuals of two groups of channels, such as the adult's and the infant's:
 *
 *     r = S_ab / sqrt(S_aa S_bb),    limits tanh(atanh r ± z / sqrt(T - 3))
 *
 * Between two brains it must be about zero. If it is not, something reaches both at once (mains, a shared ground, a
 * clock error, a shared stimulus), and directed coupling between them cannot be interpreted.
 *
 * @param options `first`, `second`: channel indices; `confidence`, default 0.95
 * @see Fisher, Metron 1, 1921 (the interval).
 */
export function residualCorrelation(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: {
    readonly first: readonly number[];
    readonly second: readonly number[];
    readonly confidence?: number;
  },
): ResidualCorrelation {
  const { nChannels: n } = model;
  const { first, second, confidence = 0.95 } = options;
  for (const channel of [...first, ...second]) {
    if (!(Number.isInteger(channel) && channel >= 0 && channel < n))
      throw new OptionError(
        `residualCorrelation got channel ${channel}: the model has channels 0..${n - 1}.`,
      );
  }
  if (!(confidence > 0 && confidence < 1))
    throw new OptionError(`residualCorrelation needs confidence in (0, 1), got ${confidence}.`);
  const errors = residuals(model, windows);
  let nRows = 0;
  for (const window of errors) nRows += window.length / n;
  const covariance = new Float64Array(n * n);
  residualCovariance(errors, n, true, covariance);
  const half = normalQuantile(0.5 + confidence / 2) / Math.sqrt(nRows - 3);
  const size = first.length * second.length;
  const correlation = new Float64Array(size);
  const low = new Float64Array(size);
  const high = new Float64Array(size);
  let allCoverZero = true;
  let at = 0;
  for (const a of first) {
    for (const b of second) {
      const r = covariance[a * n + b] / Math.sqrt(covariance[a * n + a] * covariance[b * n + b]);
      correlation[at] = r;
      low[at] = Math.tanh(Math.atanh(r) - half);
      high[at] = Math.tanh(Math.atanh(r) + half);
      if (!(low[at] <= 0 && high[at] >= 0)) allCoverZero = false;
      at++;
    }
  }
  return { correlation, low, high, confidence, nObservations: nRows, allCoverZero };
}
