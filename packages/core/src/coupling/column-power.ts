import { ShapeError } from "../errors.ts";
import { CoefficientTransform } from "./coefficient-transform.ts";

/**
 * What GPDC is made of, at one frequency after another:
 *
 *     power_ij = |A_ij(f)|^2 / s_i^2,    scale_j = 1 / sum_k power_kj,    GPDC_ij^2 = power_ij scale_j
 *
 * `start` a model, then `executeAt` each frequency. Holds scratch and allocates nothing after construction.
 */
export class ColumnPower {
  readonly nChannels: number;
  readonly frequencies: Float64Array;
  /** `[sink, source]`, of the last `executeAt`. */
  readonly power: Float64Array;
  /** `[source]`, of the last `executeAt`. */
  readonly scale: Float64Array;
  readonly #transform: CoefficientTransform;
  readonly #weight: Float64Array;

  constructor(nChannels: number, order: number, frequencies: ArrayLike<number>, samplingRate: number) {
    this.#transform = new CoefficientTransform(nChannels, order, frequencies, samplingRate);
    this.nChannels = nChannels;
    this.frequencies = this.#transform.frequencies;
    this.power = new Float64Array(nChannels * nChannels);
    this.scale = new Float64Array(nChannels);
    this.#weight = new Float64Array(nChannels);
  }

  /**
   * Refuses buffers that do not fit and takes the variances; one that is not positive makes all weights NaN, because the
   * columns mix every channel.
   *
   * @param kernel        who asks, for the message
   * @param out           must hold `nMatrices` matrices
   * @param coefficients  `[order, sink, source]`
   * @param noiseVariance `[nChannels]`, residual variances s_i^2
   * @throws ShapeError
   */
  start(
    kernel: string,
    out: Float64Array,
    nMatrices: number,
    coefficients: Float64Array,
    noiseVariance: Float64Array,
  ): void {
    const n = this.nChannels;
    if (out.length !== nMatrices * n * n)
      throw new ShapeError(
        kernel,
        `out of ${nMatrices} x ${n} x ${n} = ${nMatrices * n * n} numbers`,
        `${out.length}`,
      );
    this.#transform.checkCoefficients(kernel, coefficients);
    if (noiseVariance.length !== n)
      throw new ShapeError(kernel, `${n} noise variances`, `${noiseVariance.length}`);
    const weight = this.#weight;
    for (let i = 0; i < n; i++) {
      if (!(noiseVariance[i] > 0)) {
        weight.fill(Number.NaN);
        return;
      }
      weight[i] = 1 / noiseVariance[i];
    }
  }

  /** @param f index of the frequency */
  executeAt(f: number, coefficients: Float64Array): void {
    const n = this.nChannels;
    const { power, scale } = this;
    const weight = this.#weight;
    this.#transform.powerAt(f, power, coefficients);
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let i = 0, q = j; i < n; i++, q += n) {
        power[q] *= weight[i];
        total += power[q];
      }
      scale[j] = 1 / total;
    }
  }
}
