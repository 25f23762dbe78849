import { OptionError } from "../errors.ts";
import { counterRandom, type Uniform } from "../random/index.ts";
import { permutationP, quantile } from "../statistics/index.ts";
import { standardiseSeries } from "./centre-series.ts";
import { requireSeed } from "./covariation-null.ts";
import { samplesOf } from "./sample-count.ts";
import { SpacedMoments } from "./spaced-moments.ts";
import { meanOfValid } from "./window-z.ts";

export interface EventLockedOptions {
  /** Hz, of the partner's series. */
  readonly samplingRate: number;
  /** Before the event; default 60 s. */
  readonly beforeSeconds?: number;
  /** After the event; default 120 s. */
  readonly afterSeconds?: number;
  /** Nearest that two random events may lie; default 60 s, as peaks are picked. */
  readonly minimumSeparationSeconds?: number;
  /** 999 or more for a report. */
  readonly nSurrogates: number;
  /** Surrogate k draws from (seed, "randomPeaks", k). */
  readonly seed: number;
}

/** What the partner did around one person's events. */
export interface EventLockedPartner {
  /** `[nTimes]`, seconds from the event. */
  readonly times: Float64Array;
  /** `[nTimes]`, mean over events of the partner's series in SD of the session; NaN for no valid sample. */
  readonly mean: Float64Array;
  /** `[nTimes]`, events with a valid sample. */
  readonly nValid: Int32Array;
  /** `[nTimes]`, mean and 2.5 % and 97.5 % points of the same mean around random moments. */
  readonly nullMean: Float64Array;
  readonly nullLow: Float64Array;
  readonly nullHigh: Float64Array;
  /** Mean after the event minus mean before it, SD; and its two-sided p against the random moments. */
  readonly response: number;
  readonly p: number;
  /** Events that lie far enough from both ends. */
  readonly nEvents: number;
  readonly nSurrogates: number;
  readonly seed: number;
}

/** Attempts to place random events before the separation counts as impossible. */
const PLACEMENTS_PER_EVENT = 200;

/**
 * The mean of one person's series around the other's events, such as a parent's arousal around the peaks of the
 * infant's. Day-long recordings show responses to peaks where the correlation over the day is nil.
 *
 * The null puts as many events at random moments, no two nearer than the separation: it keeps the partner's series
 * whole. Events whose span leaves the recording are not used. Where the separation leaves no room there are no
 * surrogates, and the null is NaN.
 *
 * @param partner `[nSamples]`, NaN where missing
 * @param events  sample indices on the same grid, as from `arousalPeaks`
 * @throws OptionError for options outside their range
 * @see Wass et al., Current Biology 29:2415 (2019)
 */
export function eventLockedPartner(
  partner: Float64Array,
  events: ArrayLike<number>,
  options: EventLockedOptions,
): EventLockedPartner {
  const { samplingRate, beforeSeconds = 60, afterSeconds = 120, minimumSeparationSeconds = 60 } = options;
  const kernel = "eventLockedPartner";
  const before = samplesOf(`${kernel}: beforeSeconds`, beforeSeconds, samplingRate);
  const after = samplesOf(`${kernel}: afterSeconds`, afterSeconds, samplingRate);
  const separation = samplesOf(`${kernel}: minimumSeparationSeconds`, minimumSeparationSeconds, samplingRate);
  const seed = requireSeed(kernel, options.nSurrogates, options.seed);
  const z = standardiseSeries(partner);
  const nTimes = before + after + 1;
  const first = before;
  const last = z.length - 1 - after;
  const used = Array.from(events).filter((t) => t >= first && t <= last);
  for (const t of used)
    if (!Number.isInteger(t)) throw new OptionError(`${kernel}: events must be sample indices, got ${t}.`);

  const mean = new Float64Array(nTimes);
  const nValid = new Int32Array(nTimes);
  averageAround(mean, nValid, z, used, before);
  const response = afterMinusBefore(mean, before);

  const means: Float64Array[] = [];
  for (let k = 0; k < options.nSurrogates && used.length > 0; k++) {
    const uniform = counterRandom(seed, "randomPeaks", k);
    const moments = randomMoments(used.length, first, last, separation, uniform);
    if (moments === undefined) break;
    const surrogate = new Float64Array(nTimes);
    averageAround(surrogate, new Int32Array(nTimes), z, moments, before);
    means.push(surrogate);
  }
  const isComplete = used.length > 0 && means.length === options.nSurrogates;
  const nulls = isComplete ? means : [];
  const overSurrogates = (summary: (values: Float64Array) => number): Float64Array =>
    Float64Array.from({ length: nTimes }, (_, i) => {
      const values = Float64Array.from(nulls, (surrogate) => surrogate[i]).filter(
        (value) => !Number.isNaN(value),
      );
      return values.length === 0 ? Number.NaN : summary(values);
    });
  const nullResponses = Float64Array.from(nulls, (surrogate) =>
    Math.abs(afterMinusBefore(surrogate, before)),
  );
  return {
    times: Float64Array.from({ length: nTimes }, (_, i) => (i - before) / samplingRate),
    mean,
    nValid,
    nullMean: overSurrogates(meanOfValid),
    nullLow: overSurrogates((values) => quantile(values, 0.025)),
    nullHigh: overSurrogates((values) => quantile(values, 0.975)),
    response,
    p: nulls.length === 0 ? Number.NaN : permutationP(Math.abs(response), nullResponses),
    nEvents: used.length,
    nSurrogates: nulls.length,
    seed,
  };
}

function averageAround(
  mean: Float64Array,
  nValid: Int32Array,
  z: Float64Array,
  events: readonly number[],
  before: number,
): void {
  for (const event of events)
    for (let i = 0; i < mean.length; i++) {
      const value = z[event - before + i];
      if (Number.isNaN(value)) continue;
      mean[i] += value;
      nValid[i]++;
    }
  for (let i = 0; i < mean.length; i++) mean[i] = nValid[i] === 0 ? Number.NaN : mean[i] / nValid[i];
}

function afterMinusBefore(mean: Float64Array, before: number): number {
  return meanOfValid(mean.subarray(before + 1)) - meanOfValid(mean.subarray(0, before));
}

/** Uniform moments in [first, last], each drawn again while it lies too near; `undefined` when there is no room. */
function randomMoments(
  count: number,
  first: number,
  last: number,
  separation: number,
  uniform: Uniform,
): number[] | undefined {
  const spaced = new SpacedMoments(separation);
  for (let budget = PLACEMENTS_PER_EVENT * count; spaced.moments.length < count; budget--) {
    if (budget === 0) return undefined;
    spaced.take(first + Math.floor(uniform() * (last - first + 1)));
  }
  return spaced.moments;
}
