import { lagProducts } from "./lag-products.ts";

/**
 * Fills a Gram matrix with `nSamples` times the biased autocovariances of the windows, so that solving it gives the Yule-Walker
 * estimate:
 *
 *     block (k, l) = N R_{l-k},   R_h = (1 / N) sum_windows sum_{t >= h} x_t x_{t-h}',   R_{-h} = R_h'
 *
 * The division by all samples, not by the number of products, makes the block-Toeplitz matrix positive definite and
 * the model stable; it also pulls the coefficients towards zero in short windows.
 *
 * @param gram `[(order + 1) * n]` squared, overwritten, symmetric
 * @returns N, the samples of all windows: the divisor of the noise covariance
 * @see Lütkepohl, "New Introduction to Multiple Time Series Analysis", 2005, section 3.3.4.
 */
export function fillYuleWalkerGram(
  gram: Float64Array,
  windows: readonly Float64Array[],
  n: number,
  order: number,
): number {
  const covariances = new Float64Array((order + 1) * n * n);
  const product = new Float64Array(1);
  let count = 0;
  for (const window of windows) {
    const nSamples = window.length / n;
    count += nSamples;
    for (let h = 0; h <= order; h++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          lagProducts(product, 1, window, i * nSamples + h, window, j * nSamples, nSamples - h);
          covariances[(h * n + i) * n + j] += product[0];
        }
      }
    }
  }
  const side = (order + 1) * n;
  for (let k = 0; k <= order; k++) {
    for (let l = k; l <= order; l++) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const value = covariances[((l - k) * n + i) * n + j];
          gram[(k * n + i) * side + l * n + j] = value;
          gram[(l * n + j) * side + k * n + i] = value;
        }
      }
    }
  }
  return count;
}
