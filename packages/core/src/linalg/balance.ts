/**
 * Scales a general matrix by a diagonal similarity of powers of two, in place, until the norms of each row and
 * column are alike. Eigenvalues are unchanged to the bit; channels in volts beside channels in microvolts stop
 * spoiling them.
 *
 * @param matrix `[n, n]`
 * @see Parlett, Reinsch, "Balancing a matrix for calculation of eigenvalues and eigenvectors", Numer. Math. 1969.
 */
export function balanceMatrix(matrix: Float64Array, n: number): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < n; i++) {
      let column = 0;
      let row = 0;
      for (let k = 0; k < n; k++) {
        if (k === i) continue;
        column += Math.abs(matrix[k * n + i]);
        row += Math.abs(matrix[i * n + k]);
      }
      if (column === 0 || row === 0) continue;
      const exponent = Math.round(Math.log2(row / column) / 2);
      if (exponent === 0) continue;
      const f = 2 ** exponent;
      if (column * f + row / f >= 0.95 * (column + row)) continue;
      changed = true;
      for (let k = 0; k < n; k++) {
        matrix[i * n + k] /= f;
        matrix[k * n + i] *= f;
      }
    }
  }
}
