import { eliminateCholesky } from "./cholesky.ts";
import { matrixProduct, transpose } from "./matrix-product.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { solveRowsForward } from "./triangular.ts";

/**
 * Solves the Sylvester equation of the Nuttall-Strand recursion,
 *
 *     (F P^-1) X + X (Q^-1 B) = C      with F, P, B, Q symmetric, P and Q positive definite
 *
 * Both factors are symmetric in disguise. With P = L L' and L^-1 F L^-T = U diag(a) U', and likewise
 * Q = M M' and M^-1 B M^-T = V diag(b) V', the equation falls apart into (a_i + b_j) Y_ij = (U' L^-1 C M^-T V)_ij
 * with X = L U Y V' M'. No Kronecker system, no Schur form.
 *
 * @param f,p,b,q,c `[n, n]`, unchanged
 * @returns X, `[n, n]`, or `undefined` when P or Q is not positive definite or some a_i + b_j is not positive
 * @see Nuttall, NUSC TR 5501, 1976; Strand, IEEE Trans. Autom. Control 22, 1977, for the equation.
 */
export function solveDefiniteSylvester(
  f: Float64Array,
  p: Float64Array,
  b: Float64Array,
  q: Float64Array,
  c: Float64Array,
  n: number,
): Float64Array | undefined {
  const left = factorise(p, n);
  const right = factorise(q, n);
  if (left === undefined || right === undefined) return undefined;
  const leftEigen = symmetricEigen(whiten(f, left, left, n), n);
  const rightEigen = symmetricEigen(whiten(b, right, right, n), n);

  const core = matrixProduct(transpose(leftEigen.vectors, n, n), whiten(c, left, right, n), n, n, n);
  const y = matrixProduct(core, rightEigen.vectors, n, n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const sum = leftEigen.values[i] + rightEigen.values[j];
      if (!(sum > 0)) return undefined;
      y[i * n + j] /= sum;
    }
  }
  const unwhitenLeft = matrixProduct(left.lower, leftEigen.vectors, n, n, n);
  const unwhitenRight = transpose(matrixProduct(right.lower, rightEigen.vectors, n, n, n), n, n);
  return matrixProduct(matrixProduct(unwhitenLeft, y, n, n, n), unwhitenRight, n, n, n);
}

interface Factor {
  readonly lower: Float64Array;
  readonly reciprocals: Float64Array;
}

function factorise(matrix: Float64Array, n: number): Factor | undefined {
  const lower = matrix.slice();
  const reciprocals = new Float64Array(n);
  if (eliminateCholesky(lower, n, n, reciprocals) === 0) return undefined;
  for (let i = 0; i < n; i++) lower.fill(0, i * n + i + 1, (i + 1) * n);
  return { lower, reciprocals };
}

/** L^-1 C M^-T. */
function whiten(c: Float64Array, left: Factor, right: Factor, n: number): Float64Array {
  const rows = c.slice();
  solveRowsForward(rows, n, n, right.lower, n, n, right.reciprocals);
  const columns = transpose(rows, n, n);
  solveRowsForward(columns, n, n, left.lower, n, n, left.reciprocals);
  return transpose(columns, n, n);
}
