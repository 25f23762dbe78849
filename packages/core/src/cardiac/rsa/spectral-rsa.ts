import { OptionError } from "../../errors.ts";
import { FftPlan, windowFunction } from "../../spectral/index.ts";
import { minimumCoverage, type Population } from "../interbeat/population.ts";
import { type RsaBand, resolveBand } from "./bands.ts";

export interface SpectralRsaOptions {
  /** Hz, of the interbeat series: 4. */
  readonly samplingRate: number;
  readonly population: Population;
  /** s; default 60, infant 30. Above 120 s an epoch is averaged over half-overlapping parts of the default length. */
  readonly epochSeconds?: number;
  /** s: time of sample 0 of the series and start of the first epoch. Default 0. */
  readonly startTime?: number;
  /** Default the population's, see `rsaBand`. Both ends belong to it. */
  readonly band?: RsaBand;
}

export interface SpectralRsa {
  /** `[nEpochs]`, power in the band, ms^2; NaN where less than 80 % is valid. */
  readonly power: Float64Array;
  /** `[nEpochs]`, ln(ms^2). */
  readonly values: Float64Array;
  /** `[nEpochs]`, Hz: where the band's power is highest, the breathing rate if RSA follows the breath. */
  readonly peakFrequency: Float64Array;
  /** `[nEpochs]`, s. */
  readonly startTimes: Float64Array;
  readonly band: RsaBand;
  readonly epochSeconds: number;
}

const defaultEpochSeconds: Record<Population, number> = { adult: 60, infant: 30, child: 60 };
const welchAboveSeconds = 120;

/**
 * High-frequency power of the interbeat series in epochs.
 *
 *     P_k = 2 |sum_n w_n x_n exp(-2 pi i k n / N)|^2 / (rate sum w_n^2),   x without its least-squares line
 *     power = sum_(low <= f_k <= high) P_k df,   w a periodic Hann window
 *
 * Missing samples have neither line nor weight: they count as w_n = 0. A last part epoch is dropped.
 *
 * @param interbeatInterval `[nSamples]`, ms, uniform, NaN where missing
 * @throws OptionError when the band does not fit or an epoch has fewer than 8 samples.
 */
export function rsaSpectral(interbeatInterval: ArrayLike<number>, options: SpectralRsaOptions): SpectralRsa {
  const { samplingRate, population, startTime = 0 } = options;
  const band = resolveBand("rsaSpectral", population, samplingRate, options.band);
  const epochSeconds = options.epochSeconds ?? defaultEpochSeconds[population];
  const epochSamples = Math.round(epochSeconds * samplingRate);
  const averaged = epochSeconds > welchAboveSeconds;
  const length = averaged ? Math.round(defaultEpochSeconds[population] * samplingRate) : epochSamples;
  if (!(length >= 8))
    throw new OptionError(`rsaSpectral epochSeconds must hold 8 samples, got ${epochSeconds} s`);
  const x = Float64Array.from(interbeatInterval);
  const periodogram = new GappedPeriodogram(length, samplingRate);
  const resolution = samplingRate / length;
  const first = Math.ceil(band.low / resolution - 1e-9);
  const last = Math.floor(band.high / resolution + 1e-9);

  const nEpochs = Math.floor(x.length / epochSamples);
  const power = new Float64Array(nEpochs).fill(Number.NaN);
  const peakFrequency = new Float64Array(nEpochs).fill(Number.NaN);
  const startTimes = new Float64Array(nEpochs);
  const density = new Float64Array(last + 1);
  for (let epoch = 0; epoch < nEpochs; epoch++) {
    const from = epoch * epochSamples;
    startTimes[epoch] = startTime + from / samplingRate;
    if (!enoughValid(x.subarray(from, from + epochSamples))) continue;
    density.fill(0);
    let nParts = 0;
    for (let at = from; at + length <= from + epochSamples; at += Math.max(1, Math.floor(length / 2))) {
      const part = x.subarray(at, at + length);
      if (!enoughValid(part)) continue;
      periodogram.addTo(density, part);
      nParts++;
    }
    let sum = 0;
    let peak = first;
    for (let k = first; k <= last; k++) {
      sum += density[k] / nParts;
      if (density[k] > density[peak]) peak = k;
    }
    power[epoch] = sum * resolution;
    if (sum > 0) peakFrequency[epoch] = peak * resolution;
  }
  const values = power.map((value) => (value > 0 ? Math.log(value) : Number.NaN));
  return { power, values, peakFrequency, startTimes, band, epochSeconds: epochSamples / samplingRate };
}

function enoughValid(x: Float64Array): boolean {
  let valid = 0;
  for (let n = 0; n < x.length; n++) if (!Number.isNaN(x[n])) valid++;
  return valid >= minimumCoverage * x.length - 1e-9;
}

/** One-sided periodogram, detrended and tapered, of a stretch in which samples may be missing. */
class GappedPeriodogram {
  readonly #fft: FftPlan;
  readonly #taper: Float64Array;
  readonly #time: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #samplingRate: number;

  constructor(length: number, samplingRate: number) {
    this.#fft = new FftPlan(length);
    this.#taper = windowFunction("hann", length);
    this.#time = new Float64Array(2 * length);
    this.#spectrum = new Float64Array(2 * length);
    this.#samplingRate = samplingRate;
  }

  /** Adds P_k, unit^2/Hz, for the frequencies that `density` holds. */
  addTo(density: Float64Array, x: Float64Array): void {
    const { mean, slope, middle } = lineThrough(x);
    const time = this.#time.fill(0);
    let weight = 0;
    for (let n = 0; n < x.length; n++) {
      if (Number.isNaN(x[n])) continue;
      const w = this.#taper[n];
      time[2 * n] = (x[n] - mean - slope * (n - middle)) * w;
      weight += w * w;
    }
    const spectrum = this.#spectrum;
    this.#fft.forward(spectrum, time);
    const scale = 2 / (this.#samplingRate * weight);
    for (let k = 0; k < density.length; k++)
      density[k] += scale * (spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1]);
  }
}

/** Least-squares line through the samples that are there: mean + slope (n - middle). */
function lineThrough(x: Float64Array): { mean: number; slope: number; middle: number } {
  let count = 0;
  let middle = 0;
  let mean = 0;
  for (let n = 0; n < x.length; n++) {
    if (Number.isNaN(x[n])) continue;
    count++;
    middle += n;
    mean += x[n];
  }
  middle /= count;
  mean /= count;
  let xx = 0;
  let xy = 0;
  for (let n = 0; n < x.length; n++) {
    if (Number.isNaN(x[n])) continue;
    xx += (n - middle) * (n - middle);
    xy += (n - middle) * (x[n] - mean);
  }
  return { mean, slope: xx > 0 ? xy / xx : 0, middle };
}
