import { besselI0, kaiserBeta, kaiserTransition } from "./kaiser.ts";

/** Ripple and aliases stay below 10^(-96/20) = 1.6e-5 of the signal. */
const attenuation = 96;
const stepsPerSample = 128;

/**
 * A low-pass that can be read between samples: weights of a Kaiser-windowed sinc for any fractional position.
 *
 *     h(u) = 2 c sinc(2 c u) I0(beta sqrt(1 - (u / half)^2)) / I0(beta),   |u| < half,  u in input samples
 *
 * The stop band begins at half of the lower of both rates, so nothing folds; the pass band ends where the window's
 * transition needs it to. The kernel is tabulated at 128 steps per sample, one row of weights per step, and four
 * neighbouring rows are blended by a cubic, which errs by less than 1e-8 of full scale.
 */
export class FractionalKernel {
  /** Input samples on either side of a position that carry weight. */
  readonly half: number;
  /** Flat up to here within 1.6e-5 (0.00014 dB), Hz. */
  readonly passBandHz: number;
  /** Attenuated by 96 dB from here on, Hz. */
  readonly stopBandHz: number;
  readonly #rows: Float64Array;

  /** @param halfWidth samples of the lower of both rates */
  constructor(inputRate: number, gridRate: number, halfWidth: number) {
    const lower = Math.min(inputRate, gridRate);
    // A rate estimated from clocks differs from its nominal value in the seventh digit; that adds no tap.
    this.half = Math.ceil((halfWidth * inputRate) / lower - 0.01);
    const taps = 2 * this.half;
    const transition = kaiserTransition(attenuation, taps);
    const stop = (0.5 * lower) / inputRate;
    this.stopBandHz = stop * inputRate;
    this.passBandHz = (stop - transition) * inputRate;

    const cutoff = stop - transition / 2;
    const betaSquared = kaiserBeta(attenuation) ** 2;
    // One row before position 0 and two after the last step, for the cubic.
    this.#rows = new Float64Array((stepsPerSample + 3) * taps);
    for (let row = 0; row < stepsPerSample + 3; row++)
      for (let tap = 0; tap < taps; tap++) {
        const u = tap - this.half + 1 - (row - 1) / stepsPerSample;
        const angle = 2 * Math.PI * cutoff * u;
        const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
        this.#rows[row * taps + tap] = sinc * besselI0(betaSquared * (1 - (u / this.half) ** 2));
      }
  }

  /**
   * Weights for the position `fraction` of the way from sample i to sample i + 1. They sum to 1, so an offset that
   * is a thousand times the signal passes without a trace of the position.
   *
   * @param weights out, `[2 half]`, for the samples i - half + 1 ... i + half
   * @param fraction 0..1
   */
  weights(weights: Float64Array, fraction: number): void {
    const taps = 2 * this.half;
    const position = fraction * stepsPerSample;
    const step = Math.min(stepsPerSample - 1, Math.max(0, Math.floor(position)));
    const f = position - step;
    // Lagrange's cubic through the rows at -1, 0, 1, 2 steps.
    const g0 = (-f * (f - 1) * (f - 2)) / 6;
    const g1 = ((f + 1) * (f - 1) * (f - 2)) / 2;
    const g2 = (-(f + 1) * f * (f - 2)) / 2;
    const g3 = ((f + 1) * f * (f - 1)) / 6;
    const rows = this.#rows;
    const r0 = step * taps;
    const r1 = r0 + taps;
    const r2 = r1 + taps;
    const r3 = r2 + taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const w = g0 * rows[r0 + tap] + g1 * rows[r1 + tap] + g2 * rows[r2 + tap] + g3 * rows[r3 + tap];
      weights[tap] = w;
      sum += w;
    }
    const scale = 1 / sum;
    for (let tap = 0; tap < taps; tap++) weights[tap] *= scale;
  }
}
