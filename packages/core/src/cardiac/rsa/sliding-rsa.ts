import { OptionError } from "../../errors.ts";
import type { UniformChunk, UniformSeries } from "../series/interbeat-series.ts";
import { oddTaps } from "./fir-window.ts";
import { logVariance } from "./log-variance.ts";
import { PorgesBohrerFilter, type PorgesBohrerOptions } from "./porges-bohrer-filter.ts";

export interface SlidingRsaOptions extends PorgesBohrerOptions {
  /** s, default 15 (75 samples at 5 Hz; always an odd number of samples, so that the centre is one of them). */
  readonly windowSeconds?: number;
}

/**
 * RSA in a window that slides by one sample, ln(ms^2), as the samples of the interbeat series come. Every value is
 * stamped with the centre of its window.
 *
 * Delay behind the series: filters and half a window, adult 12.4 + 7.4 s, infant 10.0 + 7.4 s. Show both members at
 * one common centre time. A window with less than 80 % valid samples is NaN; a NaN of the series is forgotten after
 * 39.6 s (infant 34.8 s).
 *
 * Each window is computed afresh, so any way of cutting the input, and `slidingRsa`, give the same bits.
 */
export class SlidingRsa {
  /** Samples from a sample of the series to the window that is centred on it. */
  readonly delaySamples: number;
  readonly samplingRate: number;
  readonly #filter: PorgesBohrerFilter;
  readonly #length: number;
  readonly #windows: Float64Array;
  #filtered = 0;
  #seen = 0;

  /** @throws OptionError when the window is shorter than 3 samples or the band does not fit the sampling rate. */
  constructor(options: SlidingRsaOptions) {
    const { samplingRate, windowSeconds = 15 } = options;
    const length = oddTaps(windowSeconds, samplingRate);
    if (!(length >= 3))
      throw new OptionError(`SlidingRsa windowSeconds must hold 3 samples or more, got ${windowSeconds} s`);
    this.samplingRate = samplingRate;
    this.#filter = new PorgesBohrerFilter(options);
    this.#length = length;
    this.#windows = new Float64Array(2 * length);
    this.delaySamples = this.#filter.delaySamples + (length - 1) / 2;
  }

  /**
   * @param chunk the next samples of the series, as from `InterbeatSeries.push`
   * @returns windows completed by it; `firstSample` and `startTime` count in the samples of the series
   * @throws OptionError when samples are missing between two chunks.
   */
  push({ startTime, firstSample, values }: UniformChunk): UniformChunk {
    if (firstSample !== this.#seen)
      throw new OptionError(
        `SlidingRsa expected sample ${this.#seen} of the series next, got ${firstSample}: pass missing samples as NaN.`,
      );
    const length = this.#length;
    const first = Math.max(0, this.#seen - 2 * this.delaySamples);
    const last = Math.max(0, this.#seen + values.length - 2 * this.delaySamples);
    const out = new Float64Array(last - first);
    let written = 0;
    for (let i = 0; i < values.length; i++) {
      if (!this.#filter.push(values[i])) continue;
      const at = this.#filtered++ % length;
      this.#windows[at] = this.#filter.output;
      this.#windows[at + length] = this.#filter.output;
      if (this.#filtered >= length)
        out[written++] = logVariance(this.#windows, this.#filtered % length, length);
    }
    this.#seen += values.length;
    return { startTime, firstSample: first + this.delaySamples, values: out };
  }
}

/**
 * Sliding RSA of a whole interbeat series; see `SlidingRsa`.
 *
 * @returns `startTime` is the centre of the first window
 */
export function slidingRsa(
  series: UniformSeries,
  options: Omit<SlidingRsaOptions, "samplingRate">,
): UniformSeries {
  const { samplingRate, startTime, values } = series;
  const sliding = new SlidingRsa({ ...options, samplingRate });
  const out = sliding.push({ startTime, firstSample: 0, values });
  return { startTime: startTime + out.firstSample / samplingRate, samplingRate, values: out.values };
}
