/** Dense general real matrices, row-major, as the state-space routines need them. */

/** Rows `rowIndices` and columns `columnIndices` of an `[n, n]` matrix. */
export function submatrix(
  matrix: Float64Array,
  n: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(rowIndices.length * columnIndices.length);
  for (let i = 0; i < rowIndices.length; i++)
    for (let j = 0; j < columnIndices.length; j++)
      out[i * columnIndices.length + j] = matrix[rowIndices[i] * n + columnIndices[j]];
  return out;
}

/**
 * X of `matrix X = right`, `[n, n] [n, columns]`, by elimination with row pivots; undefined when singular.
 */
export function solve(
  matrix: Float64Array,
  right: Float64Array,
  n: number,
  columns: number,
): Float64Array | undefined {
  const a = matrix.slice();
  const x = right.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i;
    const head = a[pivot * n + k];
    if (!(Math.abs(head) > 0 && Math.abs(head) < Number.POSITIVE_INFINITY)) return undefined;
    if (pivot !== k) {
      swap(a, n, pivot, k);
      swap(x, columns, pivot, k);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / head;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      for (let j = 0; j < columns; j++) x[i * columns + j] -= factor * x[k * columns + j];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    const head = a[k * n + k];
    for (let j = 0; j < columns; j++) {
      let sum = x[k * columns + j];
      for (let i = k + 1; i < n; i++) sum -= a[k * n + i] * x[i * columns + j];
      x[k * columns + j] = sum / head;
    }
  }
  return x;
}

/** C_bb - C_ba C_aa^-1 C_ab: what is left of b when a is known; undefined when C_aa is singular. */
export function partialCovariance(
  covariance: Float64Array,
  n: number,
  of: ArrayLike<number>,
  given: ArrayLike<number>,
): Float64Array | undefined {
  const own = submatrix(covariance, n, of, of);
  if (given.length === 0) return own;
  const shared = submatrix(covariance, n, given, of);
  const weight = solve(submatrix(covariance, n, given, given), shared, given.length, of.length);
  if (weight === undefined) return undefined;
  for (let i = 0; i < of.length; i++) {
    for (let j = 0; j < of.length; j++) {
      let sum = 0;
      for (let k = 0; k < given.length; k++) sum += shared[k * of.length + i] * weight[k * of.length + j];
      own[i * of.length + j] -= sum;
    }
  }
  return own;
}

export function identity(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}

function swap(matrix: Float64Array, columns: number, a: number, b: number): void {
  for (let j = 0; j < columns; j++) {
    const held = matrix[a * columns + j];
    matrix[a * columns + j] = matrix[b * columns + j];
    matrix[b * columns + j] = held;
  }
}
