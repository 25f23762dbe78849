import { ShapeError } from "../errors.ts";
import { lagProducts } from "./lag-products.ts";

/**
 * Moments between two groups of channels, the only part of a joint Gram matrix that changes when a surrogate pairs
 * an adult window with another infant window:
 *
 *     out block (k, l) = sum_{t = order .. nSamples-1}  a_{t-k} b_{t-l}',   k, l = 0 .. order
 *
 * Allocates nothing but `order + 1` numbers. O(nA nB order nSamples), by the displacement identity.
 *
 * @param out `[(order + 1) * nA, (order + 1) * nB]`; row `k * nA + i` is a_i at lag k, column `l * nB + j` is b_j at
 *   lag l. Overwritten.
 * @param a   `[nA, nSamples]`, demeaned
 * @param b   `[nB, nSamples]`, demeaned, the same nSamples
 */
export function crossLagMoments(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  shape: { readonly nA: number; readonly nB: number; readonly order: number },
): void {
  const { nA, nB, order } = shape;
  const nSamples = a.length / nA;
  const columns = (order + 1) * nB;
  if (b.length !== nB * nSamples || !Number.isInteger(nSamples) || nSamples <= order)
    throw new ShapeError(
      "crossLagMoments",
      `${nA} and ${nB} channels of equal length above order ${order}`,
      `${a.length} and ${b.length} samples`,
    );
  if (out.length !== (order + 1) * nA * columns)
    throw new ShapeError("crossLagMoments", `out of ${(order + 1) * nA * columns}`, String(out.length));
  const nRows = nSamples - order;
  const products = new Float64Array(order + 1);
  for (let i = 0; i < nA; i++) {
    const startA = i * nSamples;
    for (let j = 0; j < nB; j++) {
      const startB = j * nSamples;
      lagProducts(products, order + 1, a, startA + order, b, startB + order, nRows);
      for (let d = 0; d <= order; d++) {
        let value = products[d];
        let at = i * columns + d * nB + j;
        out[at] = value;
        for (let k = 1; k <= order - d; k++) {
          value +=
            a[startA + order - k] * b[startB + order - k - d] -
            a[startA + nSamples - k] * b[startB + nSamples - k - d];
          at += nA * columns + nB;
          out[at] = value;
        }
      }
      lagProducts(products, order + 1, b, startB + order, a, startA + order, nRows);
      for (let d = 1; d <= order; d++) {
        let value = products[d];
        let at = (d * nA + i) * columns + j;
        out[at] = value;
        for (let k = 1; k <= order - d; k++) {
          value +=
            b[startB + order - k] * a[startA + order - k - d] -
            b[startB + nSamples - k] * a[startA + nSamples - k - d];
          at += nA * columns + nB;
          out[at] = value;
        }
      }
    }
  }
}

/**
 * Puts a joint Gram matrix together from the moments within a, within b, and between them. The joint channels are a
 * first, b after; the result is what `LagMoments` of the stacked window would hold. Allocates nothing.
 *
 * @param out `[(order + 1) * (nA + nB)]` squared, overwritten
 * @param aa  Gram of a, as in `LagMoments.gram`
 * @param bb  Gram of b
 * @param ab  from `crossLagMoments`
 */
export function assembleGram(
  out: Float64Array,
  aa: Float64Array,
  bb: Float64Array,
  ab: Float64Array,
  shape: { readonly nA: number; readonly nB: number; readonly order: number },
): void {
  const { nA, nB, order } = shape;
  const n = nA + nB;
  const side = (order + 1) * n;
  const sideA = (order + 1) * nA;
  const sideB = (order + 1) * nB;
  if (
    out.length !== side * side ||
    aa.length !== sideA * sideA ||
    bb.length !== sideB * sideB ||
    ab.length !== sideA * sideB
  )
    throw new ShapeError(
      "assembleGram",
      `out, aa, bb, ab of ${side * side}, ${sideA * sideA}, ${sideB * sideB}, ${sideA * sideB}`,
      `${out.length}, ${aa.length}, ${bb.length}, ${ab.length}`,
    );
  for (let k = 0; k <= order; k++) {
    for (let l = 0; l <= order; l++) {
      for (let i = 0; i < nA; i++) {
        const row = (k * n + i) * side + l * n;
        const rowAA = (k * nA + i) * sideA + l * nA;
        const rowAB = (k * nA + i) * sideB + l * nB;
        for (let j = 0; j < nA; j++) out[row + j] = aa[rowAA + j];
        for (let j = 0; j < nB; j++) out[row + nA + j] = ab[rowAB + j];
      }
      for (let i = 0; i < nB; i++) {
        const row = (k * n + nA + i) * side + l * n;
        const columnAB = k * nB + i;
        const rowBB = (k * nB + i) * sideB + l * nB;
        for (let j = 0; j < nA; j++) out[row + j] = ab[(l * nA + j) * sideB + columnAB];
        for (let j = 0; j < nB; j++) out[row + nA + j] = bb[rowBB + j];
      }
    }
  }
}
