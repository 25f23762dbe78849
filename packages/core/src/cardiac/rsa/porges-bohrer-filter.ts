import type { Population } from "../interbeat/population.ts";
import { type RsaBand, resolveBand } from "./bands.ts";
import { FirWindow, oddTaps } from "./fir-window.ts";

export interface PorgesBohrerOptions {
  /** Hz, of the interbeat series: 5, or 4. */
  readonly samplingRate: number;
  readonly population: Population;
  /** Default the population's, see `rsaBand`. */
  readonly band?: RsaBand;
}

const cubicSeconds = 10.2;
const bandPassSeconds: Record<Population, number> = { adult: 15, infant: 10.2, child: 15 };

/**
 * Moving cubic polynomial: the value at the middle of the least-squares cubic through 2m + 1 samples, as weights.
 *
 *     c_j = 3 (3m^2 + 3m - 1 - 5 j^2) / ((2m + 3)(2m + 1)(2m - 1)),   j = -m .. m
 *
 * @see Savitzky, Golay, "Smoothing and differentiation of data by simplified least squares procedures", 1964.
 */
export function movingCubicTaps(nTaps: number): Float64Array {
  const m = (nTaps - 1) / 2;
  const scale = 3 / ((2 * m + 3) * (2 * m + 1) * (2 * m - 1));
  return Float64Array.from({ length: nTaps }, (_, n) => scale * (3 * m * m + 3 * m - 1 - 5 * (n - m) ** 2));
}

/** Windowed-sinc band-pass with a symmetric Hamming window and unit gain in the middle of the band. */
export function bandPassTaps(nTaps: number, { low, high }: RsaBand, samplingRate: number): Float64Array {
  const m = (nTaps - 1) / 2;
  const sinc = (cycles: number) => (cycles === 0 ? 1 : Math.sin(Math.PI * cycles) / (Math.PI * cycles));
  const lowPass = (cutoff: number, j: number) =>
    ((2 * cutoff) / samplingRate) * sinc((2 * cutoff * j) / samplingRate);
  const taps = Float64Array.from({ length: nTaps }, (_, n) => {
    const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (nTaps - 1));
    return window * (lowPass(high, n - m) - lowPass(low, n - m));
  });
  const gain = symmetricGain(taps, (low + high) / 2, samplingRate);
  return taps.map((tap) => tap / gain);
}

/** Gain of a filter of symmetric taps, with its sign. */
function symmetricGain(taps: Float64Array, frequency: number, samplingRate: number): number {
  const m = (taps.length - 1) / 2;
  let gain = 0;
  for (let n = 0; n < taps.length; n++)
    gain += taps[n] * Math.cos((2 * Math.PI * frequency * (n - m)) / samplingRate);
  return gain;
}

/**
 * The filters of Porges and Bohrer in a row, sample by sample: the series minus its moving cubic (10.2 s, 51 samples
 * at 5 Hz), then a Hamming-window FIR band-pass (adult and child 15 s, infant 10.2 s: 75 and 51 samples at 5 Hz).
 *
 * Only samples that both filters see whole come out; none is invented at the edges. Both filters are symmetric:
 * output n belongs to input n - `delaySamples`, which is 12.4 s late for an adult and 10.0 s for an infant. A NaN
 * makes the outputs NaN whose 2 `delaySamples` + 1 inputs contain it and no others.
 */
export class PorgesBohrerFilter {
  readonly band: RsaBand;
  readonly samplingRate: number;
  /** `[nTaps]` of the moving cubic that is subtracted. */
  readonly cubicTaps: Float64Array;
  /** `[nTaps]` */
  readonly bandPassTaps: Float64Array;
  /** Samples between an input and the output that is centred on it. */
  readonly delaySamples: number;
  readonly #cubic: FirWindow;
  readonly #bandPass: FirWindow;

  /** @throws OptionError when the band does not fit the sampling rate. */
  constructor({ samplingRate, population, band }: PorgesBohrerOptions) {
    this.band = resolveBand("PorgesBohrerFilter", population, samplingRate, band);
    this.samplingRate = samplingRate;
    this.cubicTaps = movingCubicTaps(oddTaps(cubicSeconds, samplingRate));
    const nTaps = oddTaps(bandPassSeconds[population], samplingRate);
    this.bandPassTaps = bandPassTaps(nTaps, this.band, samplingRate);
    this.delaySamples = (this.cubicTaps.length + nTaps) / 2 - 1;
    this.#cubic = new FirWindow(this.cubicTaps);
    this.#bandPass = new FirWindow(this.bandPassTaps);
  }

  /** Takes one sample in; true when `output` holds the next filtered one. Allocates nothing. */
  push(interbeatInterval: number): boolean {
    const cubic = this.#cubic;
    if (!cubic.push(interbeatInterval)) return false;
    return this.#bandPass.push(cubic.middle - cubic.output);
  }

  /** ms, valid after a `push` that returned true. */
  get output(): number {
    return this.#bandPass.output;
  }

  /** Gain of the whole chain, magnitude, at one frequency in Hz. */
  gain(frequency: number): number {
    const cubic = 1 - symmetricGain(this.cubicTaps, frequency, this.samplingRate);
    return Math.abs(cubic * symmetricGain(this.bandPassTaps, frequency, this.samplingRate));
  }
}

/**
 * Gain of the chain over frequency, for the report: it is far from flat. At 5 Hz the moving cubic alone leaves 0.45
 * at 0.12 Hz and 1.2 at 0.20 Hz; the whole adult chain 0.22 at 0.12, 1.15 at 0.20 and 0.53 at 0.40 Hz.
 *
 * @param options `frequencies` in Hz; default 0 to half the sampling rate by 0.01
 * @returns `gains` `[nFrequencies]`, magnitudes
 */
export function rsaFrequencyResponse(
  options: PorgesBohrerOptions & { readonly frequencies?: ArrayLike<number> },
): { readonly frequencies: Float64Array; readonly gains: Float64Array } {
  const filter = new PorgesBohrerFilter(options);
  const steps = Math.floor(options.samplingRate * 50);
  const frequencies = Float64Array.from(
    options.frequencies ?? Array.from({ length: steps + 1 }, (_, k) => k / 100),
  );
  return { frequencies, gains: frequencies.map((frequency) => filter.gain(frequency)) };
}
