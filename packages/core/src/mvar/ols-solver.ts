import { conditionOfFactor } from "../linalg/condition.ts";
import { transpose } from "../linalg/matrix-product.ts";
import { QrAccumulator } from "../linalg/qr-accumulator.ts";
import { LagMoments } from "./lag-moments.ts";
import { lagProducts, subtractLagged } from "./lag-products.ts";
import type { MvarSolver, MvarStatus } from "./model.ts";
import { MomentSolver } from "./moment-solver.ts";

/**
 * Largest GPDC error against QR over 400 simulated fits (2..6 channels, orders 3..12, 200..400 samples):
 *
 *     smallest scaled pivot      > 1e-3    > 1e-4    > 1e-5    > 1e-7    > 1e-9
 *     Cholesky alone              3e-12     1e-10     2e-9      8e-8      1e-5
 *     one refinement step         2e-13     9e-13     2e-12     1e-11     4e-9
 */
const CHOLESKY_PIVOT = 1e-3;
const REFINED_PIVOT = 1e-7;
/** A regressor whose distance to those before it is below this part of its length is counted as their copy. */
const DEPENDENT = 1e-11;
const BLOCK_ROWS = 256;

/**
 * Least squares over windows, by the cheapest route that keeps the digits. The smallest scaled pivot of the
 * Cholesky elimination (1 - R^2 of the most predictable regressor) decides: above 1e-3 normal equations, above 1e-7
 * normal equations and one refinement step with the residuals of the data, below that Householder QR. Band-limited
 * EEG at 200 Hz needs the last two all the time.
 *
 * Regressors that repeat others (a flat electrode, two bridged ones) get the coefficient 0, the rest is the fit
 * without them, and the status says `"not-positive-definite"`.
 *
 * Holds scratch: one per thread. `solve` allocates nothing.
 */
export class OlsSolver {
  readonly nChannels: number;
  readonly order: number;
  readonly intercept: boolean;
  /** The route of the last `solve`. */
  solver: MvarSolver = "cholesky";
  nRows = 0;
  readonly #moments: LagMoments;
  readonly #momentSolver: MomentSolver;
  readonly #qr: QrAccumulator;
  readonly #residual: Float64Array;
  readonly #products: Float64Array;
  readonly #residualMoments: Float64Array;
  readonly #dependent: Uint8Array;
  readonly #solution: Float64Array;

  /** @param intercept adds a constant regressor (solved by QR always) */
  constructor(nChannels: number, order: number, intercept = false) {
    this.nChannels = nChannels;
    this.order = order;
    this.intercept = intercept;
    const m = nChannels * order + (intercept ? 1 : 0);
    this.#moments = new LagMoments(nChannels, order);
    this.#momentSolver = new MomentSolver(nChannels, order);
    this.#qr = new QrAccumulator(m + nChannels, BLOCK_ROWS);
    this.#residual = new Float64Array(nChannels * BLOCK_ROWS);
    this.#products = new Float64Array(order + 1);
    this.#residualMoments = new Float64Array(nChannels * nChannels * order);
    this.#dependent = new Uint8Array(m);
    this.#solution = new Float64Array(m);
  }

  /**
   * @param windows         each `[nChannels, nSamples_w]`, centred if they are to be
   * @param outCoefficients `[order, sink, source]`
   * @param outNoise        `[n, n]`, residual cross-products / rows
   * @returns not `"unstable"`: stability is for the caller to check. NaN in both outputs when `"insufficient-data"`
   */
  solve(windows: readonly Float64Array[], outCoefficients: Float64Array, outNoise: Float64Array): MvarStatus {
    const n = this.nChannels;
    const moments = this.#moments;
    moments.clear();
    for (let w = 0; w < windows.length; w++) moments.addWindow(windows[w], windows[w].length / n);
    this.nRows = moments.nRows;
    this.solver = "cholesky";
    if (this.intercept && this.nRows > n * this.order + 1)
      return this.#solveByQr(windows, outCoefficients, outNoise);
    if (this.intercept) {
      outCoefficients.fill(Number.NaN);
      outNoise.fill(Number.NaN);
      return "insufficient-data";
    }
    const status = this.#momentSolver.execute(moments.gram, moments.nRows, outCoefficients, outNoise);
    if (status === "insufficient-data") return status;
    const pivot = this.#momentSolver.smallestScaledPivot;
    if (pivot > CHOLESKY_PIVOT) return "ok";
    if (!(pivot > REFINED_PIVOT)) return this.#solveByQr(windows, outCoefficients, outNoise);
    this.#refine(windows, outCoefficients, outNoise);
    return "ok";
  }

  /** Condition number of the regressors scaled to unit length, of the last `solve`. Allocates. */
  conditionEstimate(): number {
    if (this.solver !== "qr") return this.#momentSolver.conditionEstimate();
    const { nColumns, triangle } = this.#qr;
    return conditionOfFactor(transpose(triangle, nColumns, nColumns), nColumns, this.#dependent.length);
  }

  /**
   * Normal equations lose their digits in two sums, and both are formed again from the residuals of the data: what
   * the residuals still share with the regressors corrects the coefficients, and their own products are the noise
   * covariance (exact but for the square of the correction).
   */
  #refine(windows: readonly Float64Array[], coefficients: Float64Array, outNoise: Float64Array): void {
    this.solver = "refined";
    const { nChannels: n, order } = this;
    const m = n * order;
    const residual = this.#residual;
    const products = this.#products;
    const sums = this.#residualMoments;
    sums.fill(0);
    outNoise.fill(0);
    for (let w = 0; w < windows.length; w++) {
      const window = windows[w];
      const nSamples = window.length / n;
      for (let from = order; from < nSamples; from += BLOCK_ROWS) {
        const nRows = Math.min(BLOCK_ROWS, nSamples - from);
        for (let i = 0; i < n; i++) {
          const e = i * BLOCK_ROWS;
          for (let r = 0; r < nRows; r++) residual[e + r] = window[i * nSamples + from + r];
          for (let j = 0; j < n; j++) {
            const past = j * nSamples + from - 1;
            for (let k = 0; k < order; k++) products[k] = coefficients[(k * n + i) * n + j];
            subtractLagged(residual, e, products, order, window, past, nRows);
          }
          for (let j = 0; j < n; j++) {
            lagProducts(products, order, residual, e, window, j * nSamples + from - 1, nRows);
            for (let k = 0; k < order; k++) sums[i * m + k * n + j] += products[k];
          }
          for (let j = 0; j <= i; j++) {
            lagProducts(products, 1, residual, e, residual, j * BLOCK_ROWS, nRows);
            outNoise[i * n + j] += products[0];
          }
        }
      }
    }
    this.#momentSolver.refine(sums, coefficients);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        outNoise[i * n + j] /= this.nRows;
        outNoise[j * n + i] = outNoise[i * n + j];
      }
    }
  }

  #solveByQr(
    windows: readonly Float64Array[],
    outCoefficients: Float64Array,
    outNoise: Float64Array,
  ): MvarStatus {
    this.solver = "qr";
    const { nChannels: n, order } = this;
    const { triangle, nColumns } = this.#qr;
    const m = nColumns - n;
    const dependent = this.#dependent;
    dependent.fill(0);
    this.#triangularise(windows);
    // A copy leaves a direction of rounding error in the triangle. Without its column it does not.
    if (this.#markDependent()) this.#triangularise(windows);
    const solution = this.#solution;
    const first = m - n * order;
    for (let i = 0; i < n; i++) {
      for (let r = m - 1; r >= 0; r--) {
        let sum = triangle[r * nColumns + m + i];
        for (let c = r + 1; c < m; c++) sum -= triangle[r * nColumns + c] * solution[c];
        solution[r] = dependent[r] === 1 ? 0 : sum / triangle[r * nColumns + r];
      }
      for (let k = 0; k < order; k++) {
        for (let j = 0; j < n; j++) outCoefficients[(k * n + i) * n + j] = solution[first + k * n + j];
      }
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let r = m; r <= m + j; r++)
          sum += triangle[r * nColumns + m + i] * triangle[r * nColumns + m + j];
        outNoise[i * n + j] = sum / this.nRows;
        outNoise[j * n + i] = sum / this.nRows;
      }
    }
    for (let c = 0; c < m; c++) if (dependent[c] === 1) return "not-positive-definite";
    return "ok";
  }

  #triangularise(windows: readonly Float64Array[]): void {
    const { nChannels: n, order, intercept } = this;
    const qr = this.#qr;
    const { block } = qr;
    const dependent = this.#dependent;
    qr.clear();
    for (let w = 0; w < windows.length; w++) {
      const window = windows[w];
      const nSamples = window.length / n;
      for (let from = order; from < nSamples; from += BLOCK_ROWS) {
        const nRows = Math.min(BLOCK_ROWS, nSamples - from);
        let column = 0;
        if (intercept) block.fill(1, 0, nRows);
        if (intercept) column = 1;
        for (let k = 1; k <= order + 1; k++) {
          // Lags 1..order, then lag 0: the targets.
          const lag = k <= order ? k : 0;
          for (let j = 0; j < n; j++, column++) {
            const to = column * BLOCK_ROWS;
            const start = j * nSamples + from - lag;
            if (dependent[column] === 1) block.fill(0, to, to + nRows);
            else for (let r = 0; r < nRows; r++) block[to + r] = window[start + r];
          }
        }
        qr.absorb(nRows);
      }
    }
  }

  /** Marks regressors that earlier ones explain to rounding. Returns whether any of them is not simply zero. */
  #markDependent(): boolean {
    const { triangle, nColumns } = this.#qr;
    let spoiled = false;
    for (let c = 0; c < this.#dependent.length; c++) {
      let square = 0;
      for (let r = 0; r <= c; r++) square += triangle[r * nColumns + c] ** 2;
      const distance = Math.abs(triangle[c * nColumns + c]);
      if (distance > DEPENDENT * Math.sqrt(square)) continue;
      this.#dependent[c] = 1;
      if (distance > 0) spoiled = true;
    }
    return spoiled;
  }
}
