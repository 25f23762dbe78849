import { OptionError } from "../errors.ts";
import { type Detrend, detrend as removeTrend } from "./detrend.ts";
import { FftPlan } from "./fft.ts";
import { resolveWindow, type WindowName } from "./window-function.ts";

export interface WelchOptions {
  /** Hz. */
  readonly samplingRate: number;
  /** Samples per segment; sets the resolution, samplingRate / segmentLength. */
  readonly segmentLength: number;
  /** Samples shared by neighbouring segments, or a share of the segment if below 1. Default half a segment. */
  readonly overlap?: number;
  /** Default "hann". */
  readonly window?: WindowName | Float64Array;
  /** Per segment. Default "constant". */
  readonly detrend?: Detrend;
  /** "density" (unit^2/Hz, default) integrates to power; "spectrum" (unit^2) reads the power of a sinusoid. */
  readonly scaling?: "density" | "spectrum";
  /** Transform length; longer than a segment pads with zeros (finer grid, same resolution). Default segmentLength. */
  readonly fftLength?: number;
}

export interface PowerSpectrum {
  /** `[nFrequencies]`, Hz, evenly spaced from 0 to half the sampling rate. */
  readonly frequencies: Float64Array;
  /** `[nFrequencies]`, one-sided power; unit^2/Hz or unit^2. */
  readonly values: Float64Array;
  /** Segments averaged; one segment gives 100 % relative error. */
  readonly nSegments: number;
}

/**
 * Power spectrum averaged over overlapping windowed segments. Equal to `scipy.signal.welch`.
 *
 *     P[k] = c mean_segments |FFT(w (x - trend))[k]|^2,   c = 1 / (rate sum w^2)  or  1 / (sum w)^2
 *
 * doubled where a negative frequency folds in (all but 0 and, for an even length, half the sampling rate). Samples
 * after the last whole segment are not used.
 *
 * @param x `[nSamples]`, at least one segment
 * @throws OptionError when x is shorter than a segment or an option lies outside its range.
 * @see Welch, "The use of fast Fourier transform for the estimation of power spectra", IEEE Trans. Audio
 *   Electroacoust. 15, 1967.
 */
export function welch(x: Float64Array, options: WelchOptions): PowerSpectrum {
  const { samplingRate, segmentLength, window = "hann", detrend = "constant", scaling = "density" } = options;
  const fftLength = options.fftLength ?? segmentLength;
  const overlap = overlapSamples(options.overlap ?? 0.5, segmentLength);
  if (!(samplingRate > 0))
    throw new OptionError(`welch samplingRate must be a positive number of Hz, got ${samplingRate}`);
  if (!Number.isInteger(segmentLength) || segmentLength < 1 || segmentLength > x.length)
    throw new OptionError(
      `welch segmentLength must be an integer in 1..${x.length} (the samples given), got ${segmentLength}`,
    );
  if (!Number.isInteger(fftLength) || fftLength < segmentLength)
    throw new OptionError(
      `welch fftLength must be an integer >= segmentLength (${segmentLength}), got ${fftLength}`,
    );

  const taper = resolveWindow(window, segmentLength);
  let sum = 0;
  let sumOfSquares = 0;
  for (let n = 0; n < segmentLength; n++) {
    sum += taper[n];
    sumOfSquares += taper[n] * taper[n];
  }
  const fft = new FftPlan(fftLength);
  const time = new Float64Array(2 * fftLength);
  const spectrum = new Float64Array(2 * fftLength);
  const segment = new Float64Array(segmentLength);
  const nFrequencies = Math.floor(fftLength / 2) + 1;
  const values = new Float64Array(nFrequencies);

  let nSegments = 0;
  for (let from = 0; from + segmentLength <= x.length; from += segmentLength - overlap) {
    removeTrend(segment, x.subarray(from, from + segmentLength), detrend);
    for (let n = 0; n < segmentLength; n++) time[2 * n] = segment[n] * taper[n];
    fft.forward(spectrum, time);
    for (let k = 0; k < nFrequencies; k++)
      values[k] += spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    nSegments++;
  }

  const factor = 1 / (nSegments * (scaling === "density" ? samplingRate * sumOfSquares : sum * sum));
  const frequencies = new Float64Array(nFrequencies);
  for (let k = 0; k < nFrequencies; k++) {
    values[k] *= k === 0 || 2 * k === fftLength ? factor : 2 * factor;
    frequencies[k] = (k * samplingRate) / fftLength;
  }
  return { frequencies, values, nSegments };
}

function overlapSamples(overlap: number, segmentLength: number): number {
  const samples = overlap > 0 && overlap < 1 ? Math.floor(overlap * segmentLength) : overlap;
  if (!Number.isInteger(samples) || samples < 0 || samples >= segmentLength)
    throw new OptionError(
      `welch overlap must be 0..${segmentLength - 1} samples, or a share of the segment below 1, got ${overlap}`,
    );
  return samples;
}
