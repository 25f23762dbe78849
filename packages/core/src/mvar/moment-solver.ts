import { OptionError, ShapeError } from "../errors.ts";
import { eliminateCholesky } from "../linalg/cholesky.ts";
import { conditionOfFactor } from "../linalg/condition.ts";
import { solveRowsBackward, solveRowsForward } from "../linalg/triangular.ts";
import type { MvarStatus } from "./model.ts";

/** Below this a pivot is rounding error: the regressor repeats earlier ones to all digits that moments keep. */
const SINGULAR_PIVOT = 1e-13;

/**
 * Solves the normal equations of an autoregressive fit from its Gram matrix.
 *
 *     [A_1 .. A_p] = G_0x G_xx^-1,    noise covariance = (G_00 - G_0x G_xx^-1 G_x0) / nRows
 *
 * One Cholesky elimination with the targets as last rows gives both: the Schur complement that remains is the
 * residual cross-product. The order of operations is fixed, so the same moments give the same bits. Nothing is
 * allocated after construction. O(m^3 / 6 + n m^2), m = nChannels * order.
 *
 * @see Lütkepohl, "New Introduction to Multiple Time Series Analysis", 2005, section 3.2.
 */
export class MomentSolver {
  readonly nChannels: number;
  readonly order: number;
  /** 1 - R^2 of the regressor that the others before it explain best, of the last `execute`; 0 when it failed. */
  smallestScaledPivot = 0;
  readonly #factor: Float64Array;
  readonly #reciprocals: Float64Array;
  readonly #rows: Float64Array;

  constructor(nChannels: number, order: number) {
    if (!(Number.isInteger(nChannels) && nChannels >= 1 && Number.isInteger(order) && order >= 1))
      throw new OptionError(
        `MomentSolver needs nChannels and order as integers >= 1, got ${nChannels} and ${order}: pass counts.`,
      );
    this.nChannels = nChannels;
    this.order = order;
    const side = (order + 1) * nChannels;
    this.#factor = new Float64Array(side * side);
    this.#reciprocals = new Float64Array(order * nChannels);
    this.#rows = new Float64Array(order * nChannels * nChannels);
  }

  /**
   * @param gram            as in `LagMoments.gram`; unchanged, only its upper triangle is read
   * @param nRows           rows of the regression; the noise covariance is divided by it
   * @param outCoefficients `[order, sink, source]`
   * @param outNoise        `[n, n]`
   * @returns `"insufficient-data"` when nRows <= nChannels * order, `"not-positive-definite"` when a regressor
   *   repeats others; both outputs are then NaN. Stability is not checked here: see `spectralRadius`.
   */
  execute(
    gram: Float64Array,
    nRows: number,
    outCoefficients: Float64Array,
    outNoise: Float64Array,
  ): MvarStatus {
    const n = this.nChannels;
    const m = n * this.order;
    const side = m + n;
    if (gram.length !== side * side || outCoefficients.length !== n * m || outNoise.length !== n * n)
      throw new ShapeError(
        "MomentSolver",
        `gram, coefficients, noise of ${side * side}, ${n * m}, ${n * n}`,
        `${gram.length}, ${outCoefficients.length}, ${outNoise.length}`,
      );
    this.smallestScaledPivot = 0;
    const status = nRows > m ? this.#eliminate(gram) : "insufficient-data";
    if (status !== "ok") {
      outCoefficients.fill(Number.NaN);
      outNoise.fill(Number.NaN);
      return status;
    }
    const factor = this.#factor;
    const rows = this.#rows;
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < m; c++) rows[i * m + c] = factor[(m + i) * side + c];
      for (let j = 0; j <= i; j++) {
        const covariance = factor[(m + i) * side + m + j] / nRows;
        outNoise[i * n + j] = covariance;
        outNoise[j * n + i] = covariance;
      }
    }
    solveRowsBackward(rows, n, m, factor, side, m, this.#reciprocals);
    for (let k = 0; k < this.order; k++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) outCoefficients[(k * n + i) * n + j] = rows[i * m + k * n + j];
      }
    }
    return "ok";
  }

  /**
   * Adds to the coefficients the solution for what they left unexplained: one step of iterative refinement.
   *
   * @param residualMoments `[n, order * n]`, sum_t e_t [x_{t-1}; ..; x_{t-p}]' with residuals of the data;
   *   overwritten
   */
  refine(residualMoments: Float64Array, coefficients: Float64Array): void {
    const n = this.nChannels;
    const m = n * this.order;
    solveRowsForward(residualMoments, n, m, this.#factor, m + n, m, this.#reciprocals);
    solveRowsBackward(residualMoments, n, m, this.#factor, m + n, m, this.#reciprocals);
    for (let k = 0; k < this.order; k++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) coefficients[(k * n + i) * n + j] += residualMoments[i * m + k * n + j];
      }
    }
  }

  /** Condition number of the regressors after scaling each to unit length, of the last successful `execute`. */
  conditionEstimate(): number {
    const m = this.nChannels * this.order;
    return this.smallestScaledPivot > 0
      ? conditionOfFactor(this.#factor, m + this.nChannels, m)
      : Number.POSITIVE_INFINITY;
  }

  #eliminate(gram: Float64Array): MvarStatus {
    const n = this.nChannels;
    const m = n * this.order;
    const side = m + n;
    const factor = this.#factor;
    // Regressors first, targets last; the upper triangle of the Gram becomes the lower one here.
    for (let c = 0; c < m; c++) {
      const row = (c + n) * side + n;
      for (let r = c; r < m; r++) factor[r * side + c] = gram[row + r];
    }
    for (let i = 0; i < n; i++) {
      const to = (m + i) * side;
      for (let c = 0; c < m; c++) factor[to + c] = gram[i * side + n + c];
      for (let j = 0; j <= i; j++) factor[to + m + j] = gram[j * side + i];
    }
    const pivot = eliminateCholesky(factor, side, m, this.#reciprocals);
    if (!(pivot > SINGULAR_PIVOT)) return "not-positive-definite";
    this.smallestScaledPivot = pivot;
    return "ok";
  }
}
