import type { ClockLine } from "./clock-line.ts";

const CAPACITY = 48;
const MIN_OFFSETS = 6;
const MIN_SPAN_SECONDS = 30;

/**
 * Robust line over the most recent clock offsets (at most 48), for causal use: Theil-Sen, the median of all
 * pairwise slopes, then the median intercept. Drift zero until there are 6 offsets over 30 s.
 *
 * An offset that lies more than `resetSeconds` from the line is held back: alone it is a bad measurement. When the
 * next one agrees with it (within `resetSeconds`), the clock was reset and the line starts anew from the two.
 *
 * @see Theil 1950; Sen, J. Am. Stat. Assoc. 1968.
 */
export class RecentOffsets {
  readonly #times = new Float64Array(CAPACITY);
  readonly #values = new Float64Array(CAPACITY);
  readonly #slopes = new Float64Array((CAPACITY * (CAPACITY - 1)) / 2);
  readonly #scratch = new Float64Array(CAPACITY);
  readonly #resetSeconds: number;
  #count = 0;
  #heldTime = Number.NaN;
  #heldValue = Number.NaN;
  #referenceTime = 0;
  #offset = Number.NaN;
  #slope = 0;

  constructor(resetSeconds: number) {
    this.#resetSeconds = resetSeconds;
  }

  /** Whether there is a line yet. */
  get known(): boolean {
    return this.#count > 0;
  }

  get line(): ClockLine {
    return { referenceTime: this.#referenceTime, offset: this.#offset, slope: this.#slope };
  }

  /** NaN until the first offset. */
  at(deviceTime: number): number {
    return this.#offset + this.#slope * (deviceTime - this.#referenceTime);
  }

  /** @returns `taken`, `held` (doubtful, not used yet) or `reset` (the line starts anew). */
  add(time: number, value: number): "taken" | "held" | "reset" {
    if (this.#count > 0 && Math.abs(value - this.at(time)) > this.#resetSeconds) {
      const agrees = Math.abs(value - this.#heldValue) <= this.#resetSeconds;
      if (!agrees) {
        this.#heldTime = time;
        this.#heldValue = value;
        return "held";
      }
      const earlierTime = this.#heldTime;
      const earlierValue = this.#heldValue;
      this.clear();
      this.#store(earlierTime, earlierValue);
      this.#store(time, value);
      this.#refit();
      return "reset";
    }
    this.#heldValue = Number.NaN;
    this.#store(time, value);
    this.#refit();
    return "taken";
  }

  clear(): void {
    this.#count = 0;
    this.#offset = Number.NaN;
    this.#slope = 0;
    this.#heldValue = Number.NaN;
  }

  #store(time: number, value: number): void {
    if (this.#count === CAPACITY) {
      this.#times.copyWithin(0, 1);
      this.#values.copyWithin(0, 1);
      this.#count--;
    }
    this.#times[this.#count] = time;
    this.#values[this.#count] = value;
    this.#count++;
  }

  #refit(): void {
    const n = this.#count;
    const times = this.#times;
    const values = this.#values;
    this.#slope = 0;
    if (n >= MIN_OFFSETS && Math.abs(times[n - 1] - times[0]) >= MIN_SPAN_SECONDS) {
      let pairs = 0;
      for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++)
          if (times[j] !== times[i]) this.#slopes[pairs++] = (values[j] - values[i]) / (times[j] - times[i]);
      this.#slope = median(this.#slopes.subarray(0, pairs));
    }
    this.#referenceTime = times[n - 1];
    for (let i = 0; i < n; i++) this.#scratch[i] = values[i] - this.#slope * (times[i] - this.#referenceTime);
    this.#offset = median(this.#scratch.subarray(0, n));
  }
}

function median(scratch: Float64Array): number {
  scratch.sort();
  const n = scratch.length;
  return n % 2 === 1 ? scratch[(n - 1) / 2] : 0.5 * (scratch[n / 2 - 1] + scratch[n / 2]);
}
