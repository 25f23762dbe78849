import { OptionError } from "../errors.ts";
import { eliminateCholesky, logDeterminant } from "../linalg/cholesky.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import { LagMoments } from "./lag-moments.ts";
import type { MvarStatus } from "./model.ts";

export type OrderCriterion = "aic" | "aicc" | "hq" | "bic" | "lnfpe";

const CRITERIA: readonly OrderCriterion[] = ["aic", "aicc", "hq", "bic", "lnfpe"];

export interface OrderSelection {
  /** `[maxOrder]`: 1, 2, .. maxOrder. The axis of every curve. */
  readonly orders: Int32Array;
  /** Rows of the regression, the same for every order. */
  readonly nObservations: number;
  readonly status: MvarStatus;
  /** `[maxOrder]` per criterion; smaller is better. NaN where there is no value. */
  readonly curves: Partial<Record<OrderCriterion, Float64Array>>;
  /** The order with the smallest value; NaN when the curve has none. */
  readonly minima: Partial<Record<OrderCriterion, number>>;
  /** The order where the curve bends most: farthest below the line from its first point to its last. */
  readonly elbows: Partial<Record<OrderCriterion, number>>;
}

/**
 * Compares model orders 1 .. maxOrder by information criteria, per row n of the regression, K channels:
 *
 *     L(p)   = ln det S_ML(p)                    S_ML = residual cross-products / n
 *     AIC    = L + 2 K^2 p / n
 *     AICc   = L + K (2 K p + K + 1) / (n - K p - K - 1)        infinite once n <= K p + K + 1
 *     HQ     = L + 2 ln(ln n) K^2 p / n
 *     BIC    = L + ln(n) K^2 p / n
 *     lnFPE  = L + K ln((n + K p + 1) / (n - K p - 1))
 *
 * Every order is fitted to the **same** samples (the first maxOrder of each window serve as past only), or the
 * criteria could not be compared. The whole range is returned, not the first minimum. One elimination serves all
 * orders: after lags 1..p are eliminated, what is left of the targets is the residual covariance of order p.
 *
 * Select on pooled windows and keep one order for a study: in windows of 1 to 1.5 s BIC and HQ choose too low.
 * Normal equations: on band-limited data (condition above 1e6) the tails of the curves are noise.
 *
 * @param windows each `[nChannels, nSamples_w]`; one pooled selection
 * @see Lütkepohl, "New Introduction to Multiple Time Series Analysis", 2005, section 4.3; Hurvich, Tsai, J. Time Ser.
 *   Anal. 14, 1993 (AICc).
 */
export function selectOrder(
  windows: readonly Float64Array[],
  options: {
    readonly nChannels: number;
    readonly maxOrder: number;
    /** Default all. */
    readonly criteria?: readonly OrderCriterion[];
    /** Default true. */
    readonly demean?: boolean;
  },
): OrderSelection {
  const { nChannels, maxOrder, criteria = CRITERIA, demean = true } = options;
  for (const criterion of criteria) {
    if (!CRITERIA.includes(criterion))
      throw new OptionError(`selectOrder knows no criterion "${criterion}": use ${CRITERIA.join(", ")}.`);
  }
  const moments = new LagMoments(nChannels, maxOrder);
  const spread = new ChannelSpread(nChannels);
  for (const window of centreWindows(windows, nChannels, maxOrder, demean, spread))
    moments.addWindow(window, window.length / nChannels);
  const { nRows } = moments;

  const logDeterminants = new Float64Array(maxOrder).fill(Number.NaN);
  let status: MvarStatus = "insufficient-data";
  if (nRows > nChannels * maxOrder) status = nestedLogDeterminants(moments, logDeterminants);
  if (status === "ok" && spread.hasFlatChannel()) status = "not-positive-definite";

  const curves: OrderSelection["curves"] = {};
  const minima: OrderSelection["minima"] = {};
  const elbows: OrderSelection["elbows"] = {};
  for (const criterion of criteria) {
    const curve = logDeterminants.map((value, at) => value + penalty(criterion, nChannels, at + 1, nRows));
    curves[criterion] = curve;
    minima[criterion] = orderOfSmallest(curve);
    elbows[criterion] = orderOfElbow(curve);
  }
  const orders = Int32Array.from({ length: maxOrder }, (_, at) => at + 1);
  return { orders, nObservations: nRows, status, curves, minima, elbows };
}

function nestedLogDeterminants(moments: LagMoments, out: Float64Array): MvarStatus {
  const { nChannels: n, order, gram, nRows } = moments;
  const m = n * order;
  const side = m + n;
  const factor = new Float64Array(side * side);
  // Lags 1..order first, targets last.
  for (let r = 0; r < side; r++) {
    for (let c = 0; c <= r; c++) factor[r * side + c] = gram[((r + n) % side) * side + ((c + n) % side)];
  }
  if (!(eliminateCholesky(factor, side, m, new Float64Array(m)) > 1e-13)) return "not-positive-definite";
  const residual = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++)
      residual[i * n + j] = factor[(m + Math.max(i, j)) * side + m + Math.min(i, j)];
  }
  // From the highest order down: giving a lag back to the residual adds what it had explained.
  for (let p = order; p >= 1; p--) {
    out[p - 1] = logDeterminant(residual, n) - n * Math.log(nRows);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let c = (p - 1) * n; c < p * n; c++)
          residual[i * n + j] += factor[(m + i) * side + c] * factor[(m + j) * side + c];
      }
    }
  }
  return "ok";
}

function penalty(criterion: OrderCriterion, n: number, p: number, rows: number): number {
  switch (criterion) {
    case "aic":
      return (2 * n * n * p) / rows;
    case "aicc": {
      const left = rows - n * p - n - 1;
      return left > 0 ? (n * (2 * n * p + n + 1)) / left : Number.POSITIVE_INFINITY;
    }
    case "hq":
      return (2 * Math.log(Math.log(rows)) * n * n * p) / rows;
    case "bic":
      return (Math.log(rows) * n * n * p) / rows;
    case "lnfpe": {
      const left = rows - n * p - 1;
      return left > 0 ? n * Math.log((rows + n * p + 1) / left) : Number.POSITIVE_INFINITY;
    }
  }
}

function orderOfSmallest(curve: Float64Array): number {
  let best = Number.NaN;
  let smallest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < curve.length; at++) {
    if (curve[at] < smallest) {
      smallest = curve[at];
      best = at + 1;
    }
  }
  return best;
}

function orderOfElbow(curve: Float64Array): number {
  let last = curve.length - 1;
  while (last > 0 && !Number.isFinite(curve[last])) last--;
  if (!Number.isFinite(curve[0])) return Number.NaN;
  let best = 1;
  let farthest = 0;
  for (let at = 1; at < last; at++) {
    const below = curve[0] + ((curve[last] - curve[0]) * at) / last - curve[at];
    if (below > farthest) {
      farthest = below;
      best = at + 1;
    }
  }
  return best;
}
