import { ShapeError } from "../errors.ts";

const MAX_SWEEPS = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations: A = V diag(values) V'.
 *
 * Small eigenvalues of positive definite matrices come out with small *relative* error, which the shorter
 * tridiagonal route does not promise. Meant for up to about 100 channels.
 *
 * @param matrix `[n, n]`, symmetric; **destroyed**
 * @returns `values` `[n]`, unsorted, and `vectors` `[n, n]`, column `j` belongs to `values[j]`
 * @see Golub, Van Loan, "Matrix Computations", 4th ed. 2013, section 8.5.
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  if (matrix.length !== n * n)
    throw new ShapeError("symmetricEigen", `${n} x ${n} = ${n * n} elements`, String(matrix.length));
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = matrix[p * n + q];
        const app = matrix[p * n + p];
        const aqq = matrix[q * n + q];
        if (Math.abs(apq) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq)) || apq === 0) continue;
        rotated = true;
        const theta = (aqq - app) / (2 * apq);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(t, 1);
        const sine = t * cosine;
        for (let k = 0; k < n; k++) {
          const left = matrix[k * n + p];
          const right = matrix[k * n + q];
          matrix[k * n + p] = cosine * left - sine * right;
          matrix[k * n + q] = sine * left + cosine * right;
        }
        for (let k = 0; k < n; k++) {
          const upper = matrix[p * n + k];
          const lower = matrix[q * n + k];
          matrix[p * n + k] = cosine * upper - sine * lower;
          matrix[q * n + k] = sine * upper + cosine * lower;
        }
        matrix[p * n + q] = 0;
        matrix[q * n + p] = 0;
        for (let k = 0; k < n; k++) {
          const left = vectors[k * n + p];
          const right = vectors[k * n + q];
          vectors[k * n + p] = cosine * left - sine * right;
          vectors[k * n + q] = sine * left + cosine * right;
        }
      }
    }
  }
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = matrix[i * n + i];
  return { values, vectors };
}
