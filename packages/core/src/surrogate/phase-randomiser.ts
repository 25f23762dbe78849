import { OptionError, ShapeError } from "../errors.ts";
import type { Uniform } from "../random/index.ts";
import { FftPlan } from "../spectral/index.ts";

/**
 * Randomises Fourier phases, with the same random phase for all channels of a head at each frequency.
 *
 *     Y_c[k] = X_c[k] exp(i phi_k),   phi_k uniform on [0, 2 pi),  phi_{N-k} = -phi_k,  phi_0 = 0
 *
 * Destroys the alignment between the heads and everything that is not linear and stationary. Keeps the spectrum of
 * each channel, its mean, and the cross-spectra (thus the linear coupling) inside the head, all to rounding. Tests
 * coupling against a linear, stationary null. Give each head its own draws; randomising both heads is no better than
 * one. The signal is treated as one period: ends that do not meet leak, so taper or use long stretches.
 *
 * One plan per length; it holds scratch space, so one per thread. Any length, primes included.
 *
 * @see Prichard & Theiler, Phys Rev Lett 73:951 (1994)
 */
export class PhaseRandomiser {
  readonly nChannels: number;
  readonly nSamples: number;
  readonly #fft: FftPlan;
  readonly #time: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #rotation: Float64Array;

  /** @throws OptionError when nChannels or nSamples is not an integer >= 1 */
  constructor(nChannels: number, nSamples: number) {
    if (!Number.isInteger(nChannels) || nChannels < 1 || !Number.isInteger(nSamples) || nSamples < 1)
      throw new OptionError(
        `PhaseRandomiser needs integers nChannels >= 1 and nSamples >= 1, got ${nChannels} and ${nSamples}.`,
      );
    this.nChannels = nChannels;
    this.nSamples = nSamples;
    this.#fft = new FftPlan(nSamples);
    this.#time = new Float64Array(2 * nSamples);
    this.#spectrum = new Float64Array(2 * nSamples);
    this.#rotation = new Float64Array(2 * nSamples);
  }

  /**
   * Allocates nothing. Draws (nSamples - 1) / 2 numbers, rounded down, however many channels there are.
   *
   * @param out     `[nChannels, nSamples]`; may be `data`
   * @param data    `[nChannels, nSamples]`, all channels of one head; NaN spreads over its channel and the next
   * @param uniform source of the phases
   * @throws ShapeError when a buffer has another shape
   */
  execute(out: Float64Array, data: Float64Array, uniform: Uniform): void {
    const n = this.nSamples;
    const total = this.nChannels * n;
    if (out.length !== total || data.length !== total)
      throw new ShapeError(
        "PhaseRandomiser",
        `${this.nChannels} x ${n} = ${total} values`,
        `data: ${data.length}, out: ${out.length}`,
      );
    this.#drawRotation(uniform);
    const time = this.#time;
    const spectrum = this.#spectrum;
    const rotation = this.#rotation;
    // The rotation is a filter with a real impulse response, so two channels travel as one complex signal.
    for (let c = 0; c < this.nChannels; c += 2) {
      const first = c * n;
      const second = c + 1 < this.nChannels ? first + n : -1;
      for (let t = 0; t < n; t++) {
        time[2 * t] = data[first + t];
        time[2 * t + 1] = second < 0 ? 0 : data[second + t];
      }
      this.#fft.forward(spectrum, time);
      for (let k = 0; k < 2 * n; k += 2) {
        const re = spectrum[k];
        const im = spectrum[k + 1];
        spectrum[k] = re * rotation[k] - im * rotation[k + 1];
        spectrum[k + 1] = re * rotation[k + 1] + im * rotation[k];
      }
      this.#fft.inverse(time, spectrum);
      for (let t = 0; t < n; t++) {
        out[first + t] = time[2 * t];
        if (second >= 0) out[second + t] = time[2 * t + 1];
      }
    }
  }

  #drawRotation(uniform: Uniform): void {
    const n = this.nSamples;
    const rotation = this.#rotation;
    rotation[0] = 1;
    if (n % 2 === 0) rotation[n] = 1;
    for (let k = 1; 2 * k < n; k++) {
      const angle = 2 * Math.PI * uniform();
      const re = Math.cos(angle);
      const im = Math.sin(angle);
      rotation[2 * k] = re;
      rotation[2 * k + 1] = im;
      rotation[2 * (n - k)] = re;
      rotation[2 * (n - k) + 1] = -im;
    }
  }
}
