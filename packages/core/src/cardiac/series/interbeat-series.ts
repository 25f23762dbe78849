import { OptionError, ShapeError } from "../../errors.ts";
import type { InterbeatIntervals } from "../interbeat/interbeat-intervals.ts";
import { maximumGapSeconds, minimumCoverage } from "../interbeat/population.ts";
import { BinMeans } from "./bin-means.ts";
import { LinearPoints } from "./linear-points.ts";
import type { SeriesRule } from "./series-rule.ts";

/**
 * "linear" (default) interpolates between closing beats; "bin-mean" is the exact mean over each bin of the interval
 * held from its opening to its closing beat (of the kind of Berger et al. 1986).
 */
export type SeriesMethod = "linear" | "bin-mean";

export interface InterbeatSeriesOptions {
  /** Hz: 5 (default of the method, both members) or 4; 1 or 2 for trends by bin means. */
  readonly samplingRate: number;
  readonly method?: SeriesMethod;
  /** s: nominal time of sample 0. Default the first multiple of 1/samplingRate at or after the first interval. */
  readonly startTime?: number;
}

/** Some samples of a uniform series; sample k of the series lies at `startTime + k / samplingRate`. */
export interface UniformChunk {
  /** s: time of sample 0 of the series, NaN before it is known. */
  readonly startTime: number;
  /** Number of the first sample in `values`. */
  readonly firstSample: number;
  /** ms; NaN is missing. */
  readonly values: Float64Array;
}

export interface UniformSeries {
  /** s: nominal time of sample 0. */
  readonly startTime: number;
  /** Hz. */
  readonly samplingRate: number;
  /** `[nSamples]`, ms; NaN is missing. */
  readonly values: Float64Array;
}

/**
 * Interbeat intervals as a uniform series, as they come. Feed it what left the gate (`GatedIntervals`).
 *
 * Sample k of "linear" lies on the grid time; of "bin-mean" it is the bin that begins there. A sample is final as
 * soon as an interval that closes at or after it (bin: after its end) arrives, and then leaves with its nominal
 * time. Delay: one interval, the gate and the detector, about 1.2 s infant and 2 s adult.
 *
 * Missing stays NaN: an interval of NaN ends the line at the closing beat before it, and so does a distance of more
 * than 2 s between closing beats. A bin with less than 80 % of its time covered is NaN.
 *
 * Any way of cutting the input gives the same bits.
 *
 * @see Berger, Akselrod, Gordon, Cohen, "An efficient algorithm for spectral analysis of heart rate variability",
 *   IEEE Trans. Biomed. Eng. 33, 1986.
 */
export class InterbeatSeries {
  readonly samplingRate: number;
  readonly #rule: SeriesRule;
  readonly #gridTime = (k: number) => this.#startTime + k / this.samplingRate;
  #startTime: number;
  #nSamples = 0;
  #lastTime = Number.NEGATIVE_INFINITY;

  /** @throws OptionError when the sampling rate is not positive. */
  constructor({ samplingRate, method = "linear", startTime }: InterbeatSeriesOptions) {
    if (!(samplingRate > 0))
      throw new OptionError(
        `InterbeatSeries samplingRate must be a positive number of Hz, got ${samplingRate}`,
      );
    if (startTime !== undefined && !Number.isFinite(startTime))
      throw new OptionError(`InterbeatSeries startTime must be a time in seconds, got ${startTime}`);
    this.samplingRate = samplingRate;
    this.#startTime = startTime ?? Number.NaN;
    this.#rule =
      method === "linear" ? new LinearPoints(maximumGapSeconds) : new BinMeans(samplingRate, minimumCoverage);
  }

  /**
   * @param times `[n]`, s, closing beats, not falling
   * @param intervals `[n]`, ms; NaN for a stretch up to `times` that is missing
   * @throws ShapeError when the lengths differ, OptionError when times fall.
   */
  push(times: ArrayLike<number>, intervals: ArrayLike<number>): UniformChunk {
    if (times.length !== intervals.length)
      throw new ShapeError(
        "InterbeatSeries",
        `${times.length} intervals, one for each time`,
        `${intervals.length}`,
      );
    const out: number[] = [];
    for (let i = 0; i < times.length; i++) {
      const time = times[i];
      if (!Number.isFinite(time) || time < this.#lastTime)
        throw new OptionError(
          `InterbeatSeries needs times that do not fall, got ${time} after ${this.#lastTime}: use a new series for a new recording.`,
        );
      this.#lastTime = time;
      if (Number.isNaN(this.#startTime)) {
        if (Number.isNaN(intervals[i])) continue;
        this.#startTime = Math.ceil(time * this.samplingRate) / this.samplingRate;
      }
      this.#rule.push(time, intervals[i], this.#gridTime, out);
    }
    const firstSample = this.#nSamples;
    this.#nSamples += out.length;
    return { startTime: this.#startTime, firstSample, values: Float64Array.from(out) };
  }
}

/**
 * The same series of a whole recording; see `InterbeatSeries` for the rules.
 *
 * @param intervals times `[n]` in s and intervals `[n]` in ms, as from `correctInterbeatIntervals`
 * @param options `endTime`, s: with "linear" the last grid point at or before it, with "bin-mean" the last whole bin
 *   before it; what the beats do not reach is NaN. Default as far as the last closing beat
 */
export function interbeatSeries(
  { times, intervals }: InterbeatIntervals,
  options: InterbeatSeriesOptions & { readonly endTime?: number },
): UniformSeries {
  const { samplingRate, endTime } = options;
  const { startTime, values } = new InterbeatSeries(options).push(times, intervals);
  if (endTime === undefined || Number.isNaN(startTime)) return { startTime, samplingRate, values };
  // A hair of tolerance: (598 - 2) * 5 must count as a whole number whatever the rounding.
  const steps = Math.floor((endTime - startTime) * samplingRate + 1e-6);
  const cut = new Float64Array(Math.max(0, options.method === "bin-mean" ? steps : steps + 1)).fill(
    Number.NaN,
  );
  cut.set(values.subarray(0, cut.length));
  return { startTime, samplingRate, values: cut };
}
