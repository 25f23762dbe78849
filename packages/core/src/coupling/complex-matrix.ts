/**
 * Dense complex matrices of a few rows, real and imaginary parts apart, row-major. Nothing here allocates.
 */

/**
 * The inverse of a complex matrix by Gauss-Jordan elimination. `real` and `imaginary` are destroyed.
 *
 * The diagonal is kept as the pivot unless it is a hundred times smaller than the largest candidate: rows then
 * stay where they are and structural zeros of the inverse come out as exact zeros.
 *
 * @returns false when the matrix is singular or not finite; the output is then NaN.
 */
export function invertComplex(
  outReal: Float64Array,
  outImaginary: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  n: number,
): boolean {
  outReal.fill(0, 0, n * n);
  outImaginary.fill(0, 0, n * n);
  for (let i = 0; i < n; i++) outReal[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    const pivot = choosePivot(real, imaginary, n, k);
    if (pivot < 0) {
      outReal.fill(Number.NaN, 0, n * n);
      outImaginary.fill(Number.NaN, 0, n * n);
      return false;
    }
    if (pivot !== k) {
      swapRows(real, n, pivot, k);
      swapRows(imaginary, n, pivot, k);
      swapRows(outReal, n, pivot, k);
      swapRows(outImaginary, n, pivot, k);
    }
    const row = k * n;
    const re = real[row + k];
    const im = imaginary[row + k];
    const size = re * re + im * im;
    scaleRow(real, imaginary, row, n, re / size, -im / size);
    scaleRow(outReal, outImaginary, row, n, re / size, -im / size);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const fr = real[i * n + k];
      const fi = imaginary[i * n + k];
      if (fr === 0 && fi === 0) continue;
      subtractRow(real, imaginary, i * n, row, n, fr, fi);
      subtractRow(outReal, outImaginary, i * n, row, n, fr, fi);
    }
  }
  return true;
}

/** ln |det M|; -Infinity for a singular matrix, NaN for one that is not finite. Destroys its input. */
export function logAbsoluteDeterminant(real: Float64Array, imaginary: Float64Array, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const pivot = choosePivot(real, imaginary, n, k);
    if (pivot < 0) return pivot === notFinite ? Number.NaN : Number.NEGATIVE_INFINITY;
    if (pivot !== k) {
      swapRows(real, n, pivot, k);
      swapRows(imaginary, n, pivot, k);
    }
    const row = k * n;
    const re = real[row + k];
    const im = imaginary[row + k];
    const size = re * re + im * im;
    sum += 0.5 * Math.log(size);
    for (let i = k + 1; i < n; i++) {
      const ar = real[i * n + k];
      const ai = imaginary[i * n + k];
      if (ar === 0 && ai === 0) continue;
      subtractRow(real, imaginary, i * n, row, n, (ar * re + ai * im) / size, (ai * re - ar * im) / size);
    }
  }
  return sum;
}

/** out = left right, `[rows, inner] [inner, columns]`. `out` must be neither input. */
export function multiplyComplex(
  outReal: Float64Array,
  outImaginary: Float64Array,
  leftReal: Float64Array,
  leftImaginary: Float64Array,
  rightReal: Float64Array,
  rightImaginary: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < inner; k++) {
        const lr = leftReal[i * inner + k];
        const li = leftImaginary[i * inner + k];
        const rr = rightReal[k * columns + j];
        const ri = rightImaginary[k * columns + j];
        re += lr * rr - li * ri;
        im += lr * ri + li * rr;
      }
      outReal[i * columns + j] = re;
      outImaginary[i * columns + j] = im;
    }
  }
}

/** out = M C M^*, where M is complex `[rows, n]` and C real and symmetric `[n, n]`; Hermitian `[rows, rows]`. */
export function congruence(
  outReal: Float64Array,
  outImaginary: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  covariance: Float64Array,
  rows: number,
  n: number,
): void {
  for (let a = 0; a < rows; a++) {
    for (let b = a; b < rows; b++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < n; k++) {
        const ar = real[a * n + k];
        const ai = imaginary[a * n + k];
        if (ar === 0 && ai === 0) continue;
        let sr = 0;
        let si = 0;
        for (let l = 0; l < n; l++) {
          sr += covariance[k * n + l] * real[b * n + l];
          si += covariance[k * n + l] * imaginary[b * n + l];
        }
        re += ar * sr + ai * si;
        im += ai * sr - ar * si;
      }
      outReal[a * rows + b] = re;
      outImaginary[a * rows + b] = a === b ? 0 : im;
      outReal[b * rows + a] = re;
      outImaginary[b * rows + a] = a === b ? 0 : -im;
    }
  }
}

/** A pivot below this part of its diagonal entry is rounding: the row repeats those before it. */
const SINGULAR_PIVOT = 1e-13;

/**
 * L of C = L L^* for a Hermitian positive definite C, in place in the lower triangle; its diagonal is real.
 *
 * @returns false when a row repeats others to rounding or is not finite; the matrix is then unusable
 */
export function choleskyComplex(real: Float64Array, imaginary: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    const own = real[j * n + j];
    let pivot = own;
    for (let k = 0; k < j; k++) pivot -= real[j * n + k] ** 2 + imaginary[j * n + k] ** 2;
    if (!(pivot > SINGULAR_PIVOT * own && pivot < Number.POSITIVE_INFINITY)) return false;
    const root = Math.sqrt(pivot);
    real[j * n + j] = root;
    imaginary[j * n + j] = 0;
    for (let i = j + 1; i < n; i++) {
      let re = real[i * n + j];
      let im = imaginary[i * n + j];
      for (let k = 0; k < j; k++) {
        const ar = real[i * n + k];
        const ai = imaginary[i * n + k];
        const br = real[j * n + k];
        const bi = imaginary[j * n + k];
        re -= ar * br + ai * bi;
        im -= ai * br - ar * bi;
      }
      real[i * n + j] = re / root;
      imaginary[i * n + j] = im / root;
    }
  }
  return true;
}

const notFinite = -2;

/** Row of the pivot of column k, -1 when the column is zero, `notFinite` when it holds NaN or infinity. */
function choosePivot(real: Float64Array, imaginary: Float64Array, n: number, k: number): number {
  let best = -1;
  let largest = 0;
  for (let i = k; i < n; i++) {
    const size = Math.abs(real[i * n + k]) + Math.abs(imaginary[i * n + k]);
    if (!(size < Number.POSITIVE_INFINITY)) return notFinite;
    if (size > largest) {
      largest = size;
      best = i;
    }
  }
  const own = Math.abs(real[k * n + k]) + Math.abs(imaginary[k * n + k]);
  return own > 0 && own >= 0.01 * largest ? k : best;
}

function swapRows(matrix: Float64Array, n: number, a: number, b: number): void {
  for (let j = 0; j < n; j++) {
    const held = matrix[a * n + j];
    matrix[a * n + j] = matrix[b * n + j];
    matrix[b * n + j] = held;
  }
}

function scaleRow(
  real: Float64Array,
  imaginary: Float64Array,
  row: number,
  n: number,
  fr: number,
  fi: number,
): void {
  for (let j = row; j < row + n; j++) {
    const re = real[j];
    const im = imaginary[j];
    real[j] = re * fr - im * fi;
    imaginary[j] = re * fi + im * fr;
  }
}

function subtractRow(
  real: Float64Array,
  imaginary: Float64Array,
  row: number,
  pivotRow: number,
  n: number,
  fr: number,
  fi: number,
): void {
  for (let j = 0; j < n; j++) {
    const re = real[pivotRow + j];
    const im = imaginary[pivotRow + j];
    real[row + j] -= re * fr - im * fi;
    imaginary[row + j] -= re * fi + im * fr;
  }
}
