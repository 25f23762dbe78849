import { OptionError, ShapeError } from "../errors.ts";
import { lagProducts } from "./lag-products.ts";

/**
 * The normal-equation moments of an autoregressive fit: everything that least squares needs to know about the
 * data, and additive over windows.
 *
 *     gram block (k, l) = sum over windows and t = order .. nSamples-1 of  x_{t-k} x_{t-l}'
 *
 * Block (0, 0) belongs to the targets, blocks (k, l >= 1) to the regressors. Sums of moments are the moments of the
 * pooled fit; no product ever spans two windows. Precision is that of normal equations: a fit from moments loses
 * twice the digits of the condition number, which `MomentSolver` reports.
 */
export class LagMoments {
  readonly nChannels: number;
  readonly order: number;
  /** `[(order + 1) * nChannels, (order + 1) * nChannels]`, symmetric; row `k * nChannels + i` is x_i at lag k. */
  readonly gram: Float64Array;
  /** Rows of the regression so far. A weighted or forgotten sum holds the weighted count, which may be fractional. */
  nRows = 0;
  readonly #products: Float64Array;

  constructor(nChannels: number, order: number) {
    if (!(Number.isInteger(nChannels) && nChannels >= 1))
      throw new OptionError(
        `LagMoments needs nChannels as an integer >= 1, got ${nChannels}: pass the channel count.`,
      );
    if (!(Number.isInteger(order) && order >= 1))
      throw new OptionError(`LagMoments needs order as an integer >= 1, got ${order}: pass the model order.`);
    this.nChannels = nChannels;
    this.order = order;
    this.gram = new Float64Array(((order + 1) * nChannels) ** 2);
    this.#products = new Float64Array(order + 1);
  }

  /**
   * Adds one window. Allocates nothing. O(nChannels^2 order nSamples).
   *
   * Only the products with lag differences 0..order are summed over time; every other block follows from the one
   * up and left of it by exchanging one product at each end (the displacement identity).
   *
   * @param window `[nChannels, nSamples]`, already demeaned if the model is to be. A window of `order` samples or
   *   fewer adds nothing.
   */
  addWindow(window: Float64Array, nSamples: number): void {
    const { nChannels: n, order, gram } = this;
    if (window.length !== n * nSamples)
      throw new ShapeError(
        "LagMoments",
        `${n} x ${nSamples} = ${n * nSamples} samples`,
        String(window.length),
      );
    if (nSamples <= order) return;
    const products = this.#products;
    const side = (order + 1) * n;
    const down = n * (side + 1);
    for (let i = 0; i < n; i++) {
      const first = i * nSamples;
      for (let j = 0; j < n; j++) {
        const second = j * nSamples;
        lagProducts(products, order + 1, window, first + order, window, second + order, nSamples - order);
        for (let d = i <= j ? 0 : 1; d <= order; d++) {
          let value = products[d];
          let at = i * side + d * n + j;
          let mirror = (d * n + j) * side + i;
          gram[at] += value;
          if (mirror !== at) gram[mirror] += value;
          for (let k = 1; k <= order - d; k++) {
            value +=
              window[first + order - k] * window[second + order - k - d] -
              window[first + nSamples - k] * window[second + nSamples - k - d];
            at += down;
            mirror += down;
            gram[at] += value;
            if (mirror !== at) gram[mirror] += value;
          }
        }
      }
    }
    this.nRows += nSamples - order;
  }

  /** Adds `weight` times another set of moments of the same shape. */
  add(other: LagMoments, weight = 1): void {
    this.#requireSameShape(other);
    const { gram } = this;
    for (let i = 0; i < gram.length; i++) gram[i] += weight * other.gram[i];
    this.nRows += weight * other.nRows;
  }

  /** Exponential forgetting: multiplies moments and row count by `lambda` in (0, 1]. */
  scale(lambda: number): void {
    const { gram } = this;
    for (let i = 0; i < gram.length; i++) gram[i] *= lambda;
    this.nRows *= lambda;
  }

  clear(): void {
    this.gram.fill(0);
    this.nRows = 0;
  }

  copyFrom(other: LagMoments): void {
    this.#requireSameShape(other);
    this.gram.set(other.gram);
    this.nRows = other.nRows;
  }

  #requireSameShape(other: LagMoments): void {
    if (other.nChannels !== this.nChannels || other.order !== this.order)
      throw new ShapeError(
        "LagMoments",
        `${this.nChannels} channels at order ${this.order}`,
        `${other.nChannels} channels at order ${other.order}`,
      );
  }
}
