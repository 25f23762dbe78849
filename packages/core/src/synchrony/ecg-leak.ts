import { OptionError } from "../errors.ts";
import { counterRandom, permutation } from "../random/index.ts";
import { FftPlan } from "../spectral/index.ts";
import { againstNull, type CovariationNull, requireSeed } from "./covariation-null.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";

export interface EcgLeakOptions {
  /** Hz, of both traces. */
  readonly samplingRate: number;
  /** Default 10 s. */
  readonly segmentSeconds?: number;
  /** Segments used, spread over the recording; default 60, ten minutes of signal however long the session. */
  readonly maximumSegments?: number;
  /** Reach of the correlation that is returned; default 2 s. */
  readonly maxLagSeconds?: number;
  /** Lags at which a leak would show; default 0.05 s, which covers what two amplifiers are apart. */
  readonly leakLagSeconds?: number;
  /** Default 199. */
  readonly nSurrogates?: number;
  /** Surrogate k draws from (seed, "ecgLeak", k). */
  readonly seed: number;
}

export interface EcgLeak {
  /** `[nLags]`, seconds; positive where the first member's trace leads. */
  readonly lags: Float64Array;
  /** `[nLags]`, mean over segments of the correlation of the traces' first differences. */
  readonly correlation: Float64Array;
  /** Of all lags, and of those at which a leak would show: where |r| is largest. */
  readonly overall: { readonly lag: number; readonly correlation: number };
  readonly leak: { readonly lag: number; readonly correlation: number };
  /** How much of one trace's height appears in the other if all of the correlation at that lag is leak. */
  readonly gainFirstToSecond: number;
  readonly gainSecondToFirst: number;
  /** Largest |r| among the leak's lags against segments that were not simultaneous. */
  readonly test: CovariationNull;
  readonly nSegments: number;
}

const FEWEST_SEGMENTS = 6;

/**
 * Does one person's ECG appear in the other's trace? Electrodes and shared contact carry it within milliseconds.
 *
 * Cross-correlation of the traces' first differences (which keeps the QRS and drops breathing and drift), each 10 s
 * segment on its own scale, averaged over segments by FFT. The null pairs segments at random.
 *
 * Interference that both share at a fixed phase, mains above all, correlates in the null as well: a mean of the null
 * far from 0 says so, and the test is then blind. Remove the mains first.
 *
 * @param a `[nSamples]`, the first member's ECG, any unit; a segment with NaN in either trace is left out
 * @param b `[nSamples]`, the second's, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function ecgLeak(a: Float64Array, b: Float64Array, options: EcgLeakOptions): EcgLeak {
  requireSameGrid("ecgLeak", a, b);
  const {
    samplingRate,
    segmentSeconds = 10,
    maximumSegments = 60,
    maxLagSeconds = 2,
    nSurrogates = 199,
  } = options;
  const seed = requireSeed("ecgLeak", nSurrogates, options.seed);
  const length = samplesOf("ecgLeak: segmentSeconds", segmentSeconds, samplingRate, 8);
  const L = samplesOf("ecgLeak: maxLagSeconds", maxLagSeconds, samplingRate, 1);
  // What a leak's lag is depends on no grid: take the samples inside.
  const near = Math.floor((options.leakLagSeconds ?? 0.05) * samplingRate + 1e-9);
  if (!(near >= 0 && near <= L && L < length && maximumSegments >= FEWEST_SEGMENTS))
    throw new OptionError(
      `ecgLeak needs leakLagSeconds <= maxLagSeconds < segmentSeconds and maximumSegments >= ${FEWEST_SEGMENTS}.`,
    );
  let size = 1;
  while (size < length + L) size *= 2;
  const fft = new FftPlan(size);
  const spectraA: Float64Array[] = [];
  const spectraB: Float64Array[] = [];
  let logRatio = 0;
  const nWhole = Math.floor((a.length - 1) / length);
  const wanted = Math.min(nWhole, maximumSegments);
  for (let s = 0; s < wanted; s++) {
    const from = Math.floor((s * nWhole) / wanted) * length;
    const x = scaledDifferences(a, from, length);
    const y = scaledDifferences(b, from, length);
    if (x === undefined || y === undefined) continue;
    logRatio += Math.log(y.scale / x.scale);
    spectraA.push(spectrumOf(fft, x.values));
    spectraB.push(spectrumOf(fft, y.values));
  }
  const m = spectraA.length;
  const sum = new Float64Array(2 * size);
  const time = new Float64Array(2 * size);
  const correlation = new Float64Array(2 * L + 1);
  const correlate = (partner: (i: number) => number): void => {
    sum.fill(0);
    for (let i = 0; i < m; i++) {
      const x = spectraA[i];
      const y = spectraB[partner(i)];
      for (let k = 0; k < 2 * size; k += 2) {
        sum[k] += x[k] * y[k] + x[k + 1] * y[k + 1];
        sum[k + 1] += x[k] * y[k + 1] - x[k + 1] * y[k];
      }
    }
    fft.inverse(time, sum);
    for (let lag = -L; lag <= L; lag++) correlation[lag + L] = time[2 * ((lag + size) % size)] / (m * length);
  };
  const isEnough = m >= FEWEST_SEGMENTS;
  const values = new Float64Array(isEnough ? nSurrogates : 0);
  for (let k = 0; k < values.length; k++) {
    const order = permutation(m, counterRandom(seed, "ecgLeak", k));
    correlate((i) => order[i]);
    values[k] = Math.abs(correlation[largest(correlation, L, near)]);
  }
  correlation.fill(Number.NaN);
  if (isEnough) correlate((i) => i);
  const at = (reach: number): { lag: number; correlation: number } => {
    const k = largest(correlation, L, reach);
    return { lag: isEnough ? (k - L) / samplingRate : Number.NaN, correlation: correlation[k] };
  };
  const leak = at(near);
  const ratio = Math.exp(logRatio / m);
  return {
    lags: Float64Array.from({ length: 2 * L + 1 }, (_, k) => (k - L) / samplingRate),
    correlation,
    overall: at(L),
    leak,
    gainFirstToSecond: leak.correlation * ratio,
    gainSecondToFirst: leak.correlation / ratio,
    test: againstNull("blockShuffle", Math.abs(leak.correlation), values, seed),
    nSegments: m,
  };
}

function largest(correlation: Float64Array, L: number, reach: number): number {
  let best = L;
  for (let k = L - reach; k <= L + reach; k++)
    if (Math.abs(correlation[k]) > Math.abs(correlation[best])) best = k;
  return best;
}

/** First differences of a segment with mean 0 and mean square 1; `undefined` with NaN or without spread. */
function scaledDifferences(
  x: Float64Array,
  from: number,
  length: number,
): { values: Float64Array; scale: number } | undefined {
  const values = new Float64Array(length);
  const mean = (x[from + length] - x[from]) / length;
  let squares = 0;
  for (let t = 0; t < length; t++) {
    values[t] = x[from + t + 1] - x[from + t] - mean;
    squares += values[t] * values[t];
  }
  const scale = Math.sqrt(squares / length);
  if (!(scale > 0 && Number.isFinite(scale))) return undefined;
  for (let t = 0; t < length; t++) values[t] /= scale;
  return { values, scale };
}

function spectrumOf(fft: FftPlan, x: Float64Array): Float64Array {
  const time = new Float64Array(2 * fft.size);
  for (let t = 0; t < x.length; t++) time[2 * t] = x[t];
  const out = new Float64Array(2 * fft.size);
  fft.forward(out, time);
  return out;
}
