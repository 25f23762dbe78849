import { OptionError } from "../errors.ts";
import { counterRandom } from "../random/index.ts";
import { mean, permutationP, standardDeviation } from "../statistics/index.ts";
import { circularShifts } from "../surrogate/index.ts";
import { meanOf } from "./event-locked-mean.ts";
import { LockedEpochs, type SampledSeries } from "./locked-epochs.ts";

export interface EventLockedResponseOptions {
  /** Default `[0, 10)` s after the onset. */
  readonly responseSeconds?: readonly [number, number];
  /** Default `[-5, 0)` s. */
  readonly baselineSeconds?: readonly [number, number];
  /** Least share of values in either span. Default 0.8. */
  readonly minimumCoverage?: number;
  /** Default 999; 0 for no null. */
  readonly nSurrogates?: number;
  /** Default 20. */
  readonly minimumShiftSeconds?: number;
  readonly seed: number | string;
  readonly key?: string;
}

export interface EventLockedResponse {
  /** `[events]`, response minus baseline, in the unit of the series; NaN where too much is missing. */
  readonly differences: Float64Array;
  readonly nEvents: number;
  readonly nLeftOut: number;
  readonly mean: number;
  /** Over events, n - 1. */
  readonly standardDeviation: number;
  readonly nullMean: number;
  readonly nullSd: number;
  /** Two-sided, from circular shifts of all events along the series; NaN without a null. */
  readonly p: number;
  readonly seed: number | string;
}

/**
 * How a series of one person changes after events, most often the other's: the infant's inter-beat interval 0 to 10 s after the
 * onset of touch minus 5 s before it. Positive inter-beat differences are a slower heart.
 *
 * @throws OptionError when a span is empty, the response begins before the baseline, or a share or count is out of range
 */
export function eventLockedResponse(
  series: SampledSeries,
  onsets: ArrayLike<number>,
  options: EventLockedResponseOptions,
): EventLockedResponse {
  const { responseSeconds = [0, 10], baselineSeconds = [-5, 0], minimumCoverage = 0.8 } = options;
  const { nSurrogates = 999, minimumShiftSeconds = 20, seed, key = "" } = options;
  const rate = series.samplingRate;
  const sample = (seconds: number) => Math.ceil(seconds * rate - 1e-6);
  const [b0, b1, r0, r1] = [...baselineSeconds, ...responseSeconds].map(sample);
  if (!(b0 < b1 && r0 < r1 && b0 <= r0))
    throw new OptionError(
      `eventLockedResponse needs a baseline of at least one sample that does not begin after the response, got ${baselineSeconds} and ${responseSeconds} s.`,
    );
  if (!(minimumCoverage > 0 && minimumCoverage <= 1) || !Number.isInteger(nSurrogates) || nSurrogates < 0)
    throw new OptionError(
      `eventLockedResponse needs 0 < minimumCoverage <= 1 and an integer nSurrogates >= 0, got ${minimumCoverage} and ${nSurrogates}.`,
    );
  const epochs = new LockedEpochs(series, onsets, b0, Math.max(b1, r1) - 1);
  const epoch = new Float64Array(epochs.nLags);
  const level = (from: number, to: number): number => {
    let n = 0;
    for (let k = from - b0; k < to - b0; k++) if (!Number.isNaN(epoch[k])) n++;
    return n < minimumCoverage * (to - from) ? Number.NaN : meanOf(epoch, from - b0, to - b0);
  };
  const difference = (event: number, shift: number): number => {
    epochs.read(epoch, event, shift);
    return level(r0, r1) - level(b0, b1);
  };
  const differences = Float64Array.from({ length: onsets.length }, (_, e) => difference(e, 0));
  const used = differences.filter((value) => !Number.isNaN(value));
  const observed = mean(used);
  const minimumShift = Math.max(1, Math.ceil(minimumShiftSeconds * rate));
  const hasRoom = series.values.length - 2 * minimumShift + 1 >= 1;
  const nullMeans = new Float64Array(hasRoom && used.length > 0 ? nSurrogates : 0);
  for (let s = 0; s < nullMeans.length; s++) {
    const uniform = counterRandom(seed, "event-locked response", key, s);
    const shift = circularShifts(series.values.length, { minimumShift, uniform })[0];
    let sum = 0;
    let n = 0;
    for (let e = 0; e < onsets.length; e++) {
      const value = difference(e, shift);
      if (Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    nullMeans[s] = sum / n;
  }
  const centre = mean(nullMeans);
  const distances = nullMeans.map((value) => Math.abs(value - centre));
  return {
    differences,
    nEvents: used.length,
    nLeftOut: onsets.length - used.length,
    mean: observed,
    standardDeviation: standardDeviation(used),
    nullMean: centre,
    nullSd: standardDeviation(nullMeans),
    p: nullMeans.length === 0 ? Number.NaN : permutationP(Math.abs(observed - centre), distances),
    seed,
  };
}
