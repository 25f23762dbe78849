import type { Seconds } from "@attune/signal";

/**
 * What the stamps of a stream say about its rate, sample by sample and without keeping them: the least-squares line of stamp
 * against sample number (running means, as Welford 1962 for the variance).
 *
 * Interval = slope; jitter = root mean square of what the line leaves. A drift that changes over hours counts as jitter. The
 * line is fitted to the deviation from the nominal rate, so that hours of stamps do not drown microseconds.
 */
export class StampStatistics {
  readonly #nominalInterval: Seconds;
  #origin = Number.NaN;
  #n = 0;
  #meanIndex = 0;
  #meanDeviation = 0;
  #indexSquares = 0;
  #deviationSquares = 0;
  #products = 0;

  constructor(nominalSamplingRate: number) {
    this.#nominalInterval = nominalSamplingRate > 0 ? 1 / nominalSamplingRate : 0;
  }

  /** Stamps of consecutive samples, the first of them being number `firstSample`. NaN is left out. */
  add(firstSample: number, stamps: Float64Array): void {
    for (let k = 0; k < stamps.length; k++) {
      const stamp = stamps[k]!;
      if (!Number.isFinite(stamp)) continue;
      const index = firstSample + k;
      if (this.#n === 0) this.#origin = stamp - index * this.#nominalInterval;
      const deviation = stamp - this.#origin - index * this.#nominalInterval;
      this.#n++;
      const fromIndex = index - this.#meanIndex;
      const fromDeviation = deviation - this.#meanDeviation;
      this.#meanIndex += fromIndex / this.#n;
      this.#meanDeviation += fromDeviation / this.#n;
      this.#indexSquares += fromIndex * (index - this.#meanIndex);
      this.#deviationSquares += fromDeviation * (deviation - this.#meanDeviation);
      this.#products += fromIndex * (deviation - this.#meanDeviation);
    }
  }

  /** Samples per second; NaN before two samples. */
  get samplingRate(): number {
    if (this.#n < 2) return Number.NaN;
    const interval = this.#nominalInterval + this.#products / this.#indexSquares;
    return interval > 0 ? 1 / interval : Number.NaN;
  }

  /** Root mean square deviation of the stamps from even spacing; NaN before three samples. */
  get jitterRms(): Seconds {
    if (this.#n < 3) return Number.NaN;
    const left = this.#deviationSquares - (this.#products * this.#products) / this.#indexSquares;
    return Math.sqrt(Math.max(0, left) / this.#n);
  }
}
