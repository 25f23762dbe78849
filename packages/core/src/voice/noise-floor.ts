import { OptionError } from "../errors.ts";
import { lastAtOrBefore } from "../events/intervals.ts";

/**
 * A low quantile of the last levels: how loud it is when nobody speaks. Levels sound and silence alike go in, so that it follows
 * a noise that starts and stays; sound that fills all but the quantile's share of the time is taken for noise.
 *
 * @see Stahl, Fischer & Bippus, "Quantile based noise estimation for spectral subtraction and Wiener filtering", ICASSP 2000;
 *      Martin, IEEE Trans Speech Audio Proc 9:504 (2001), for the minimum, which one muted frame would spoil
 */
export class NoiseFloor {
  readonly #quantile: number;
  /** Levels in the order in which they came, and in rising order. */
  readonly #recent: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @throws OptionError unless the capacity is an integer >= 1 and the quantile lies in [0, 1] */
  constructor(capacity: number, quantile: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || !(quantile >= 0 && quantile <= 1))
      throw new OptionError(
        `NoiseFloor needs an integer capacity >= 1 and 0 <= quantile <= 1, got ${capacity} and ${quantile}.`,
      );
    this.#quantile = quantile;
    this.#recent = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity).fill(Number.POSITIVE_INFINITY);
  }

  /** Levels that it knows. */
  get count(): number {
    return this.#count;
  }

  /** The quantile of what it knows, the nearest level below; NaN for nothing. */
  get level(): number {
    return this.#count === 0 ? Number.NaN : this.#sorted[Math.floor(this.#quantile * (this.#count - 1))];
  }

  /** Takes a finite level in and forgets the oldest one. Allocates nothing; O(capacity). */
  push(level: number): void {
    const sorted = this.#sorted;
    if (this.#count === this.#recent.length) {
      const gone = lastAtOrBefore(sorted, this.#recent[this.#next]);
      sorted.copyWithin(gone, gone + 1);
      sorted[sorted.length - 1] = Number.POSITIVE_INFINITY;
    } else this.#count += 1;
    const place = lastAtOrBefore(sorted, level) + 1;
    sorted.copyWithin(place + 1, place, sorted.length - 1);
    sorted[place] = level;
    this.#recent[this.#next] = level;
    this.#next = (this.#next + 1) % this.#recent.length;
  }

  reset(): void {
    this.#sorted.fill(Number.POSITIVE_INFINITY);
    this.#count = 0;
    this.#next = 0;
  }
}
