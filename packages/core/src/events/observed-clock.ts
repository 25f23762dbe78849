import { type Intervals, lastAtOrBefore, requireObserved } from "./intervals.ts";

/**
 * A clock that runs in observed time only: spans in which nobody could see take no time on it. Surrogates turn events on
 * this clock, so that none of them falls where it could not have been seen.
 */
export class ObservedClock {
  readonly observed: Intervals;
  /** Observed time altogether, seconds. */
  readonly seconds: number;
  /** `[nSpans + 1]`, reading of the clock when each span begins, and at the end. */
  readonly #readings: Float64Array;

  /** @throws OptionError when nothing was observed */
  constructor(observed: Intervals) {
    requireObserved("ObservedClock", observed);
    const long = (_: number, i: number) => observed.offsets[i] > observed.onsets[i];
    this.observed = { onsets: observed.onsets.filter(long), offsets: observed.offsets.filter(long) };
    const n = this.observed.onsets.length;
    this.#readings = new Float64Array(n + 1);
    for (let i = 0; i < n; i++)
      this.#readings[i + 1] = this.#readings[i] + (this.observed.offsets[i] - this.observed.onsets[i]);
    this.seconds = this.#readings[n];
  }

  /** What the clock shows at a time of the session; it stands still where nothing was observed. */
  reading(time: number): number {
    const { onsets, offsets } = this.observed;
    const i = lastAtOrBefore(onsets, time);
    return i < 0 ? 0 : this.#readings[i] + (Math.min(time, offsets[i]) - onsets[i]);
  }

  /** The time at which the clock shows a reading in `[0, seconds]`; at a seam between spans, the end of the earlier one. */
  timeAt(reading: number): number {
    const { onsets, offsets } = this.observed;
    const i = Math.min(onsets.length - 1, Math.max(0, lastAtOrBefore(this.#readings, reading)));
    if (reading === this.#readings[i] && i > 0) return offsets[i - 1];
    return Math.min(offsets[i], onsets[i] + (reading - this.#readings[i]));
  }

  /**
   * Appends the stretches of time in which the clock runs from one reading to another: one per span that it touches, with
   * the span's own edges wherever it is cut there.
   */
  appendSpans(from: number, to: number, onsets: number[], offsets: number[]): void {
    const spans = this.observed;
    let i = Math.min(spans.onsets.length - 1, Math.max(0, lastAtOrBefore(this.#readings, from)));
    // Sums of shifted times may come out of order by a rounding error.
    const earliest = offsets.length === 0 ? spans.onsets[0] : offsets[offsets.length - 1];
    if (to <= from) {
      const time = spans.onsets[i] + (from - this.#readings[i]);
      const point = Math.max(earliest, Math.min(time, spans.offsets[i]));
      onsets.push(point);
      offsets.push(point);
      return;
    }
    for (; i < spans.onsets.length && this.#readings[i] < to; i++) {
      const onset =
        from <= this.#readings[i] ? spans.onsets[i] : spans.onsets[i] + (from - this.#readings[i]);
      const offset =
        to >= this.#readings[i + 1] ? spans.offsets[i] : spans.onsets[i] + (to - this.#readings[i]);
      const later = Math.max(earliest, onset);
      if (offset > later) {
        onsets.push(later);
        offsets.push(Math.min(offset, spans.offsets[i]));
      }
    }
  }
}
