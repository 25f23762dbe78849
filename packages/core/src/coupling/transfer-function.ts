import { CoefficientTransform } from "./coefficient-transform.ts";
import { invertComplex } from "./complex-matrix.ts";

/**
 * The transfer function H(f) = A(f)^-1 of an MVAR model, beside A(f) itself.
 *
 * After `executeAt(f, coefficients)` the four public arrays hold A and H at that frequency, `[sink, source]`. H is
 * NaN where A(f) is singular: a pole on the unit circle.
 */
export class TransferFunction {
  readonly frequencies: Float64Array;
  readonly coefficientReal: Float64Array;
  readonly coefficientImaginary: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly #transform: CoefficientTransform;
  readonly #workReal: Float64Array;
  readonly #workImaginary: Float64Array;

  constructor(nChannels: number, order: number, frequencies: ArrayLike<number>, samplingRate: number) {
    this.#transform = new CoefficientTransform(nChannels, order, frequencies, samplingRate);
    this.frequencies = this.#transform.frequencies;
    const nPairs = nChannels * nChannels;
    this.coefficientReal = new Float64Array(nPairs);
    this.coefficientImaginary = new Float64Array(nPairs);
    this.real = new Float64Array(nPairs);
    this.imaginary = new Float64Array(nPairs);
    this.#workReal = new Float64Array(nPairs);
    this.#workImaginary = new Float64Array(nPairs);
  }

  executeAt(f: number, coefficients: Float64Array): void {
    this.#transform.executeAt(f, this.coefficientReal, this.coefficientImaginary, coefficients);
    this.#workReal.set(this.coefficientReal);
    this.#workImaginary.set(this.coefficientImaginary);
    const n = this.#transform.nChannels;
    invertComplex(this.real, this.imaginary, this.#workReal, this.#workImaginary, n);
  }
}
