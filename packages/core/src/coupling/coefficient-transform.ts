import { ShapeError } from "../errors.ts";
import { checkCounts } from "./model-shape.ts";
import { identity } from "./real-matrix.ts";
import { checkedFrequencies } from "./spectrum.ts";

/**
 * The coefficients of an MVAR model at chosen frequencies.
 *
 *     A(f) = I - sum_{r=1..p} A_r exp(-2 pi i f r / rate)
 *
 * The cosines and sines are tabulated at construction; nothing is allocated afterwards.
 */
export class CoefficientTransform {
  readonly nChannels: number;
  readonly order: number;
  readonly frequencies: Float64Array;
  /** `[freq, lag]`: one frequency's row stays in cache while all pairs of channels pass. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #identity: Float64Array;

  constructor(nChannels: number, order: number, frequencies: ArrayLike<number>, samplingRate: number) {
    checkCounts("CoefficientTransform", nChannels, order);
    this.nChannels = nChannels;
    this.order = order;
    this.frequencies = checkedFrequencies("CoefficientTransform", frequencies, samplingRate);
    this.#identity = identity(nChannels);
    const nFrequencies = this.frequencies.length;
    this.#cos = new Float64Array(nFrequencies * order);
    this.#sin = new Float64Array(nFrequencies * order);
    for (let f = 0; f < nFrequencies; f++) {
      for (let r = 0; r < order; r++) {
        const angle = (2 * Math.PI * this.frequencies[f] * (r + 1)) / samplingRate;
        this.#cos[f * order + r] = Math.cos(angle);
        this.#sin[f * order + r] = Math.sin(angle);
      }
    }
  }

  checkCoefficients(kernel: string, coefficients: Float64Array): void {
    const expected = this.order * this.nChannels * this.nChannels;
    if (coefficients.length !== expected)
      throw new ShapeError(
        kernel,
        `${this.order} x ${this.nChannels} x ${this.nChannels} = ${expected} coefficients`,
        `${coefficients.length}`,
      );
  }

  /**
   * A(f) at the frequency with index `f`.
   *
   * @param real         `[sink, source]`
   * @param imaginary    `[sink, source]`
   * @param coefficients `[order, sink, source]`
   */
  executeAt(f: number, real: Float64Array, imaginary: Float64Array, coefficients: Float64Array): void {
    const order = this.order;
    const nPairs = this.nChannels * this.nChannels;
    const start = f * order;
    for (let q = 0; q < nPairs; q++) {
      let re = this.#identity[q];
      let im = 0;
      for (let r = 0, at = q; r < order; r++, at += nPairs) {
        re -= coefficients[at] * this.#cos[start + r];
        im += coefficients[at] * this.#sin[start + r];
      }
      real[q] = re;
      imaginary[q] = im;
    }
  }

  /**
   * |A(f)|^2 at the frequency with index `f`, all that GPDC and PDC need of it.
   *
   * @param power        `[sink, source]`
   * @param coefficients `[order, sink, source]`
   */
  powerAt(f: number, power: Float64Array, coefficients: Float64Array): void {
    const cos = this.#cos;
    const sin = this.#sin;
    const identity = this.#identity;
    const order = this.order;
    const nPairs = this.nChannels * this.nChannels;
    const start = f * order;
    let q = 0;
    // Four pairs at a time share the two table reads.
    for (; q + 3 < nPairs; q += 4) {
      let re0 = identity[q];
      let re1 = identity[q + 1];
      let re2 = identity[q + 2];
      let re3 = identity[q + 3];
      let im0 = 0;
      let im1 = 0;
      let im2 = 0;
      let im3 = 0;
      for (let r = 0, at = q; r < order; r++, at += nPairs) {
        const c = cos[start + r];
        const s = sin[start + r];
        const a0 = coefficients[at];
        const a1 = coefficients[at + 1];
        const a2 = coefficients[at + 2];
        const a3 = coefficients[at + 3];
        re0 -= a0 * c;
        im0 += a0 * s;
        re1 -= a1 * c;
        im1 += a1 * s;
        re2 -= a2 * c;
        im2 += a2 * s;
        re3 -= a3 * c;
        im3 += a3 * s;
      }
      power[q] = re0 * re0 + im0 * im0;
      power[q + 1] = re1 * re1 + im1 * im1;
      power[q + 2] = re2 * re2 + im2 * im2;
      power[q + 3] = re3 * re3 + im3 * im3;
    }
    for (; q < nPairs; q++) {
      let re = identity[q];
      let im = 0;
      for (let r = 0, at = q; r < order; r++, at += nPairs) {
        const a = coefficients[at];
        re -= a * cos[start + r];
        im += a * sin[start + r];
      }
      power[q] = re * re + im * im;
    }
  }
}
