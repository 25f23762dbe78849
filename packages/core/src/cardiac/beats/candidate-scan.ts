import type { BeatSettings } from "./beat-settings.ts";

/**
 * Finds the moments at which a beat may be: maxima of the energy of the slope.
 *
 *     s[n] = y[n] - y[n - k],   E[n] = mean of s^2 over the integration window that ends at n
 *
 * A maximum of `E` that is not exceeded for the confirmation time is a candidate; its size is the square root of `E`. The sum
 * is updated by what enters and leaves the window, and added up afresh once a window: rounding cannot accumulate, and an
 * artefact leaves nothing behind.
 */
export class CandidateScan {
  /** The candidate that the last `run` ended with: where `E` was largest, number of the sample, and its size. */
  at = 0;
  size = 0;
  hasCandidate = false;
  /** From the sample at which `E` is largest back to the middle of its energy, samples. */
  readonly centreShift: number;
  readonly #slope: number;
  readonly #window: number;
  readonly #confirm: number;
  #sum = 0;
  #untilRecount = 0;
  #peak = 0;
  #peakAt = 0;
  #isRising = false;
  #largest = 0;

  constructor(samplingRate: number, settings: BeatSettings) {
    this.#slope = Math.max(1, Math.round(settings.slopeSeconds * samplingRate));
    this.#window = Math.round(settings.integrationSeconds * samplingRate);
    this.#confirm = Math.round(settings.confirmSeconds * samplingRate);
    this.centreShift = Math.round((this.#window - 1 + this.#slope) / 2);
    this.open();
  }

  /** Samples of the band-passed trace before the newest that `run` reads. */
  get reach(): number {
    return this.#window + this.#slope;
  }

  get confirm(): number {
    return this.#confirm;
  }

  /** Begins a new stretch, before which nothing happened. */
  open(): void {
    this.#sum = 0;
    this.#untilRecount = this.#window;
    this.#peak = 0;
    this.#isRising = false;
  }

  /** The largest size since this was last asked. */
  takeLargest(): number {
    const largest = this.#largest;
    this.#largest = 0;
    return Math.sqrt(largest / this.#window);
  }

  /**
   * Goes through `filtered[from .. to)` until a candidate is confirmed and returns the place after the last one seen.
   *
   * @param base number of the sample in place 0
   */
  run(filtered: Float64Array, from: number, to: number, base: number): number {
    const slope = this.#slope;
    const window = this.#window;
    let sum = this.#sum;
    let peak = this.#peak;
    let largest = this.#largest;
    let untilRecount = this.#untilRecount;
    let confirmedAt = this.#isRising ? this.#peakAt + this.#confirm - base : Number.POSITIVE_INFINITY;
    let isConfirmed = false;
    let p = from;
    while (p < to && !isConfirmed) {
      if (--untilRecount === 0) {
        untilRecount = window;
        sum = 0;
        for (let q = p - window + 1; q <= p; q++) {
          const step = filtered[q] - filtered[q - slope];
          sum += step * step;
        }
      } else {
        const entering = filtered[p] - filtered[p - slope];
        const leaving = filtered[p - window] - filtered[p - window - slope];
        sum += entering * entering - leaving * leaving;
        if (sum < 0) sum = 0;
      }
      if (sum > peak) {
        peak = sum;
        confirmedAt = p + this.#confirm;
        if (sum > largest) largest = sum;
      } else if (confirmedAt === Number.POSITIVE_INFINITY) peak = sum;
      else if (p >= confirmedAt) isConfirmed = true;
      p++;
    }
    this.hasCandidate = isConfirmed;
    this.#isRising = !isConfirmed && confirmedAt < Number.POSITIVE_INFINITY;
    this.#peakAt = confirmedAt - this.#confirm + base;
    if (isConfirmed) {
      this.at = this.#peakAt;
      this.size = Math.sqrt(peak / window);
      peak = sum;
    }
    this.#sum = sum;
    this.#peak = peak;
    this.#largest = largest;
    this.#untilRecount = untilRecount;
    return p;
  }
}
