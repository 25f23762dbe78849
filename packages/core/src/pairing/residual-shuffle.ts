import type { BandedGpdcPlan } from "../coupling/index.ts";
import { eliminateCholesky, solveRowsBackward, solveRowsForward } from "../linalg/index.ts";
import { lagProducts } from "../mvar/lag-products.ts";
import type { Direction } from "./directions.ts";
import { PairTable } from "./pair-table.ts";
import { requireWholeUnits, type WindowSet } from "./window-set.ts";

/**
 * The null of one direction alone: no influence of `from` on `to`, with everything else as it was.
 *
 * The receiver is regressed on all pasts but the sender's; the residuals of that model are exchanged between windows and
 * added back, and the full model is fitted again on the same pasts:
 *
 *     x_to* = x_to without the sender + e_pi(window)
 *
 * Destroys the influence from -> to. Keeps every other link, above all the influence in the other direction, and the
 * pasts themselves. Tests direct influence in this direction. A shuffle of whole windows (`blockShuffle`) cannot do
 * that: under strong coupling one way it removes that coupling too, which changes what the sender of the other
 * direction looks like, and its null for that direction is then off, too high or too low with the order of the model.
 *
 * The residuals must be exchangeable between windows: windows must not overlap.
 *
 * @see Freedman, Lane, J Bus Econ Stat 1:292, 1983; Winkler et al., NeuroImage 92:381, 2014 (permutation of residuals).
 */
export class ResidualShuffle {
  readonly #direction: Direction;
  readonly #nChannels: number;
  readonly #order: number;
  readonly #plan: BandedGpdcPlan;
  readonly #table: PairTable;
  readonly #factor: Float64Array;
  readonly #reciprocals: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #variances: Float64Array;
  readonly #restricted: Float64Array;
  readonly #residualPower: Float64Array;
  readonly #nRows: number;
  readonly #sums: Float64Array;
  readonly #solution: Float64Array;
  readonly #nUnits: number;

  /**
   * @param fit pooled least squares fit of `set`: `gram` as in `LagMoments`, `coefficients` `[order, sink, source]`,
   *            `noiseCovariance` `[n, n]`
   * @param unit consecutive windows whose residuals are exchanged as one
   */
  constructor(
    set: WindowSet,
    fit: {
      readonly order: number;
      readonly gram: Float64Array;
      readonly nRows: number;
      readonly coefficients: Float64Array;
      readonly noiseCovariance: Float64Array;
    },
    direction: Direction,
    plan: BandedGpdcPlan,
    unit = 1,
  ) {
    requireWholeUnits("ResidualShuffle", set, unit);
    const n = set.nChannels;
    const { order, nRows } = fit;
    this.#direction = direction;
    this.#nChannels = n;
    this.#order = order;
    this.#plan = plan;
    this.#nRows = nRows;
    this.#nUnits = set.nWindows / unit;
    const m = n * order;
    const nTo = direction.toChannels.length;
    this.#factor = regressorFactor(fit.gram, n, order);
    this.#reciprocals = new Float64Array(m);
    eliminateCholesky(this.#factor, m, m, this.#reciprocals);
    this.#restricted = restrictedRows(fit.gram, n, order, direction);
    const residuals = set.windows.map((window) =>
      residualsOf(window, set.nSamples, n, order, direction, this.#restricted),
    );
    this.#residualPower = powerOf(residuals, nTo);
    const nUsed = set.nSamples - order;
    this.#table = new PairTable(this.#nUnits, nTo * m, (out, pasts, noise) => {
      out.fill(0);
      for (let w = 0; w < unit; w++) {
        addProducts(
          out,
          set.windows[pasts * unit + w],
          set.nSamples,
          n,
          order,
          residuals[noise * unit + w],
          nTo,
          nUsed,
        );
      }
    });
    this.#coefficients = fit.coefficients.slice();
    this.#variances = Float64Array.from({ length: n }, (_, i) => fit.noiseCovariance[i * n + i]);
    this.#sums = new Float64Array(nTo * m);
    this.#solution = new Float64Array(nTo * m);
  }

  /**
   * Squared measure under the null, for one permutation of the residual windows.
   *
   * @param out   `[band, sink, source]`; only entries from -> to mean something
   * @param order `[nUnits]`, the unit (window) whose residuals stand at each place
   */
  execute(out: Float64Array, order: Int32Array): void {
    const n = this.#nChannels;
    const m = n * this.#order;
    const sums = this.#sums.fill(0);
    for (let w = 0; w < this.#nUnits; w++) this.#table.addTo(sums, w, order[w]);
    const solution = this.#solution;
    solution.set(sums);
    const nTo = this.#direction.toChannels.length;
    solveRowsForward(solution, nTo, m, this.#factor, m, m, this.#reciprocals);
    solveRowsBackward(solution, nTo, m, this.#factor, m, m, this.#reciprocals);
    for (let i = 0; i < nTo; i++) {
      const sink = this.#direction.toChannels[i];
      let explained = 0;
      for (let c = 0; c < m; c++) {
        explained += solution[i * m + c] * sums[i * m + c];
        const k = Math.floor(c / n);
        this.#coefficients[(k * n + sink) * n + (c % n)] = this.#restricted[i * m + c] + solution[i * m + c];
      }
      this.#variances[sink] = (this.#residualPower[i] - explained) / this.#nRows;
    }
    this.#plan.execute(out, this.#coefficients, this.#variances);
  }
}

/** Lower triangle of the regressors' Gram, `[m, m]`. */
function regressorFactor(gram: Float64Array, n: number, order: number): Float64Array {
  const m = n * order;
  const side = m + n;
  const factor = new Float64Array(m * m);
  for (let r = 0; r < m; r++) for (let c = 0; c <= r; c++) factor[r * m + c] = gram[(n + r) * side + n + c];
  return factor;
}

/** Coefficients of each receiver on all pasts but the sender's, `[to, order * n]`, zero for the sender. */
function restrictedRows(gram: Float64Array, n: number, order: number, direction: Direction): Float64Array {
  const m = n * order;
  const side = m + n;
  const kept: number[] = [];
  for (let c = 0; c < m; c++) if (!direction.fromChannels.includes(c % n)) kept.push(c);
  const size = kept.length;
  const factor = new Float64Array(size * size);
  const reciprocals = new Float64Array(size);
  for (let r = 0; r < size; r++) {
    for (let c = 0; c <= r; c++) factor[r * size + c] = gram[(n + kept[r]) * side + n + kept[c]];
  }
  eliminateCholesky(factor, size, size, reciprocals);
  const nTo = direction.toChannels.length;
  const rows = new Float64Array(nTo * size);
  for (let i = 0; i < nTo; i++) {
    const sink = direction.toChannels[i];
    for (let c = 0; c < size; c++) rows[i * size + c] = gram[sink * side + n + kept[c]];
  }
  solveRowsForward(rows, nTo, size, factor, size, size, reciprocals);
  solveRowsBackward(rows, nTo, size, factor, size, size, reciprocals);
  const all = new Float64Array(nTo * m);
  for (let i = 0; i < nTo; i++) for (let c = 0; c < size; c++) all[i * m + kept[c]] = rows[i * size + c];
  return all;
}

/** What the restricted model leaves of the receivers in one window, `[to, nSamples - order]`. */
function residualsOf(
  window: Float64Array,
  nSamples: number,
  n: number,
  order: number,
  direction: Direction,
  rows: Float64Array,
): Float64Array {
  const nUsed = nSamples - order;
  const m = n * order;
  const nTo = direction.toChannels.length;
  const residuals = new Float64Array(nTo * nUsed);
  for (let i = 0; i < nTo; i++) {
    const sink = direction.toChannels[i] * nSamples + order;
    for (let t = 0; t < nUsed; t++) residuals[i * nUsed + t] = window[sink + t];
    for (let c = 0; c < m; c++) {
      const weight = rows[i * m + c];
      if (weight === 0) continue;
      const past = (c % n) * nSamples + order - Math.floor(c / n) - 1;
      for (let t = 0; t < nUsed; t++) residuals[i * nUsed + t] -= weight * window[past + t];
    }
  }
  return residuals;
}

function powerOf(residuals: readonly Float64Array[], nTo: number): Float64Array {
  const power = new Float64Array(nTo);
  for (const window of residuals) {
    const nUsed = window.length / nTo;
    for (let i = 0; i < nTo; i++) {
      for (let t = 0; t < nUsed; t++) power[i] += window[i * nUsed + t] ** 2;
    }
  }
  return power;
}

/** Adds sum_t e_i(t) x_j(t - k) for every receiver i and regressor (k, j), `[to, order * n]`. */
function addProducts(
  out: Float64Array,
  window: Float64Array,
  nSamples: number,
  n: number,
  order: number,
  residuals: Float64Array,
  nTo: number,
  nUsed: number,
): void {
  const m = n * order;
  const products = new Float64Array(order);
  for (let i = 0; i < nTo; i++) {
    for (let j = 0; j < n; j++) {
      lagProducts(products, order, residuals, i * nUsed, window, j * nSamples + order - 1, nUsed);
      for (let k = 0; k < order; k++) out[i * m + k * n + j] += products[k];
    }
  }
}
