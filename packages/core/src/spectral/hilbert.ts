import { OptionError, ShapeError } from "../errors.ts";
import { FftPlan } from "./fft.ts";

/** x + i H(x): amplitude and phase of a band-limited signal at every sample. */
export interface AnalyticSignal {
  /** The signal itself. `[nSamples]` or `[nChannels, nSamples]`. */
  readonly real: Float64Array;
  /** Its Hilbert transform, same shape. */
  readonly imaginary: Float64Array;
}

/**
 * Analytic signal by the discrete Fourier transform, for any length: negative frequencies are set to zero, positive
 * ones doubled, 0 and half the sampling rate kept. Equal to `scipy.signal.hilbert`.
 *
 * The method takes the window for one period of a periodic signal. Filter and transform the whole continuous
 * record and cut windows afterwards; within about one cycle of an edge the phase is not to be trusted.
 *
 * @see Marple, "Computing the discrete-time analytic signal via FFT", IEEE TSP 47, 1999.
 */
export class HilbertPlan {
  readonly nSamples: number;
  readonly #fft: FftPlan;
  readonly #time: Float64Array;
  readonly #spectrum: Float64Array;

  constructor(nSamples: number) {
    this.#fft = new FftPlan(nSamples);
    this.nSamples = nSamples;
    this.#time = new Float64Array(2 * nSamples);
    this.#spectrum = new Float64Array(2 * nSamples);
  }

  /**
   * Allocates nothing.
   *
   * @param imaginary out, `[nSamples]`: the Hilbert transform. May be `x`.
   * @param x `[nSamples]`
   */
  execute(imaginary: Float64Array, x: Float64Array): void {
    const n = this.nSamples;
    if (imaginary.length !== n || x.length !== n)
      throw new ShapeError("HilbertPlan", `[${n}]`, `lengths ${imaginary.length} and ${x.length}`);
    const time = this.#time;
    const spectrum = this.#spectrum;
    for (let i = 0; i < n; i++) {
      time[2 * i] = x[i];
      time[2 * i + 1] = 0;
    }
    this.#fft.forward(spectrum, time);
    const firstNegative = Math.floor(n / 2) + 1;
    for (let i = 2; i < 2 * Math.ceil(n / 2); i++) spectrum[i] *= 2;
    spectrum.fill(0, 2 * firstNegative);
    this.#fft.inverse(time, spectrum);
    for (let i = 0; i < n; i++) imaginary[i] = time[2 * i + 1];
  }
}

/**
 * Analytic signal of one or several channels; see `HilbertPlan`, of which this is the version for offline use.
 *
 * @param x `[nChannels, nSamples]`, any length
 * @param nChannels default 1
 */
export function hilbert(x: Float64Array, nChannels = 1): AnalyticSignal {
  const nSamples = x.length / nChannels;
  if (!Number.isInteger(nChannels) || nChannels < 1)
    throw new OptionError(`hilbert nChannels must be a positive integer, got ${nChannels}`);
  if (!Number.isInteger(nSamples) || nSamples < 1)
    throw new ShapeError("hilbert", `x [${nChannels}, nSamples]`, `length ${x.length}`);
  const plan = new HilbertPlan(nSamples);
  const imaginary = new Float64Array(x.length);
  for (let c = 0; c < nChannels; c++) {
    const from = c * nSamples;
    plan.execute(imaginary.subarray(from, from + nSamples), x.subarray(from, from + nSamples));
  }
  return { real: x.slice(), imaginary };
}
