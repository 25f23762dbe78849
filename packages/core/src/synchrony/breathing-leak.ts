import { OptionError } from "../errors.ts";
import { welch } from "../spectral/index.ts";
import { type CovariationNull, segmentShuffleNull } from "./covariation-null.ts";
import { fillGaps } from "./fill-gaps.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";
import { welchCoherence } from "./welch-coherence.ts";

export interface BreathingLeakOptions {
  /** Hz, of both series; 4 is enough. */
  readonly samplingRate: number;
  /** Where to look for the source's breathing, Hz; default 0.1 to 1.2, adults and infants. */
  readonly lowHz?: number;
  readonly highHz?: number;
  /** Of the coherence, without overlap; default 16 s. */
  readonly segmentSeconds?: number;
  /** Default 199. */
  readonly nSurrogates?: number;
  /** Surrogate k draws from (seed, "segmentShuffle", k). */
  readonly seed: number;
}

export interface BreathingLeak {
  /** Hz, where the source's breathing has most power. */
  readonly breathingHz: number;
  /** Of the two series there, in [0, 1]. */
  readonly coherence: number;
  /** Against random orders of the target's segments. */
  readonly test: CovariationNull;
}

/** What an ECG's baseline is sampled at, Hz. */
export const BASELINE_RATE = 4;

/**
 * The slow part of an ECG, in which the wearer's breathing shows and, on somebody's lap, the other's: the mean of
 * each quarter of a second, the samples of [i / 4, (i + 1) / 4) s.
 *
 * @param ecg `[nSamples]`
 * @returns at 4 Hz, `[floor(4 * duration)]`, NaN where a sample was missing
 * @throws OptionError when the rate is below 4 Hz
 */
export function ecgBaseline(ecg: Float64Array, samplingRate: number): Float64Array {
  if (!(samplingRate >= BASELINE_RATE))
    throw new OptionError(
      `ecgBaseline: samplingRate must be ${BASELINE_RATE} Hz or more, got ${samplingRate}.`,
    );
  const out = new Float64Array(Math.floor((BASELINE_RATE * ecg.length) / samplingRate));
  const firstOf = (i: number): number => Math.ceil((i * samplingRate) / BASELINE_RATE);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = firstOf(i); k < firstOf(i + 1); k++) sum += ecg[k];
    out[i] = sum / (firstOf(i + 1) - firstOf(i));
  }
  return out;
}

/**
 * Does one person's breathing move the other's ECG? Coherence of the source's respiration with the target's baseline
 * at the frequency at which the source breathes, over segments that do not overlap, held against the baseline's
 * segments in random order. (Rotations of a few minutes are too few independent looks at one frequency: they rejected
 * 14 % of 200 unrelated pairs at .05.)
 *
 * Two people may also come to breathe together: a finding warns that RSA covariation at this frequency is not to be
 * trusted, it does not prove contact.
 *
 * @param respiration `[nSamples]`, of the source (a belt, or its own `ecgBaseline`)
 * @param baseline    `[nSamples]`, `ecgBaseline` of the target, on the same grid
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function breathingLeak(
  respiration: Float64Array,
  baseline: Float64Array,
  options: BreathingLeakOptions,
): BreathingLeak {
  requireSameGrid("breathingLeak", respiration, baseline);
  const { samplingRate, lowHz = 0.1, highHz = 1.2, segmentSeconds = 16, nSurrogates = 199, seed } = options;
  if (!(lowHz > 0 && highHz > lowHz))
    throw new OptionError(`breathingLeak needs 0 < lowHz < highHz, got ${lowHz} and ${highHz}.`);
  const segmentLength = samplesOf("breathingLeak: segmentSeconds", segmentSeconds, samplingRate, 2);
  const whole = fillGaps(respiration);
  let bin = -1;
  if (whole !== undefined && whole.length >= segmentLength) {
    const power = welch(whole, { samplingRate, segmentLength });
    power.frequencies.forEach((f, k) => {
      if (f < lowHz || f > highHz) return;
      if (bin < 0 || power.values[k] > power.values[bin]) bin = k;
    });
  }
  const coherenceAt = (x: Float64Array, y: Float64Array): number =>
    bin < 0
      ? Number.NaN
      : welchCoherence(x, y, { samplingRate, segmentSeconds, stepSeconds: segmentSeconds }).coherence[bin];
  const test = segmentShuffleNull(respiration, baseline, coherenceAt, {
    samplingRate,
    segmentSeconds,
    nSurrogates,
    seed,
  });
  return {
    breathingHz: bin < 0 ? Number.NaN : (bin * samplingRate) / segmentLength,
    coherence: test.observed,
    test,
  };
}
