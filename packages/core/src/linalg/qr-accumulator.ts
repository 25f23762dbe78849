import { ShapeError } from "../errors.ts";

/**
 * Householder QR of a tall matrix that arrives as blocks of rows; only the triangle R is kept.
 *
 *     [R; block] = Q [R_new; 0]
 *
 * For least squares with several right-hand sides, append the targets as last columns: with R = [Rxx, Rxy; 0, Ryy]
 * the solution is Rxx^-1 Rxy and the residual cross-products are Ryy' Ryy. Unlike the normal equations this loses
 * log10(cond) digits, not twice as many. A column's scale does not matter, and a column of zeros is left alone.
 *
 * Memory stays `nColumns^2 + nColumns * nBlockRows`, however long the data. The plan allocates at construction only.
 *
 * @see Golub, Van Loan, "Matrix Computations", 4th ed. 2013, sections 5.2 and 6.5.
 */
export class QrAccumulator {
  readonly nColumns: number;
  readonly nBlockRows: number;
  /** `[nColumns, nColumns]`, upper triangle, row-major. */
  readonly triangle: Float64Array;
  /** `[nColumns, nBlockRows]`: one column of the block after the other. Fill it, then call `absorb`. */
  readonly block: Float64Array;

  constructor(nColumns: number, nBlockRows: number) {
    this.nColumns = nColumns;
    this.nBlockRows = nBlockRows;
    this.triangle = new Float64Array(nColumns * nColumns);
    this.block = new Float64Array(nColumns * nBlockRows);
  }

  clear(): void {
    this.triangle.fill(0);
  }

  /** Folds the first `nRows` rows of `block` into the triangle. The block is overwritten. */
  absorb(nRows: number): void {
    if (nRows > this.nBlockRows)
      throw new ShapeError("QrAccumulator", `at most ${this.nBlockRows} rows`, String(nRows));
    const { nColumns, nBlockRows, triangle, block } = this;
    for (let j = 0; j < nColumns; j++) {
      const v = j * nBlockRows;
      let below = 0;
      for (let r = 0; r < nRows; r++) below += block[v + r] * block[v + r];
      if (below === 0) continue;
      const rowJ = j * nColumns;
      const alpha = triangle[rowJ + j];
      const norm = Math.sqrt(alpha * alpha + below);
      const beta = alpha > 0 ? -norm : norm;
      const scale = 1 / (alpha - beta);
      for (let r = 0; r < nRows; r++) block[v + r] *= scale;
      const tau = (beta - alpha) / beta;
      triangle[rowJ + j] = beta;
      for (let c = j + 1; c < nColumns; c++)
        reflect(block, v, c * nBlockRows, nRows, triangle, rowJ + c, tau);
    }
  }
}

/** Applies I - tau [1; v] [1; v]' to the column [triangle[top]; block[column ...]]. */
function reflect(
  block: Float64Array,
  v: number,
  column: number,
  nRows: number,
  triangle: Float64Array,
  top: number,
  tau: number,
): void {
  let s0 = triangle[top];
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let r = 0;
  for (; r + 3 < nRows; r += 4) {
    s0 += block[v + r] * block[column + r];
    s1 += block[v + r + 1] * block[column + r + 1];
    s2 += block[v + r + 2] * block[column + r + 2];
    s3 += block[v + r + 3] * block[column + r + 3];
  }
  for (; r < nRows; r++) s0 += block[v + r] * block[column + r];
  const w = tau * (s0 + s1 + (s2 + s3));
  triangle[top] -= w;
  for (r = 0; r < nRows; r++) block[column + r] -= w * block[v + r];
}
