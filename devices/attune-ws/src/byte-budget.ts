import type { Seconds } from "@attune/signal";

/**
 * How much a client may send: `perSecond` on average, `burst` at once. A client that comes back with ten
 * seconds in its buffer passes; one that floods does not.
 */
export class ByteBudget {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: Seconds;

  constructor(o: { perSecond: number; burst: number; now: Seconds }) {
    this.#perSecond = o.perSecond;
    this.#burst = o.burst;
    this.#left = o.burst;
    this.#at = o.now;
  }

  /** Takes `bytes` from the budget; false when they are not in it. */
  spend(bytes: number, now: Seconds): boolean {
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perSecond);
    this.#at = now;
    this.#left -= bytes;
    return this.#left >= 0;
  }
}
