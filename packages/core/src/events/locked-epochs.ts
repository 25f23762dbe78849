import { OptionError } from "../errors.ts";

/** A series on a uniform grid of session time: inter-beat intervals, coupling, RSA. NaN where it is missing. */
export interface SampledSeries {
  readonly values: Float64Array;
  /** Session time of the first value, seconds. */
  readonly startTime: number;
  readonly samplingRate: number;
}

/**
 * Reads a series around events: sample k of an epoch lies at `onset + k / samplingRate`, between two samples of the series by
 * linear interpolation. A missing neighbour makes the value missing; nothing is read beyond the ends.
 */
export class LockedEpochs {
  readonly first: number;
  readonly nLags: number;
  readonly #series: SampledSeries;
  /** `[nEvents]`, whole samples and the rest, of each onset. */
  readonly #whole: Int32Array;
  readonly #rest: Float64Array;

  /**
   * @param first index of the first lag, in samples
   * @param last  index of the last lag
   * @throws OptionError for a rate that is not positive or lags out of order
   */
  constructor(series: SampledSeries, onsets: ArrayLike<number>, first: number, last: number) {
    if (!(series.samplingRate > 0 && Number.isFinite(series.startTime)) || !(first <= last))
      throw new OptionError(
        `Event-locked reading needs samplingRate > 0, a finite startTime and first <= last lag, got ${series.samplingRate}, ${series.startTime}, ${first} and ${last}.`,
      );
    this.#series = series;
    this.first = first;
    this.nLags = last - first + 1;
    this.#whole = new Int32Array(onsets.length);
    this.#rest = new Float64Array(onsets.length);
    for (let e = 0; e < onsets.length; e++) {
      const place = (onsets[e] - series.startTime) * series.samplingRate;
      // An onset that is a sample but for rounding shall not need its neighbour.
      const nearest = Math.round(place);
      const isSample = Math.abs(place - nearest) < 1e-6;
      this.#whole[e] = isSample ? nearest : Math.floor(place);
      this.#rest[e] = isSample ? 0 : place - Math.floor(place);
    }
  }

  /**
   * One epoch; allocates nothing.
   *
   * @param out   `[nLags]`
   * @param shift samples by which all events are moved on the circle of the series
   * @returns how many values are there
   */
  read(out: Float64Array, event: number, shift = 0): number {
    const { values } = this.#series;
    const n = values.length;
    const rest = this.#rest[event];
    let at = this.#whole[event];
    if (shift !== 0) at = (((at + shift) % n) + n) % n;
    let there = 0;
    for (let k = 0; k < this.nLags; k++) {
      const i = at + this.first + k;
      const here = i >= 0 && i < n ? values[i] : Number.NaN;
      const value =
        rest === 0 ? here : i + 1 >= 0 && i + 1 < n ? here + rest * (values[i + 1] - here) : Number.NaN;
      out[k] = value;
      if (!Number.isNaN(value)) there++;
    }
    return there;
  }
}
