/**
 * Eliminates the first `nPivots` variables of a symmetric positive definite matrix, in place.
 *
 *     M = [G, B'; B, C]  ->  lower part of M becomes [L, .; B L^-T, C - B G^-1 B']   with G = L L'
 *
 * With `nPivots === size` this is the Cholesky factorisation. With fewer pivots the trailing block holds the
 * Schur complement: for a regression whose targets come last it is the residual cross-product matrix.
 *
 * Cholesky without pivoting commutes with any scaling of the variables, so nothing needs to be scaled first. The
 * returned pivot is relative: pivot_j / M_jj = 1 - R^2 of variable j on the variables before it.
 *
 * Allocates nothing. O(size^2 nPivots). Left-looking in tiles of two rows and two columns.
 *
 * @param matrix      `[size, size]`; only the lower triangle is read and written
 * @param reciprocals `[nPivots]`, filled with 1 / L_jj
 * @returns the smallest scaled pivot in (0, 1]; 0 (and an unusable matrix) when a pivot is not positive
 */
export function eliminateCholesky(
  matrix: Float64Array,
  size: number,
  nPivots: number,
  reciprocals: Float64Array,
): number {
  let smallest = 1;
  let j = 0;
  for (; j + 1 < nPivots; j += 2) {
    const rowJ = j * size;
    const rowK = rowJ + size;
    let jj = 0;
    let kj = 0;
    let kk = 0;
    for (let c = 0; c < j; c++) {
      const a = matrix[rowJ + c];
      const b = matrix[rowK + c];
      jj += a * a;
      kj += a * b;
      kk += b * b;
    }
    const diagonalJ = matrix[rowJ + j];
    const pivotJ = diagonalJ - jj;
    if (!(pivotJ > 0)) return 0;
    const reciprocalJ = 1 / Math.sqrt(pivotJ);
    const couple = (matrix[rowK + j] - kj) * reciprocalJ;
    const diagonalK = matrix[rowK + j + 1];
    const pivotK = diagonalK - kk - couple * couple;
    if (!(pivotK > 0)) return 0;
    const reciprocalK = 1 / Math.sqrt(pivotK);
    if (pivotJ < smallest * diagonalJ) smallest = pivotJ / diagonalJ;
    if (pivotK < smallest * diagonalK) smallest = pivotK / diagonalK;
    matrix[rowJ + j] = pivotJ * reciprocalJ;
    matrix[rowK + j] = couple;
    matrix[rowK + j + 1] = pivotK * reciprocalK;
    reciprocals[j] = reciprocalJ;
    reciprocals[j + 1] = reciprocalK;
    let i = j + 2;
    for (; i + 1 < size; i += 2) {
      const row0 = i * size;
      const row1 = row0 + size;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let c = 0; c < j; c++) {
        const a = matrix[row0 + c];
        const b = matrix[row1 + c];
        const u = matrix[rowJ + c];
        const v = matrix[rowK + c];
        s00 += a * u;
        s01 += a * v;
        s10 += b * u;
        s11 += b * v;
      }
      const l0 = (matrix[row0 + j] - s00) * reciprocalJ;
      const l1 = (matrix[row1 + j] - s10) * reciprocalJ;
      matrix[row0 + j] = l0;
      matrix[row1 + j] = l1;
      matrix[row0 + j + 1] = (matrix[row0 + j + 1] - s01 - l0 * couple) * reciprocalK;
      matrix[row1 + j + 1] = (matrix[row1 + j + 1] - s11 - l1 * couple) * reciprocalK;
    }
    if (i < size) {
      const row = i * size;
      let s0 = 0;
      let s1 = 0;
      for (let c = 0; c < j; c++) {
        const a = matrix[row + c];
        s0 += a * matrix[rowJ + c];
        s1 += a * matrix[rowK + c];
      }
      const l = (matrix[row + j] - s0) * reciprocalJ;
      matrix[row + j] = l;
      matrix[row + j + 1] = (matrix[row + j + 1] - s1 - l * couple) * reciprocalK;
    }
  }
  if (j < nPivots) {
    const rowJ = j * size;
    const diagonal = matrix[rowJ + j];
    const pivot = diagonal - dotOfRows(matrix, rowJ, rowJ, j);
    if (!(pivot > 0)) return 0;
    const reciprocal = 1 / Math.sqrt(pivot);
    if (pivot < smallest * diagonal) smallest = pivot / diagonal;
    matrix[rowJ + j] = pivot * reciprocal;
    reciprocals[j] = reciprocal;
    for (let i = j + 1; i < size; i++) {
      const row = i * size;
      matrix[row + j] = (matrix[row + j] - dotOfRows(matrix, row, rowJ, j)) * reciprocal;
    }
  }
  for (let i = nPivots; i < size; i++) {
    for (let k = nPivots; k <= i; k++) matrix[i * size + k] -= dotOfRows(matrix, i * size, k * size, nPivots);
  }
  return smallest;
}

/** sum_c x[a + c] x[b + c]. Two accumulators, because a single one waits for each addition. */
function dotOfRows(x: Float64Array, a: number, b: number, length: number): number {
  let even = 0;
  let odd = 0;
  let c = 0;
  for (; c + 1 < length; c += 2) {
    even += x[a + c] * x[b + c];
    odd += x[a + c + 1] * x[b + c + 1];
  }
  if (c < length) even += x[a + c] * x[b + c];
  return even + odd;
}

/**
 * Natural logarithm of the determinant of a symmetric positive definite matrix, by Cholesky.
 *
 * @param matrix `[size, size]`; unchanged
 * @returns `-Infinity` when the matrix is not positive definite, which is the limit at a singular matrix
 */
export function logDeterminant(matrix: Float64Array, size: number): number {
  const factor = matrix.slice(0, size * size);
  const reciprocals = new Float64Array(size);
  if (eliminateCholesky(factor, size, size, reciprocals) === 0) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < size; i++) sum -= 2 * Math.log(reciprocals[i]);
  return sum;
}
