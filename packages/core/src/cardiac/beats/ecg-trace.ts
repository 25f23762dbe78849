import type { BeatSettings } from "./beat-settings.ts";
import { DifferenceFilter } from "./difference-filter.ts";

/** Long enough for the learning time and for the longest search-back. */
const HISTORY_SECONDS = 8;
/** The most samples that may be appended at once. */
export const LARGEST_BLOCK = 1024;

/**
 * The last seconds of one uninterrupted stretch of a trace, raw and band-passed, in plain arrays: place `p` of each column
 * holds sample `p + base` since the start of the stream. When the columns are full their newest part moves to the front.
 */
export class EcgTrace {
  readonly filter: DifferenceFilter;
  readonly raw: Float64Array;
  /** Band-passed; place `p` belongs to the raw sample at `p - filter.delay`. */
  readonly filtered: Float64Array;
  readonly #difference: Float64Array;
  /** Places before the first sample of a stretch, filled with its value: nothing has happened before it. */
  readonly #lead: number;
  base = 0;
  /** Places in use. */
  fill = 0;

  /** @param reach samples before the newest that are looked at around a candidate */
  constructor(samplingRate: number, settings: BeatSettings, reach: number) {
    this.filter = new DifferenceFilter(samplingRate, settings.band, settings.filterSeconds);
    this.#lead = this.filter.length + reach;
    const capacity = Math.ceil(HISTORY_SECONDS * samplingRate) + this.#lead + LARGEST_BLOCK;
    this.raw = new Float64Array(capacity);
    this.filtered = new Float64Array(capacity);
    this.#difference = new Float64Array(capacity);
  }

  /** Forgets all samples; the next one is number `first` of the stream and has the value `level`. */
  open(first: number, level: number): void {
    this.fill = this.#lead;
    this.base = first - this.#lead;
    this.raw.fill(level, 0, this.#lead);
    this.filtered.fill(0, 0, this.#lead);
    this.#difference.fill(0, 0, this.#lead);
  }

  /** Takes `samples[from .. to)`, at most `LARGEST_BLOCK`, and returns the place of the first of them. */
  append(samples: Float64Array, from: number, to: number): number {
    const start = this.#makeRoom(to - from);
    const { raw } = this;
    const difference = this.#difference;
    let previous = raw[start - 1];
    for (let i = from, p = start; i < to; i++, p++) {
      const value = samples[i];
      raw[p] = value;
      difference[p] = value - previous;
      previous = value;
    }
    this.filter.execute(this.filtered, difference, start, this.fill);
    return start;
  }

  /** Goes on with the last value for `length` samples, at most `LARGEST_BLOCK`. */
  hold(length: number): number {
    const start = this.#makeRoom(length);
    this.raw.fill(this.raw[start - 1], start, this.fill);
    this.#difference.fill(0, start, this.fill);
    this.filter.execute(this.filtered, this.#difference, start, this.fill);
    return start;
  }

  #makeRoom(length: number): number {
    const capacity = this.raw.length;
    if (this.fill + length > capacity) {
      const keep = capacity - LARGEST_BLOCK;
      const shift = this.fill - keep;
      this.raw.copyWithin(0, shift, this.fill);
      this.filtered.copyWithin(0, shift, this.fill);
      this.#difference.copyWithin(0, shift, this.fill);
      this.base += shift;
      this.fill = keep;
    }
    const start = this.fill;
    this.fill += length;
    return start;
  }
}
