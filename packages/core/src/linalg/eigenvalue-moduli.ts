import { ShapeError } from "../errors.ts";
import { balanceMatrix } from "./balance.ts";

/**
 * Moduli of the eigenvalues of a general real matrix.
 *
 * Balancing, Householder reduction to Hessenberg form, then implicit double-shift QR steps with deflation; no
 * eigenvectors. About 15 n^3 operations.
 *
 * @param matrix `[n, n]`, finite; **destroyed**
 * @returns `[n]`, in the order of deflation. `NaN` where the iteration did not converge, which does not happen for
 *   finite input in practice
 * @see Francis, "The QR transformation", 1961; Golub, Van Loan, "Matrix Computations", 4th ed. 2013, section 7.5.
 */
export function eigenvalueModuli(matrix: Float64Array, n: number): Float64Array {
  if (matrix.length !== n * n)
    throw new ShapeError("eigenvalueModuli", `${n} x ${n} = ${n * n} elements`, String(matrix.length));
  balanceMatrix(matrix, n);
  reduceToHessenberg(matrix, n);
  return hessenbergModuli(matrix, n);
}

function reduceToHessenberg(a: Float64Array, n: number): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let last = n - 1;
    while (last > k + 1 && a[last * n + k] === 0) last--;
    if (last === k + 1) continue;
    let below = 0;
    for (let i = k + 2; i <= last; i++) below += a[i * n + k] * a[i * n + k];
    const alpha = a[(k + 1) * n + k];
    const norm = Math.sqrt(alpha * alpha + below);
    const beta = alpha > 0 ? -norm : norm;
    const scale = 1 / (alpha - beta);
    const tau = (beta - alpha) / beta;
    v[k + 1] = 1;
    for (let i = k + 2; i <= last; i++) {
      v[i] = a[i * n + k] * scale;
      a[i * n + k] = 0;
    }
    a[(k + 1) * n + k] = beta;
    w.fill(0);
    for (let i = k + 1; i <= last; i++) {
      for (let c = k + 1; c < n; c++) w[c] += v[i] * a[i * n + c];
    }
    for (let i = k + 1; i <= last; i++) {
      const f = tau * v[i];
      for (let c = k + 1; c < n; c++) a[i * n + c] -= f * w[c];
    }
    for (let r = 0; r < n; r++) {
      const row = r * n;
      let sum = 0;
      for (let c = k + 1; c <= last; c++) sum += a[row + c] * v[c];
      if (sum === 0) continue;
      sum *= tau;
      for (let c = k + 1; c <= last; c++) a[row + c] -= sum * v[c];
    }
  }
}

const MAX_STEPS_PER_EIGENVALUE = 60;

function hessenbergModuli(h: Float64Array, n: number): Float64Array {
  const moduli = new Float64Array(n);
  let size = 0;
  for (let i = 0; i < n; i++) {
    for (let j = Math.max(0, i - 1); j < n; j++) size += Math.abs(h[i * n + j]);
  }
  let hi = n - 1;
  let steps = 0;
  while (hi >= 0) {
    const lo = splitRow(h, n, hi, size);
    if (lo === hi) {
      moduli[hi] = Math.abs(h[hi * n + hi]);
      hi -= 1;
      steps = 0;
    } else if (lo === hi - 1) {
      pairModuli(h, n, lo, moduli);
      hi -= 2;
      steps = 0;
    } else if (steps >= MAX_STEPS_PER_EIGENVALUE) {
      moduli.fill(Number.NaN, 0, hi + 1);
      return moduli;
    } else {
      steps++;
      francisStep(h, n, lo, hi, steps % 10 === 0);
    }
  }
  return moduli;
}

/** First row of the unreduced block that ends at `hi`; negligible subdiagonal elements become 0. */
function splitRow(h: Float64Array, n: number, hi: number, size: number): number {
  for (let i = hi; i > 0; i--) {
    let scale = Math.abs(h[i * n + i]) + Math.abs(h[(i - 1) * n + i - 1]);
    if (scale === 0) scale = size;
    if (Math.abs(h[i * n + i - 1]) <= Number.EPSILON * scale) {
      h[i * n + i - 1] = 0;
      return i;
    }
  }
  return 0;
}

/** The two eigenvalues of the 2 x 2 block at `lo`. */
function pairModuli(h: Float64Array, n: number, lo: number, moduli: Float64Array): void {
  const a = h[lo * n + lo];
  const b = h[lo * n + lo + 1];
  const c = h[(lo + 1) * n + lo];
  const d = h[(lo + 1) * n + lo + 1];
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  const centre = (a + d) / 2;
  if (discriminant < 0) {
    const modulus = Math.hypot(centre, Math.sqrt(-discriminant));
    moduli[lo] = modulus;
    moduli[lo + 1] = modulus;
    return;
  }
  // The larger root without cancellation, the smaller from the product of both.
  const larger = centre >= 0 ? centre + Math.sqrt(discriminant) : centre - Math.sqrt(discriminant);
  moduli[lo] = Math.abs(larger);
  moduli[lo + 1] = larger === 0 ? 0 : Math.abs((a * d - b * c) / larger);
}

/** One implicit double-shift QR step on rows and columns `lo..hi`. */
function francisStep(h: Float64Array, n: number, lo: number, hi: number, exceptional: boolean): void {
  let trace: number;
  let determinant: number;
  if (exceptional) {
    // Breaks the rare cycle in which the ordinary shifts reproduce themselves.
    const s = Math.abs(h[hi * n + hi - 1]) + Math.abs(h[(hi - 1) * n + hi - 2]);
    trace = 1.5 * s;
    determinant = s * s;
  } else {
    const a = h[(hi - 1) * n + hi - 1];
    const d = h[hi * n + hi];
    trace = a + d;
    determinant = a * d - h[(hi - 1) * n + hi] * h[hi * n + hi - 1];
  }
  const h00 = h[lo * n + lo];
  const h10 = h[(lo + 1) * n + lo];
  const h11 = h[(lo + 1) * n + lo + 1];
  let x = h00 * h00 + h[lo * n + lo + 1] * h10 - trace * h00 + determinant;
  let y = h10 * (h00 + h11 - trace);
  let z = h10 * h[(lo + 2) * n + lo + 1];
  for (let k = lo; k <= hi - 1; k++) {
    const three = k < hi - 1;
    const magnitude = Math.abs(x) + Math.abs(y) + (three ? Math.abs(z) : 0);
    if (magnitude !== 0) {
      x /= magnitude;
      y /= magnitude;
      z = three ? z / magnitude : 0;
      const norm = Math.sqrt(x * x + y * y + z * z);
      const beta = x > 0 ? -norm : norm;
      const v1 = y / (x - beta);
      const v2 = z / (x - beta);
      const tau = (beta - x) / beta;
      const firstColumn = k > lo ? k - 1 : lo;
      const r0 = k * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      if (three) {
        for (let c = firstColumn; c <= hi; c++) {
          const w = tau * (h[r0 + c] + v1 * h[r1 + c] + v2 * h[r2 + c]);
          h[r0 + c] -= w;
          h[r1 + c] -= w * v1;
          h[r2 + c] -= w * v2;
        }
        const lastRow = Math.min(k + 3, hi);
        for (let r = lo; r <= lastRow; r++) {
          const at = r * n + k;
          const w = tau * (h[at] + v1 * h[at + 1] + v2 * h[at + 2]);
          h[at] -= w;
          h[at + 1] -= w * v1;
          h[at + 2] -= w * v2;
        }
      } else {
        for (let c = firstColumn; c <= hi; c++) {
          const w = tau * (h[r0 + c] + v1 * h[r1 + c]);
          h[r0 + c] -= w;
          h[r1 + c] -= w * v1;
        }
        for (let r = lo; r <= hi; r++) {
          const at = r * n + k;
          const w = tau * (h[at] + v1 * h[at + 1]);
          h[at] -= w;
          h[at + 1] -= w * v1;
        }
      }
      if (k > lo) {
        h[r1 + k - 1] = 0;
        if (three) h[r2 + k - 1] = 0;
      }
    }
    if (k < hi - 1) {
      x = h[(k + 1) * n + k];
      y = h[(k + 2) * n + k];
      z = k < hi - 2 ? h[(k + 3) * n + k] : 0;
    }
  }
}
