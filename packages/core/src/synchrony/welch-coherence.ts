import { OptionError } from "../errors.ts";
import { FftPlan, windowFunction } from "../spectral/index.ts";
import { standardiseSeries } from "./centre-series.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";

export interface WelchCoherenceOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 64 s. */
  readonly segmentSeconds?: number;
  /** From one segment to the next; default half a segment. */
  readonly stepSeconds?: number;
}

/** Coherence of two members by frequency. */
export interface CovariationCoherence {
  /** `[nFrequencies]`, Hz. */
  readonly frequencies: Float64Array;
  /** `[nFrequencies]`, magnitude squared, in [0, 1]; NaN where one member has no power. */
  readonly coherence: Float64Array;
  /** `[nFrequencies]`, radians: arg(conj A B). Negative where the first member leads by less than half a cycle. */
  readonly phase: Float64Array;
  /** Segments averaged. A single one always gives coherence 1. */
  readonly nSegments: number;
}

/**
 * Magnitude-squared coherence and phase of two series, averaged over Hann-windowed segments without their means.
 *
 *     C(f) = |<conj A B>|^2 / (<|A|^2> <|B|^2>),   phase = arg <conj A B>
 *
 * The phase has the sign of `scipy.signal.csd(a, b)`: b delayed by d seconds gives -2 pi f d. (The wavelet coherence
 * states its phase the other way round, arg(A conj B), as its own literature does.) Exchanging the members negates
 * it. With m segments the coherence of unrelated series is about 1 / m.
 *
 * A segment with a missing sample in either member is left out.
 *
 * @param a `[nSamples]`, NaN where missing
 * @param b `[nSamples]`, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 * @see Carter, Knapp & Nuttall, IEEE Trans Audio Electroacoust 21:337 (1973)
 */
export function welchCoherence(
  a: Float64Array,
  b: Float64Array,
  options: WelchCoherenceOptions,
): CovariationCoherence {
  requireSameGrid("welchCoherence", a, b);
  const { samplingRate, segmentSeconds = 64, stepSeconds = segmentSeconds / 2 } = options;
  const length = samplesOf("welchCoherence: segmentSeconds", segmentSeconds, samplingRate, 2);
  if (length % 2 !== 0)
    throw new OptionError(`welchCoherence: segmentSeconds must be an even number of samples, got ${length}.`);
  const step = samplesOf("welchCoherence: stepSeconds", stepSeconds, samplingRate);
  const x = standardiseSeries(a);
  const y = standardiseSeries(b);
  const taper = windowFunction("hann", length);
  const fft = new FftPlan(length);
  const time = new Float64Array(2 * length);
  const spectrum = new Float64Array(2 * length);
  const nFrequencies = length / 2 + 1;
  const aa = new Float64Array(nFrequencies);
  const bb = new Float64Array(nFrequencies);
  const re = new Float64Array(nFrequencies);
  const im = new Float64Array(nFrequencies);
  let nSegments = 0;
  for (let from = 0; from + length <= x.length; from += step) {
    let meanA = 0;
    let meanB = 0;
    for (let t = 0; t < length; t++) {
      meanA += x[from + t];
      meanB += y[from + t];
    }
    if (Number.isNaN(meanA + meanB)) continue;
    nSegments++;
    for (let t = 0; t < length; t++) {
      time[2 * t] = taper[t] * (x[from + t] - meanA / length);
      time[2 * t + 1] = taper[t] * (y[from + t] - meanB / length);
    }
    // Two real series in one complex transform: A = (Z[k] + conj Z[-k]) / 2, B = (Z[k] - conj Z[-k]) / 2i.
    fft.forward(spectrum, time);
    for (let k = 0; k < nFrequencies; k++) {
      const mirror = (length - k) % length;
      const ar = (spectrum[2 * k] + spectrum[2 * mirror]) / 2;
      const ai = (spectrum[2 * k + 1] - spectrum[2 * mirror + 1]) / 2;
      const br = (spectrum[2 * k + 1] + spectrum[2 * mirror + 1]) / 2;
      const bi = (spectrum[2 * mirror] - spectrum[2 * k]) / 2;
      aa[k] += ar * ar + ai * ai;
      bb[k] += br * br + bi * bi;
      re[k] += ar * br + ai * bi;
      im[k] += ar * bi - ai * br;
    }
  }
  const coherence = new Float64Array(nFrequencies);
  const phase = new Float64Array(nFrequencies);
  for (let k = 0; k < nFrequencies; k++) {
    const power = aa[k] * bb[k];
    const isDefined = nSegments > 0 && power > 0;
    coherence[k] = isDefined ? Math.min(1, (re[k] * re[k] + im[k] * im[k]) / power) : Number.NaN;
    phase[k] = isDefined ? Math.atan2(im[k], re[k]) : Number.NaN;
  }
  const frequencies = Float64Array.from({ length: nFrequencies }, (_, k) => (k * samplingRate) / length);
  return { frequencies, coherence, phase, nSegments };
}
