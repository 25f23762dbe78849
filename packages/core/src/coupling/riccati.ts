import { matrixProduct, transpose } from "../linalg/index.ts";
import { identity, solve } from "./real-matrix.ts";

const maximumDoublings = 60;

/**
 * The stabilising solution P of the filter Riccati equation with uncorrelated noises,
 *
 *     P = F P F' + Q - F P C' (C P C' + R)^-1 C P F',
 *
 * by the structure-preserving doubling algorithm, which converges quadratically and needs no stable F.
 *
 * @param transition  F, `[d, d]`
 * @param precision   C' R^-1 C, `[d, d]`
 * @param noise       Q, `[d, d]`, symmetric, not negative
 * @returns P, `[d, d]`, or undefined when the iteration does not settle: no stationary solution
 * @see Chu, Fan, Lin, Wang, Int J Control 2004, algorithm SDA.
 */
export function solveRiccati(
  transition: Float64Array,
  precision: Float64Array,
  noise: Float64Array,
  d: number,
): Float64Array | undefined {
  let a: Float64Array = transpose(transition, d, d);
  const g = precision.slice();
  const h = noise.slice();
  for (let step = 0; step < maximumDoublings; step++) {
    const w = matrixProduct(g, h, d, d, d);
    for (let i = 0; i < d; i++) w[i * d + i] += 1;
    const inverse = solve(w, identity(d), d, d);
    if (inverse === undefined) return undefined;
    const x = matrixProduct(inverse, a, d, d, d);
    const transposed = transpose(a, d, d);
    const moreH = matrixProduct(matrixProduct(transposed, h, d, d, d), x, d, d, d);
    const moreG = matrixProduct(
      matrixProduct(matrixProduct(a, inverse, d, d, d), g, d, d, d),
      transposed,
      d,
      d,
      d,
    );
    a = matrixProduct(a, x, d, d, d);
    let added = 0;
    let total = 0;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        const dh = (moreH[i * d + j] + moreH[j * d + i]) / 2;
        const dg = (moreG[i * d + j] + moreG[j * d + i]) / 2;
        h[i * d + j] += dh;
        g[i * d + j] += dg;
        h[j * d + i] = h[i * d + j];
        g[j * d + i] = g[i * d + j];
        added = Math.max(added, Math.abs(dh));
        total = Math.max(total, Math.abs(h[i * d + j]));
      }
    }
    if (!(total < Number.POSITIVE_INFINITY)) return undefined;
    if (added <= 1e-17 * total) return h;
  }
  return undefined;
}
