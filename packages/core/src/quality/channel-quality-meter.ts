import { OptionError, ShapeError } from "../errors.ts";
import { FftPlan } from "../spectral/fft.ts";
import { windowFunction } from "../spectral/window-function.ts";

export interface ChannelQualityOptions {
  readonly nChannels: number;
  /** Hz. */
  readonly samplingRate: number;
  /** 50 or 60 Hz; 50 where nothing is said. */
  readonly mainsHz?: number;
  /** Stretch that every reading looks back over, seconds. Default 4. */
  readonly overSeconds?: number;
}

/** What was measured on one channel over the stretch; NaN where it could not be. */
export interface ChannelReading {
  /** Share of the stretch's samples that were there, 0 to 1. */
  coverage: number;
  /** Root mean square about the mean, in the channel's unit. */
  rms: number;
  /** Greatest minus least value. */
  peakToPeak: number;
  /** Share of samples that stand at the greatest or least value and do not move: what a railed amplifier does. */
  railedShare: number;
  /** Mean density within 1 Hz of the mains frequency over the mean density 3 to 8 Hz beside it. */
  lineRatio: number;
  /** Root mean square of what the mains frequency carries beyond its neighbourhood, in the channel's unit. */
  lineRms: number;
  /** Share of the power between 1 and 100 Hz, mains left out, that lies above 30 Hz. */
  muscleShare: number;
  /** Greatest minus least mean of whole seconds: movement below 1 Hz. */
  drift: number;
}

/**
 * How channels look over the newest seconds, for lights beside them. Samples go in as they come, in any cuts; `read` looks back over
 * one stretch and gives the same numbers for the same samples.
 *
 * Spectra are averaged over Hann windows of one second with half overlap (Welch 1967); a window that holds a missing value is left
 * out.
 */
export class ChannelQualityMeter {
  readonly nChannels: number;
  readonly overSeconds: number;
  readonly #rate: number;
  readonly #mainsHz: number;
  readonly #length: number;
  readonly #ring: Float64Array;
  readonly #stretch: Float64Array;
  readonly #segment: number;
  readonly #taper: Float64Array;
  readonly #taperPower: number;
  readonly #plan: FftPlan;
  readonly #timeDomain: Float64Array;
  readonly #frequencyDomain: Float64Array;
  readonly #density: Float64Array;
  #next = 0;

  /** @throws OptionError for a rate below 20 Hz or a stretch shorter than two seconds */
  constructor({ nChannels, samplingRate, mainsHz = 50, overSeconds = 4 }: ChannelQualityOptions) {
    if (!(samplingRate >= 20))
      throw new OptionError(`ChannelQualityMeter needs a samplingRate of 20 Hz or more, got ${samplingRate}`);
    if (!(overSeconds >= 2))
      throw new OptionError(`ChannelQualityMeter needs overSeconds of 2 or more, got ${overSeconds}`);
    this.nChannels = nChannels;
    this.overSeconds = overSeconds;
    this.#rate = samplingRate;
    this.#mainsHz = mainsHz;
    this.#length = Math.round(overSeconds * samplingRate);
    this.#ring = new Float64Array(nChannels * this.#length).fill(Number.NaN);
    this.#stretch = new Float64Array(this.#length);
    this.#segment = Math.round(samplingRate);
    this.#taper = windowFunction("hann", this.#segment);
    this.#taperPower = this.#taper.reduce((sum, value) => sum + value * value, 0);
    this.#plan = new FftPlan(this.#segment);
    this.#timeDomain = new Float64Array(2 * this.#segment);
    this.#frequencyDomain = new Float64Array(2 * this.#segment);
    this.#density = new Float64Array(Math.floor(this.#segment / 2) + 1);
  }

  /** @param data `[nChannels, nSamples]`, channel-major; NaN where a value is missing */
  push(data: ArrayLike<number>, nSamples: number): void {
    if (data.length < this.nChannels * nSamples)
      throw new ShapeError(
        "ChannelQualityMeter",
        `[${this.nChannels}, ${nSamples}]`,
        `${data.length} values`,
      );
    const length = this.#length;
    const first = Math.max(0, nSamples - length);
    for (let c = 0; c < this.nChannels; c++)
      for (let n = first; n < nSamples; n++)
        this.#ring[c * length + ((this.#next + n) % length)] = data[c * nSamples + n]!;
    this.#next = (this.#next + nSamples) % length;
  }

  /** Samples that are known to be missing. */
  skip(nSamples: number): void {
    const count = Math.min(nSamples, this.#length);
    for (let c = 0; c < this.nChannels; c++)
      for (let n = nSamples - count; n < nSamples; n++)
        this.#ring[c * this.#length + ((this.#next + n) % this.#length)] = Number.NaN;
    this.#next = (this.#next + nSamples) % this.#length;
  }

  /** @param into filled and returned */
  read(channel: number, into: ChannelReading = emptyReading()): ChannelReading {
    const { length } = this.#stretch;
    for (let n = 0; n < length; n++)
      this.#stretch[n] = this.#ring[channel * length + ((this.#next + n) % length)]!;
    this.#measureValues(into);
    this.#measureSpectrum(into);
    return into;
  }

  #measureValues(into: ChannelReading): void {
    const x = this.#stretch;
    let n = 0;
    let sum = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of x) {
      if (Number.isNaN(value)) continue;
      n++;
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const mean = sum / n;
    let squares = 0;
    let nRailed = 0;
    for (let k = 0; k < x.length; k++) {
      const value = x[k]!;
      if (Number.isNaN(value)) continue;
      squares += (value - mean) ** 2;
      if (k > 0 && (value === low || value === high) && value === x[k - 1]) nRailed++;
    }
    into.coverage = n / x.length;
    into.rms = Math.sqrt(squares / n);
    into.peakToPeak = n === 0 ? Number.NaN : high - low;
    into.railedShare = nRailed / n;
    into.drift = this.#driftOf(x);
  }

  #driftOf(x: Float64Array): number {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let start = 0; start + this.#segment <= x.length; start += this.#segment) {
      let sum = 0;
      let n = 0;
      for (let k = start; k < start + this.#segment; k++)
        if (!Number.isNaN(x[k]!)) {
          sum += x[k]!;
          n++;
        }
      if (n < this.#segment / 2) continue;
      low = Math.min(low, sum / n);
      high = Math.max(high, sum / n);
    }
    return high >= low ? high - low : Number.NaN;
  }

  #measureSpectrum(into: ChannelReading): void {
    const nSegments = this.#averageSpectrum();
    into.lineRatio = Number.NaN;
    into.lineRms = Number.NaN;
    into.muscleShare = Number.NaN;
    if (nSegments === 0) return;
    const nyquist = this.#rate / 2;
    const mains = this.#mainsHz;
    if (mains + 8 <= nyquist) {
      const beside = (this.#mean(mains - 8, mains - 3) + this.#mean(mains + 3, mains + 8)) / 2;
      const at = this.#mean(mains - 1, mains + 1);
      into.lineRatio = at / beside;
      into.lineRms = Math.sqrt(Math.max(0, at - beside) * 3 * this.#binHz);
    }
    const top = Math.min(100, nyquist);
    if (top <= 35) return;
    const low = this.#sum(1, 30);
    const high = this.#sum(30, top, true);
    into.muscleShare = high / (low + high);
  }

  get #binHz(): number {
    return this.#rate / this.#segment;
  }

  /** Power density in unit squared per Hz into `#density`; the number of windows that could be used. */
  #averageSpectrum(): number {
    const { length } = this.#stretch;
    const size = this.#segment;
    this.#density.fill(0);
    let nSegments = 0;
    for (let start = 0; start + size <= length; start += size >> 1) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += this.#stretch[start + k]!;
      if (Number.isNaN(sum)) continue;
      const mean = sum / size;
      for (let k = 0; k < size; k++) {
        this.#timeDomain[2 * k] = (this.#stretch[start + k]! - mean) * this.#taper[k]!;
        this.#timeDomain[2 * k + 1] = 0;
      }
      this.#plan.forward(this.#frequencyDomain, this.#timeDomain);
      for (let k = 0; k < this.#density.length; k++)
        this.#density[k]! += this.#frequencyDomain[2 * k]! ** 2 + this.#frequencyDomain[2 * k + 1]! ** 2;
      nSegments++;
    }
    const scale = 2 / (this.#rate * this.#taperPower * nSegments);
    for (let k = 0; k < this.#density.length; k++) this.#density[k]! *= scale;
    return nSegments;
  }

  #mean(fromHz: number, toHz: number): number {
    const first = Math.ceil(fromHz / this.#binHz - 1e-9);
    const last = Math.floor(toHz / this.#binHz + 1e-9);
    let sum = 0;
    for (let k = first; k <= last; k++) sum += this.#density[k]!;
    return sum / (last - first + 1);
  }

  /** Power between two frequencies; `withoutMains` leaves out 2 Hz around the mains frequency and its double. */
  #sum(fromHz: number, toHz: number, withoutMains = false): number {
    let sum = 0;
    for (let k = Math.ceil(fromHz / this.#binHz); k < toHz / this.#binHz && k < this.#density.length; k++) {
      const frequency = k * this.#binHz;
      const nearest = Math.max(1, Math.round(frequency / this.#mainsHz)) * this.#mainsHz;
      if (withoutMains && Math.abs(frequency - nearest) <= 2) continue;
      sum += this.#density[k]! * this.#binHz;
    }
    return sum;
  }
}

const emptyReading = (): ChannelReading => ({
  coverage: Number.NaN,
  rms: Number.NaN,
  peakToPeak: Number.NaN,
  railedShare: Number.NaN,
  lineRatio: Number.NaN,
  lineRms: Number.NaN,
  muscleShare: Number.NaN,
  drift: Number.NaN,
});
