const ITERATIONS = 12;

/**
 * Estimates the 2-norm condition number of a regression design whose columns are scaled to unit length, from the
 * Cholesky factor of its cross-products (L L' = Z' Z, so L' is the R of a QR of Z).
 *
 *     cond = sqrt( lambda_max / lambda_min )  of  D^-1 Z'Z D^-1,   D = column norms of Z
 *
 * Twelve steps of power and of inverse iteration from a fixed start: an estimate from below, usually within a few
 * per cent. Rule of thumb: least squares by QR loses log10(cond) digits, by normal equations twice as many.
 *
 * @param factor lower triangle, leading dimension `size`, of which the first `n` rows and columns are used
 * @returns at least 1; `Infinity` when a diagonal element is 0
 */
export function conditionOfFactor(factor: Float64Array, size: number, n: number): number {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!(Math.abs(factor[i * size + i]) > 0)) return Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += factor[i * size + k] ** 2;
    scale[i] = 1 / Math.sqrt(sum);
  }
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  // No symmetry of a real design makes this start orthogonal to an extreme eigenvector.
  const restart = () => {
    for (let i = 0; i < n; i++) x[i] = 1 + ((i * 7919) % 101) / 101;
  };

  let largest = 1;
  restart();
  for (let step = 0; step < ITERATIONS; step++) {
    normalise(x);
    y.fill(0);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) y[k] += factor[i * size + k] * scale[i] * x[i];
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * size + k] * y[k];
      x[i] = sum * scale[i];
    }
    largest = euclideanNorm(x);
  }

  let inverse = 1;
  restart();
  for (let step = 0; step < ITERATIONS; step++) {
    normalise(x);
    for (let i = 0; i < n; i++) {
      let sum = x[i] / scale[i];
      for (let k = 0; k < i; k++) sum -= factor[i * size + k] * y[k];
      y[i] = sum / factor[i * size + i];
    }
    for (let j = n - 1; j >= 0; j--) {
      y[j] /= factor[j * size + j];
      for (let k = 0; k < j; k++) y[k] -= factor[j * size + k] * y[j];
      x[j] = y[j] / scale[j];
    }
    inverse = euclideanNorm(x);
  }
  return Math.max(1, Math.sqrt(largest * inverse));
}

function euclideanNorm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

function normalise(x: Float64Array): void {
  const norm = euclideanNorm(x);
  for (let i = 0; i < x.length; i++) x[i] /= norm;
}
