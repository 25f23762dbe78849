import { OptionError, ShapeError } from "../errors.ts";

/**
 * A channel that varies by less than this part of its own offset is flat: 24-bit converters, the finest that record
 * EEG, resolve 2^-23 of full scale, so what is left is rounding and not a signal.
 */
const FLATNESS = 2 ** -23;

/** Per channel, summed over windows: what decides whether a channel carries a signal at all. */
export class ChannelSpread {
  readonly #aboutMean: Float64Array;
  readonly #offset: Float64Array;

  constructor(nChannels: number) {
    this.#aboutMean = new Float64Array(nChannels);
    this.#offset = new Float64Array(nChannels);
  }

  clear(): void {
    this.#aboutMean.fill(0);
    this.#offset.fill(0);
  }

  add(channel: number, sumOfSquaresAboutMean: number, mean: number, nSamples: number): void {
    this.#aboutMean[channel] += sumOfSquaresAboutMean;
    this.#offset[channel] += nSamples * mean * mean;
  }

  /** Whether some channel is constant, or as good as constant beside its offset. */
  hasFlatChannel(): boolean {
    for (let c = 0; c < this.#aboutMean.length; c++) {
      const aboutMean = this.#aboutMean[c];
      if (!(aboutMean > FLATNESS * FLATNESS * this.#offset[c])) return true;
    }
    return false;
  }
}

/**
 * Copies a window, subtracting each channel's mean over all its samples when asked, and notes the channel's spread.
 * The mean is taken before any product is formed, so electrode offsets cost no digits. Allocates nothing.
 *
 * @throws OptionError that names the first sample which is not a number
 */
export function centreWindow(
  out: Float64Array,
  window: Float64Array,
  nChannels: number,
  nSamples: number,
  demean: boolean,
  spread: ChannelSpread,
): void {
  for (let c = 0; c < nChannels; c++) {
    const start = c * nSamples;
    const end = start + nSamples;
    // Differences from the first sample sum without losing digits to a large offset.
    const origin = window[start];
    let even = 0;
    let odd = 0;
    let at = start;
    for (; at + 1 < end; at += 2) {
      even += window[at] - origin;
      odd += window[at + 1] - origin;
    }
    if (at < end) even += window[at] - origin;
    const mean = origin + (even + odd) / nSamples;
    if (!Number.isFinite(mean)) throw new OptionError(describeBadSample(window, nChannels, nSamples));
    const subtract = demean ? mean : 0;
    let squaresEven = 0;
    let squaresOdd = 0;
    for (at = start; at + 1 < end; at += 2) {
      const first = window[at] - mean;
      const second = window[at + 1] - mean;
      squaresEven += first * first;
      squaresOdd += second * second;
      out[at] = window[at] - subtract;
      out[at + 1] = window[at + 1] - subtract;
    }
    if (at < end) {
      squaresEven += (window[at] - mean) ** 2;
      out[at] = window[at] - subtract;
    }
    spread.add(c, squaresEven + squaresOdd, mean, nSamples);
  }
}

/** Centred copies of the windows that are longer than the order. */
export function centreWindows(
  windows: readonly Float64Array[],
  nChannels: number,
  order: number,
  demean: boolean,
  spread: ChannelSpread,
): Float64Array[] {
  const out: Float64Array[] = [];
  for (const window of windows) {
    const nSamples = window.length / nChannels;
    if (!Number.isInteger(nSamples))
      throw new ShapeError(
        "centreWindows",
        `windows of ${nChannels} channels`,
        `${window.length} samples in one`,
      );
    if (nSamples <= order) continue;
    const copy = new Float64Array(window.length);
    centreWindow(copy, window, nChannels, nSamples, demean, spread);
    out.push(copy);
  }
  return out;
}

function describeBadSample(window: Float64Array, nChannels: number, nSamples: number): string {
  for (let c = 0; c < nChannels; c++) {
    for (let t = 0; t < nSamples; t++) {
      const value = window[c * nSamples + t];
      if (!Number.isFinite(value))
        return `The window holds ${value} at channel ${c}, sample ${t}: leave out windows with missing samples.`;
    }
  }
  return "The window holds samples too large to average: rescale it.";
}
