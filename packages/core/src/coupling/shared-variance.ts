import { choleskyComplex } from "./complex-matrix.ts";

/**
 * How much two sets of channels have in common at one frequency, from their cross-spectral matrix:
 *
 *     1 - det C / (det C_aa det C_bb),   C over a and b together
 *
 * which is 1 - det(I - K K^*) with K = L_a^-1 C_ab L_b^-*, C_aa = L_a L_a^*, C_bb = L_b L_b^*. The determinant is eliminated
 * in terms of what is shared and not of what is left, sums of positive terms throughout: a coherence of 1e-8 keeps its
 * digits, and one of 0 is 0.
 *
 * @param real,imaginary `[n, n]`, Hermitian; a slice that begins at `start`
 * @returns in [0, 1]; NaN when a set is singular by itself
 */
export function sharedVariance(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  n: number,
  first: readonly number[],
  second: readonly number[],
): number {
  const a = factorOf(real, imaginary, start, n, first);
  const b = factorOf(real, imaginary, start, n, second);
  if (a === undefined || b === undefined) return Number.NaN;
  const rows = first.length;
  const columns = second.length;
  const kr = new Float64Array(rows * columns);
  const ki = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      const from = start + first[i] * n + second[j];
      let re = real[from];
      let im = imaginary[from];
      for (let k = 0; k < i; k++) {
        const lr = a.real[i * rows + k];
        const li = a.imaginary[i * rows + k];
        re -= lr * kr[k * columns + j] - li * ki[k * columns + j];
        im -= lr * ki[k * columns + j] + li * kr[k * columns + j];
      }
      kr[at] = re / a.real[i * rows + i];
      ki[at] = im / a.real[i * rows + i];
    }
  }
  for (let i = 0; i < rows; i++) {
    const row = i * columns;
    for (let j = 0; j < columns; j++) {
      let re = kr[row + j];
      let im = ki[row + j];
      for (let k = 0; k < j; k++) {
        const lr = b.real[j * columns + k];
        const li = b.imaginary[j * columns + k];
        re -= kr[row + k] * lr + ki[row + k] * li;
        im -= ki[row + k] * lr - kr[row + k] * li;
      }
      kr[row + j] = re / b.real[j * columns + j];
      ki[row + j] = im / b.real[j * columns + j];
    }
  }
  return oneMinusDeterminant(kr, ki, rows, columns);
}

function factorOf(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  n: number,
  channels: readonly number[],
) {
  const m = channels.length;
  const factor = { real: new Float64Array(m * m), imaginary: new Float64Array(m * m) };
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const from = start + channels[i] * n + channels[j];
      factor.real[i * m + j] = real[from];
      factor.imaginary[i * m + j] = imaginary[from];
    }
  }
  return choleskyComplex(factor.real, factor.imaginary, m) ? factor : undefined;
}

/** 1 - det(I - K K^*): pivots of I - D are 1 - D_kk, and elimination only adds to D. */
function oneMinusDeterminant(kr: Float64Array, ki: Float64Array, rows: number, columns: number): number {
  const dr = new Float64Array(rows * rows);
  const di = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      for (let c = 0; c < columns; c++) {
        const x = i * columns + c;
        const y = j * columns + c;
        dr[i * rows + j] += kr[x] * kr[y] + ki[x] * ki[y];
        di[i * rows + j] += ki[x] * kr[y] - kr[x] * ki[y];
      }
    }
  }
  let logarithm = 0;
  for (let k = 0; k < rows; k++) {
    const shared = dr[k * rows + k];
    if (shared >= 1) return 1;
    logarithm += Math.log1p(-shared);
    const left = 1 - shared;
    for (let i = k + 1; i < rows; i++) {
      const ar = dr[i * rows + k];
      const ai = di[i * rows + k];
      for (let j = k + 1; j <= i; j++) {
        const br = dr[j * rows + k];
        const bi = di[j * rows + k];
        dr[i * rows + j] += (ar * br + ai * bi) / left;
        di[i * rows + j] += (ai * br - ar * bi) / left;
      }
    }
  }
  // Adding zero keeps -expm1(0) from being -0.
  return -Math.expm1(logarithm) + 0;
}
