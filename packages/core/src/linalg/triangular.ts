/**
 * Triangular solves for rows: `x` holds `nRows` row vectors, each of them is replaced in place. The factor is the
 * lower triangle that `eliminateCholesky` leaves, of leading dimension `size`, with the reciprocals of its
 * diagonal. Rows are independent and may lie in a larger array.
 */

/** x <- x L^-T, that is, solves L y = x' for each row: the forward half of a Cholesky solve. Allocates nothing. */
export function solveRowsForward(
  x: Float64Array,
  nRows: number,
  rowStride: number,
  factor: Float64Array,
  size: number,
  nPivots: number,
  reciprocals: Float64Array,
): void {
  for (let r = 0; r < nRows; r++) {
    const start = r * rowStride;
    for (let j = 0; j < nPivots; j++) {
      let sum = x[start + j];
      const row = j * size;
      for (let k = 0; k < j; k++) sum -= factor[row + k] * x[start + k];
      x[start + j] = sum * reciprocals[j];
    }
  }
}

/**
 * x <- x L^-1, that is, solves L' y = x' for each row: the backward half of a Cholesky solve. Walks the factor
 * row by row, four right-hand sides at a time. Allocates nothing.
 */
export function solveRowsBackward(
  x: Float64Array,
  nRows: number,
  rowStride: number,
  factor: Float64Array,
  size: number,
  nPivots: number,
  reciprocals: Float64Array,
): void {
  let r = 0;
  for (; r + 3 < nRows; r += 4) {
    const x0 = r * rowStride;
    const x1 = x0 + rowStride;
    const x2 = x1 + rowStride;
    const x3 = x2 + rowStride;
    for (let j = nPivots - 1; j >= 0; j--) {
      const reciprocal = reciprocals[j];
      const y0 = x[x0 + j] * reciprocal;
      const y1 = x[x1 + j] * reciprocal;
      const y2 = x[x2 + j] * reciprocal;
      const y3 = x[x3 + j] * reciprocal;
      x[x0 + j] = y0;
      x[x1 + j] = y1;
      x[x2 + j] = y2;
      x[x3 + j] = y3;
      const row = j * size;
      for (let k = 0; k < j; k++) {
        const l = factor[row + k];
        x[x0 + k] -= y0 * l;
        x[x1 + k] -= y1 * l;
        x[x2 + k] -= y2 * l;
        x[x3 + k] -= y3 * l;
      }
    }
  }
  for (; r < nRows; r++) {
    const start = r * rowStride;
    for (let j = nPivots - 1; j >= 0; j--) {
      const y = x[start + j] * reciprocals[j];
      x[start + j] = y;
      const row = j * size;
      for (let k = 0; k < j; k++) x[start + k] -= y * factor[row + k];
    }
  }
}
