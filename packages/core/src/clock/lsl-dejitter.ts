import { OptionError } from "../errors.ts";

/**
 * The stamp smoother of Lab Streaming Layer inlets: recursive least squares of stamp against sample number with
 * exponential forgetting.
 *
 *     lambda = 2^(-1 / (samplingRate * halftimeSeconds))
 *     pi = P u,  g = 1 / (lambda + u' pi),  P <- (P - pi pi' g) / lambda,  w <- w + P u (t - w' u),  u = [1, k]
 *
 * The same numbers to the bit as liblsl's `dejitter`. Lost samples do not move the counter, so a loss bends
 * the fit for minutes; `CausalClock` is the one to analyse with. Use this one to compare with other LSL tools.
 *
 * @see liblsl 1.17, time post-processing; default half-time 90 s (`tuning.SmoothingHalftime`).
 */
export class LslDejitter {
  readonly #inverseLambda: number;
  readonly #lambda: number;
  readonly #samplingRate: number;
  #t0 = Number.NaN;
  #u = 0;
  #w0 = 0;
  #w1 = 0;
  #p00 = 1e10;
  #p01 = 0;
  #p11 = 1e10;

  /** @param samplingRate nominal, > 0 */
  constructor({ samplingRate, halftimeSeconds = 90 }: { samplingRate: number; halftimeSeconds?: number }) {
    if (!(samplingRate > 0) || !(halftimeSeconds > 0))
      throw new OptionError(
        `LslDejitter needs samplingRate > 0 and halftimeSeconds > 0, got ${samplingRate} and ${halftimeSeconds}`,
      );
    this.#samplingRate = samplingRate;
    this.#lambda = 2 ** (-1 / (samplingRate * halftimeSeconds));
    this.#inverseLambda = 1 / this.#lambda;
    this.reset();
  }

  reset(): void {
    this.#t0 = Number.NaN;
    this.#u = 0;
    this.#w0 = 0;
    this.#w1 = 1 / this.#samplingRate;
    this.#p00 = 1e10;
    this.#p01 = 0;
    this.#p11 = 1e10;
  }

  /** Smoothed stamp of the next sample, seconds on the clock of `stamp`. */
  push(stamp: number): number {
    if (Number.isNaN(this.#t0)) this.#t0 = Math.trunc(stamp);
    const t = stamp - this.#t0;
    const u = this.#u;
    const pi0 = this.#p00 + u * this.#p01;
    const pi1 = this.#p01 + u * this.#p11;
    const a = t - (this.#w0 + u * this.#w1);
    const g = 1 / (this.#lambda + pi0 + pi1 * u);
    const il = this.#inverseLambda;
    this.#p00 = il * (this.#p00 - pi0 * pi0 * g);
    this.#p01 = il * (this.#p01 - pi0 * pi1 * g);
    this.#p11 = il * (this.#p11 - pi1 * pi1 * g);
    this.#w0 += a * (this.#p00 + this.#p01 * u);
    this.#w1 += a * (this.#p01 + this.#p11 * u);
    this.#u = u + 1;
    return this.#w0 + u * this.#w1 + this.#t0;
  }

  /** Skip samples whose stamps will never come, so that the line stays straight. */
  skip(nSamples: number): void {
    this.#u += nSamples;
  }
}
