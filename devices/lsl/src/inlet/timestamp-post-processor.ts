import type { PostProcessing } from "../api/inlet.ts";

/**
 * liblsl's stamp post-processing (time_postprocessor.cpp), bit for bit: clock correction, then dejitter, then a running
 * maximum. Works in place and allocates nothing.
 *
 * Dejitter is recursive least squares of stamp against sample number u = 0, 1, 2…, with forgetting factor
 * lambda = 2^(-1 / (rate * halftime)); t = stamp - t0, where t0 is the integer part of the first stamp:
 *
 *     pi0 = P00 + u P01,  pi1 = P01 + u P11,  a = t - (w0 + u w1),  g = 1 / (lambda + pi0 + pi1 u)
 *     P00 = (P00 - pi0² g) / lambda,  P01 = (P01 - pi0 pi1 g) / lambda,  P11 = (P11 - pi1² g) / lambda
 *     w0 += a (P00 + P01 u),  w1 += a (P01 + P11 u),  result = w0 + u w1 + t0
 *
 * Lost samples do not advance u, so a gap bends the fit.
 */
export class TimestampPostProcessor {
  readonly #options: PostProcessing;
  readonly #halftimeSeconds: number;
  #rate: number;
  #lambda = 1;
  #perLambda = 1;
  #u = 0;
  #t0 = 0;
  #w0 = 0;
  #w1 = 0;
  #p00 = 1e10;
  #p01 = 0;
  #p11 = 1e10;
  #largest = Number.NEGATIVE_INFINITY;

  /** @param nominalSamplingRate Hz; 0 (irregular) leaves dejitter out */
  constructor(options: PostProcessing, nominalSamplingRate: number, halftimeSeconds = 90) {
    this.#options = options;
    this.#halftimeSeconds = halftimeSeconds;
    this.#rate = nominalSamplingRate;
    this.reset(nominalSamplingRate);
  }

  /** Starts anew, as after a recovery: the clock may be another. */
  reset(nominalSamplingRate = this.#rate): void {
    this.#rate = nominalSamplingRate;
    this.#lambda = 2 ** (-1 / (nominalSamplingRate * this.#halftimeSeconds));
    this.#perLambda = 1 / this.#lambda;
    this.#u = 0;
    this.#w0 = 0;
    this.#w1 = nominalSamplingRate > 0 ? 1 / nominalSamplingRate : 0;
    this.#p00 = 1e10;
    this.#p01 = 0;
    this.#p11 = 1e10;
    this.#largest = Number.NEGATIVE_INFINITY;
  }

  /**
   * @param timestamps    overwritten
   * @param clockOffset   last known correction, s; used with `clockSync` only
   */
  execute(timestamps: Float64Array, clockOffset = 0): void {
    const { clockSync, dejitter, monotonize } = this.#options;
    const fits = dejitter && this.#rate > 0;
    for (let n = 0; n < timestamps.length; n++) {
      let stamp = timestamps[n]!;
      if (clockSync) stamp += clockOffset;
      if (fits) stamp = this.#fit(stamp);
      if (monotonize) {
        if (stamp < this.#largest) stamp = this.#largest;
        else this.#largest = stamp;
      }
      timestamps[n] = stamp;
    }
  }

  #fit(stamp: number): number {
    const u = this.#u;
    if (u === 0) this.#t0 = Math.trunc(stamp);
    const t = stamp - this.#t0;
    const pi0 = this.#p00 + u * this.#p01;
    const pi1 = this.#p01 + u * this.#p11;
    const a = t - (this.#w0 + u * this.#w1);
    const g = 1 / (this.#lambda + pi0 + pi1 * u);
    const perLambda = this.#perLambda;
    this.#p00 = perLambda * (this.#p00 - pi0 * pi0 * g);
    this.#p01 = perLambda * (this.#p01 - pi0 * pi1 * g);
    this.#p11 = perLambda * (this.#p11 - pi1 * pi1 * g);
    this.#w0 += a * (this.#p00 + this.#p01 * u);
    this.#w1 += a * (this.#p01 + this.#p11 * u);
    this.#u = u + 1;
    return this.#w0 + u * this.#w1 + this.#t0;
  }
}
