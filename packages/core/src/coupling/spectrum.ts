import { OptionError, ShapeError } from "../errors.ts";

/** Which measure a spectrum holds. All are magnitudes, in [0, 1] but for `pdcf`, except the Granger measures in nats. */
export type CouplingMeasure =
  | "gpdc"
  | "pdc"
  | "pdcf"
  | "ffPdc"
  | "ipdc"
  | "dtf"
  | "gdtf"
  | "idtf"
  | "ffDtf"
  | "dDtf"
  | "dDtf08"
  | "coherence"
  | "partialCoherence"
  | "blockCoherence"
  | "granger"
  | "conditionalGranger";

/**
 * One number per frequency and ordered pair of channels.
 *
 * Read `values[(f * n + i) * n + j]` as the influence **of channel j (source) on channel i (sink)** at
 * `frequencies[f]`. Magnitudes, not squares, for everything in [0, 1]; nats for the Granger measures.
 */
export interface CouplingSpectrum {
  /** Hz. */
  readonly frequencies: Float64Array;
  /** `[freq, sink, source]`. */
  readonly values: Float64Array;
  readonly measure: CouplingMeasure;
}

/** Where a model is looked at: its sampling rate in Hz and the frequencies in Hz, each within 0..rate/2. */
export interface SpectrumOptions {
  readonly samplingRate: number;
  readonly frequencies: ArrayLike<number>;
}

/** Number of channels of a square matrix or of one slice of a spectrum. */
export function matrixSize(kernel: string, length: number): number {
  const n = Math.round(Math.sqrt(length));
  if (n === 0 || n * n !== length)
    throw new ShapeError(kernel, "a square matrix [sink, source]", `${length}`);
  return n;
}

/** A copy of the frequencies, refused when one cannot be on the spectrum of this sampling rate. */
export function checkedFrequencies(
  kernel: string,
  frequencies: ArrayLike<number>,
  samplingRate: number,
): Float64Array {
  if (!(samplingRate > 0 && samplingRate < Number.POSITIVE_INFINITY))
    throw new OptionError(`${kernel}: samplingRate must be a positive number of Hz, got ${samplingRate}.`);
  const checked = Float64Array.from(frequencies);
  if (checked.length === 0) throw new OptionError(`${kernel}: frequencies is empty, give at least one.`);
  const nyquist = samplingRate / 2;
  for (const frequency of checked) {
    if (!(frequency >= 0 && frequency <= nyquist * (1 + 1e-12)))
      throw new OptionError(`${kernel}: frequency ${frequency} Hz lies outside 0..${nyquist} Hz.`);
  }
  return checked;
}
