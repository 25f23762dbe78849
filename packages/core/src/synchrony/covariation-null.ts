import { OptionError } from "../errors.ts";
import { counterRandom, permutation } from "../random/index.ts";
import { permutationP, standardDeviation } from "../statistics/index.ts";
import { circularShift, circularShifts, PhaseRandomiser, type SurrogateKind } from "../surrogate/index.ts";
import { fillGaps } from "./fill-gaps.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";
import { meanOfValid } from "./window-z.ts";

/** Any number that says how much two series covary; large speaks for covariation. NaN for no value. */
export type CovariationStatistic = (a: Float64Array, b: Float64Array) => number;

/** An observed statistic and what it was under the null. */
export interface CovariationNull {
  readonly kind: SurrogateKind;
  readonly observed: number;
  /** `[nSurrogates]` */
  readonly values: Float64Array;
  readonly mean: number;
  readonly sd: number;
  /** (observed - mean) / sd. */
  readonly z: number;
  /** Share of surrogates below the observation. */
  readonly percentile: number;
  /**
   * (1 + #{surrogate >= observed}) / (1 + n), one-sided. NaN without an observation, and where fewer than `LEAST_WITH_VALUE` of the
   * surrogates have a value: gaps that were moved about are no null.
   */
  readonly p: number;
  readonly nSurrogates: number;
  /** Absent where every surrogate there is was used. */
  readonly seed?: number;
}

/** Share of surrogates that must have a value for a p: those without count against the observation. */
const LEAST_WITH_VALUE = 0.8;

/** @see CovariationNull; a surrogate without a value counts against the observation. */
export function againstNull(
  kind: SurrogateKind,
  observed: number,
  values: Float64Array,
  seed?: number,
): CovariationNull {
  const valid = values.filter((value) => !Number.isNaN(value));
  const mean = meanOfValid(valid);
  const sd = standardDeviation(valid);
  const below = valid.reduce((sum, value) => sum + (value < observed ? 1 : 0), 0);
  const isKnown =
    values.length > 0 && valid.length >= LEAST_WITH_VALUE * values.length && !Number.isNaN(observed);
  return {
    kind,
    observed,
    values,
    mean,
    sd,
    z: sd > 0 ? (observed - mean) / sd : Number.NaN,
    percentile: isKnown ? below / values.length : Number.NaN,
    p: isKnown ? permutationP(observed, values) : Number.NaN,
    nSurrogates: values.length,
    ...(seed === undefined ? {} : { seed }),
  };
}

export interface CircularShiftNullOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 20 s, in both directions: beyond the memory of either series. */
  readonly minimumShiftSeconds?: number;
  /** Use every shift on a grid of this step; default 5 s. Not with `nSurrogates`. */
  readonly stepSeconds?: number;
  /** Draw this many shifts instead, or use each once where there are no more than these; 999 or more for a report. */
  readonly nSurrogates?: number;
  /** Names the draws; required with `nSurrogates`. Surrogate k draws from (seed, "circularShift", k). */
  readonly seed?: number;
}

/**
 * Holds a statistic against itself with b rotated in time, from its first sample with a value to its last: ends that are missing stay
 * where they are, else they would open a gap in the middle of every surrogate.
 *
 * A screening test: the shifts of one short recording are few independent looks. Of 500 pairs of unrelated AR(1)
 * series of 300 s at 1 Hz it rejected 6.4 / 6.8 / 7.8 % at .05 with |r| without the line and phi .90 / .97 / .99,
 * and 4.6 / 4.2 / 4.0 % with the primary measure. The main test is `pseudoDyadNull`.
 *
 * @returns no surrogates and p NaN where the series is shorter than two minimum shifts
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function circularShiftNull(
  a: Float64Array,
  b: Float64Array,
  statistic: CovariationStatistic,
  options: CircularShiftNullOptions,
): CovariationNull {
  requireSameGrid("circularShiftNull", a, b);
  const { samplingRate, minimumShiftSeconds = 20, stepSeconds = 5, nSurrogates, seed } = options;
  const minimumShift = samplesOf("circularShiftNull: minimumShiftSeconds", minimumShiftSeconds, samplingRate);
  const isDrawn = nSurrogates !== undefined;
  const step = isDrawn ? 1 : samplesOf("circularShiftNull: stepSeconds", stepSeconds, samplingRate);
  const drawSeed = isDrawn ? requireSeed("circularShiftNull", nSurrogates, seed) : 0;
  const moved = b.slice();
  const [first, end] = spanOf(b);
  const inside = b.subarray(first, end);
  const rotated = moved.subarray(first, end);
  let shifts: number[] = [];
  for (let shift = minimumShift; shift <= inside.length - minimumShift; shift += step) shifts.push(shift);
  const drawsFewer = isDrawn && nSurrogates < shifts.length;
  if (drawsFewer)
    shifts = Array.from(
      { length: nSurrogates },
      (_, k) =>
        circularShifts(inside.length, {
          minimumShift,
          uniform: counterRandom(drawSeed, "circularShift", k),
        })[0]!,
    );
  const values = Float64Array.from(shifts, (shift) => {
    circularShift(inside, shift, rotated);
    return statistic(a, moved);
  });
  return againstNull("circularShift", statistic(a, b), values, drawsFewer ? seed : undefined);
}

/** From the first sample with a value to behind the last. */
function spanOf(series: Float64Array): [number, number] {
  const isValue = (value: number): boolean => !Number.isNaN(value);
  const first = series.findIndex(isValue);
  return first < 0 ? [0, 0] : [first, series.findLastIndex(isValue) + 1];
}

export interface SegmentShuffleNullOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 30 s; longer than the memory of either series. Samples after the last whole segment are not used. */
  readonly segmentSeconds?: number;
  /** 999 or more for a report. */
  readonly nSurrogates: number;
  /** Surrogate k draws from (seed, "segmentShuffle", k), whatever worker it runs on. */
  readonly seed: number;
}

/**
 * Holds a statistic against itself with b's segments in random order.
 *
 * Keeps what happens inside a segment and breaks slow drifts at every seam, so that it answers a narrower question
 * than a circular shift. A segment may stay where it was: with so few segments an order that moves every one of them
 * would make the test reject too often. The observation uses the same whole segments.
 *
 * Only for windowed measures: with |r| over the whole series 8 % of unrelated AR(1) pairs were rejected at phi .90
 * and 17 % at .99; with the primary measure 5.7 and 5.3 %.
 *
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function segmentShuffleNull(
  a: Float64Array,
  b: Float64Array,
  statistic: CovariationStatistic,
  options: SegmentShuffleNullOptions,
): CovariationNull {
  requireSameGrid("segmentShuffleNull", a, b);
  const { samplingRate, segmentSeconds = 30, nSurrogates } = options;
  const seed = requireSeed("segmentShuffleNull", nSurrogates, options.seed);
  const length = samplesOf("segmentShuffleNull: segmentSeconds", segmentSeconds, samplingRate);
  const nSegments = Math.floor(a.length / length);
  const used = nSegments * length;
  const first = a.subarray(0, used);
  const second = b.subarray(0, used);
  const shuffled = new Float64Array(used);
  const values = new Float64Array(nSegments < 2 ? 0 : nSurrogates);
  for (let k = 0; k < values.length; k++) {
    const order = permutation(nSegments, counterRandom(seed, "segmentShuffle", k));
    for (let s = 0; s < nSegments; s++)
      shuffled.set(second.subarray(order[s] * length, (order[s] + 1) * length), s * length);
    values[k] = statistic(first, shuffled);
  }
  return againstNull("blockShuffle", statistic(first, second), values, seed);
}

export interface PhaseRandomisedNullOptions {
  /** 999 or more for a report. */
  readonly nSurrogates: number;
  /** Surrogate k draws from (seed, "phaseRandomise", k). */
  readonly seed: number;
}

/**
 * Holds a statistic against itself with the Fourier phases of b drawn anew: the spectrum stays, everything else
 * goes. Tests against linear stationary series; ends that do not meet leak, so give it series without their line.
 *
 * Of 500 pairs of unrelated AR(1) series of 300 s at 1 Hz it rejected 5.0 / 5.0 % at .05 with |r| without the line and phi
 * .90 / .97, and 5.4 / 3.8 % with the primary measure.
 *
 * Missing samples are bridged by straight lines for the transform and are missing again in every surrogate.
 *
 * @throws ShapeError when the lengths differ; OptionError for options outside their range
 */
export function phaseRandomisedNull(
  a: Float64Array,
  b: Float64Array,
  statistic: CovariationStatistic,
  options: PhaseRandomisedNullOptions,
): CovariationNull {
  requireSameGrid("phaseRandomisedNull", a, b);
  const { nSurrogates } = options;
  const seed = requireSeed("phaseRandomisedNull", nSurrogates, options.seed);
  const bridged = fillGaps(b);
  if (bridged === undefined || b.length === 0)
    return againstNull("phaseRandomise", statistic(a, b), new Float64Array(0), seed);
  const randomiser = new PhaseRandomiser(1, b.length);
  const surrogate = new Float64Array(b.length);
  const values = new Float64Array(nSurrogates);
  for (let k = 0; k < nSurrogates; k++) {
    randomiser.execute(surrogate, bridged, counterRandom(seed, "phaseRandomise", k));
    for (let t = 0; t < b.length; t++) if (Number.isNaN(b[t])) surrogate[t] = Number.NaN;
    values[k] = statistic(a, surrogate);
  }
  return againstNull("phaseRandomise", statistic(a, b), values, seed);
}

/** @throws OptionError unless there are surrogates to draw and a seed to draw them with */
export function requireSeed(kernel: string, nSurrogates: number, seed: number | undefined): number {
  if (!Number.isInteger(nSurrogates) || nSurrogates < 1)
    throw new OptionError(
      `${kernel}: nSurrogates must be an integer >= 1, got ${nSurrogates}: 999 is usual.`,
    );
  if (seed === undefined || !Number.isFinite(seed))
    throw new OptionError(`${kernel}: pass a seed with nSurrogates, so that the draws can be repeated.`);
  return seed;
}
