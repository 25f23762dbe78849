import FFT from "fft.js";
import { OptionError, ShapeError } from "../errors.ts";

/**
 * Discrete Fourier transform of any length, planned once.
 *
 *     X[k] = sum_n x[n] exp(-2 pi i k n / size)
 *
 * A power of two goes straight to fft.js; any other length is written as a convolution with a chirp (Bluestein),
 * which costs about six times as much and keeps full precision. A plan holds scratch space: one per thread.
 *
 * @see Bluestein, "A linear filtering approach to the computation of the discrete Fourier transform", IEEE Trans.
 *   Audio Electroacoust. 18, 1970.
 */
export class FftPlan {
  readonly size: number;
  readonly #transform: (out: Float64Array, data: Float64Array) => void;
  readonly #swapped: Float64Array;

  /** @throws OptionError when `size` is not a positive integer. */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 1)
      throw new OptionError(`FftPlan size must be a positive integer, got ${size}`);
    this.size = size;
    this.#swapped = new Float64Array(2 * size);
    this.#transform = size === 1 ? copy : (size & (size - 1)) === 0 ? powerOfTwo(size) : bluestein(size);
  }

  /**
   * @param out `[size, 2]`, real and imaginary parts interleaved; not `data`
   * @param data `[size, 2]`
   */
  forward(out: Float64Array, data: Float64Array): void {
    this.#check(out, data);
    this.#transform(out, data);
  }

  /** The inverse, 1/size included: `inverse(forward(x)) = x`. Shapes as in `forward`. */
  inverse(out: Float64Array, data: Float64Array): void {
    this.#check(out, data);
    // Exchanging real and imaginary parts before and after turns the forward transform into its inverse.
    const swapped = this.#swapped;
    for (let i = 0; i < swapped.length; i += 2) {
      swapped[i] = data[i + 1];
      swapped[i + 1] = data[i];
    }
    this.#transform(out, swapped);
    const size = this.size;
    for (let i = 0; i < out.length; i += 2) {
      const real = out[i + 1] / size;
      out[i + 1] = out[i] / size;
      out[i] = real;
    }
  }

  #check(out: Float64Array, data: Float64Array): void {
    if (out.length !== 2 * this.size || data.length !== 2 * this.size)
      throw new ShapeError(
        "FftPlan",
        `out and data [${this.size}, 2]`,
        `lengths ${out.length} and ${data.length}`,
      );
    if (out === data) throw new ShapeError("FftPlan", "out and data to be two buffers", "the same one twice");
  }
}

type Transform = (out: Float64Array, data: Float64Array) => void;

const copy: Transform = (out, data) => out.set(data);

function powerOfTwo(size: number): Transform {
  const fft = new FFT(size);
  return (out, data) => fft.transform(out, data);
}

function bluestein(size: number): Transform {
  let length = 1;
  while (length < 2 * size - 1) length *= 2;
  const fft = new FFT(length);
  // exp(-i pi n^2 / size); the square is reduced first, or its angle would lose digits for long transforms.
  const chirp = new Float64Array(2 * size);
  for (let n = 0; n < size; n++) {
    const angle = (Math.PI * ((n * n) % (2 * size))) / size;
    chirp[2 * n] = Math.cos(angle);
    chirp[2 * n + 1] = -Math.sin(angle);
  }
  const kernel = new Float64Array(2 * length);
  for (let n = 0; n < size; n++)
    for (const at of n === 0 ? [0] : [n, length - n]) {
      kernel[2 * at] = chirp[2 * n];
      kernel[2 * at + 1] = -chirp[2 * n + 1];
    }
  const kernelSpectrum = new Float64Array(2 * length);
  fft.transform(kernelSpectrum, kernel);

  const padded = kernel.fill(0);
  const spectrum = new Float64Array(2 * length);
  return (out, data) => {
    padded.fill(0, 2 * size);
    for (let i = 0; i < 2 * size; i += 2) {
      padded[i] = data[i] * chirp[i] - data[i + 1] * chirp[i + 1];
      padded[i + 1] = data[i] * chirp[i + 1] + data[i + 1] * chirp[i];
    }
    fft.transform(spectrum, padded);
    for (let i = 0; i < 2 * length; i += 2) {
      const real = spectrum[i] * kernelSpectrum[i] - spectrum[i + 1] * kernelSpectrum[i + 1];
      spectrum[i + 1] = spectrum[i] * kernelSpectrum[i + 1] + spectrum[i + 1] * kernelSpectrum[i];
      spectrum[i] = real;
    }
    fft.inverseTransform(padded, spectrum);
    for (let i = 0; i < 2 * size; i += 2) {
      out[i] = padded[i] * chirp[i] - padded[i + 1] * chirp[i + 1];
      out[i + 1] = padded[i] * chirp[i + 1] + padded[i + 1] * chirp[i];
    }
  };
}
