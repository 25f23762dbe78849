import { OptionError } from "../errors.ts";
import { chiSquareSurvival } from "../statistics/index.ts";
import type { MvarModel } from "./model.ts";
import { type PortmanteauKind, portmanteauStatistic, whitenResiduals } from "./portmanteau-statistic.ts";
import { residuals } from "./residuals.ts";

export interface Portmanteau {
  readonly kind: PortmanteauKind;
  readonly statistic: number;
  readonly df: number;
  /** Small: residuals still carry structure, the order is too low. NaN when the residuals are degenerate. */
  readonly p: number;
  readonly maxLag: number;
}

/**
 * Are the residuals white? Tests that their correlations at lags 1..h are all zero:
 *
 *     q_k = tr(C_k' C_0^-1 C_k C_0^-1),    C_k = 1/T sum_t e_t e_{t-k}'
 *     Box-Pierce  T sum q_k        Li-McLeod  Box-Pierce + K^2 h (h+1) / (2 T)
 *     Ljung-Box   T (T+2) sum q_k / T_k           Lütkepohl  T^2 sum q_k / T_k
 *
 * against chi-square with K^2 (h - p) degrees of freedom. T_k counts the products at lag k, which is T - k for one
 * window; no product crosses from window to window. Box-Pierce is too lenient in short records. With thousands of
 * samples every test rejects models that are good enough: look at the size of the correlations as well.
 * Where the chi-square limit is in doubt, `portmanteauPermutation` makes its own null.
 *
 * @param options `maxLag` h, above the model's order; `kind`, default `"ljung-box"`
 * @throws OptionError when maxLag <= order
 * @see Hosking, JASA 75, 1980; Li, McLeod, JRSS B 43, 1981; Lütkepohl 2005, section 4.4.3.
 */
export function portmanteau(
  model: MvarModel & { readonly demean?: boolean },
  windows: readonly Float64Array[],
  options: { readonly maxLag: number; readonly kind?: PortmanteauKind },
): Portmanteau {
  const { nChannels: n, order } = model;
  const { maxLag, kind = "ljung-box" } = options;
  if (!(Number.isInteger(maxLag) && maxLag > order))
    throw new OptionError(`portmanteau needs maxLag as an integer above the order ${order}, got ${maxLag}.`);
  const df = n * n * (maxLag - order);
  const white = whitenResiduals(residuals(model, windows), n);
  if (white === undefined) return { kind, statistic: Number.NaN, df, p: Number.NaN, maxLag };
  const statistic = portmanteauStatistic(white, n, kind, maxLag);
  return { kind, statistic, df, p: chiSquareSurvival(statistic, df), maxLag };
}
