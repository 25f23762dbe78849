import { ChannelSpread, centreWindows } from "./centre-window.ts";
import { subtractLagged } from "./lag-products.ts";
import type { MvarModel } from "./model.ts";

/**
 * One-step prediction errors of a model, e_t = x_t - sum_k A_k x_{t-k}, for t >= order of each window.
 *
 * @param windows each `[nChannels, nSamples_w]`; those of `order` samples or fewer are left out
 * @param options `demean`: subtract window means first, as the fit did. Default what the model says, else true
 * @returns one `[nChannels, nSamples_w - order]` per window
 */
export function residuals(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: { readonly demean?: boolean } = {},
): Float64Array[] {
  const { nChannels: n, order } = model;
  const demean = options.demean ?? model.demean ?? true;
  return centreWindows(windows, n, order, demean, new ChannelSpread(n)).map((x) =>
    centredResiduals(model, x),
  );
}

/** Residuals of one window that needs no centring any more. */
export function centredResiduals(
  { nChannels: n, order, coefficients }: Pick<MvarModel, "nChannels" | "order" | "coefficients">,
  x: Float64Array,
): Float64Array {
  const nSamples = x.length / n;
  const nRows = nSamples - order;
  const out = new Float64Array(n * nRows);
  const weights = new Float64Array(order);
  for (let i = 0; i < n; i++) {
    out.set(x.subarray(i * nSamples + order, (i + 1) * nSamples), i * nRows);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < order; k++) weights[k] = coefficients[(k * n + i) * n + j];
      subtractLagged(out, i * nRows, weights, order, x, j * nSamples + order - 1, nRows);
    }
  }
  return out;
}
