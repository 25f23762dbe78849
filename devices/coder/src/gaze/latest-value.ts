import type { Seconds } from "@attune/signal";

/** A value that changes now and then, asked for at times that only grow: a face box, a head's yaw. */
export class LatestValue<T> {
  readonly #maxAge: Seconds;
  readonly #values: { at: Seconds; value: T }[] = [];
  #knownUntil = Number.NEGATIVE_INFINITY;

  constructor(maxAgeSeconds: Seconds) {
    this.#maxAge = maxAgeSeconds;
  }

  /** The newest time that was reported: what happened up to then is known. */
  get knownUntil(): Seconds {
    return this.#knownUntil;
  }

  /** Values come in order of time; one that comes late is left out. */
  push(value: T, at: Seconds): void {
    if (at < this.#knownUntil) return;
    this.#knownUntil = at;
    this.#values.push({ at, value });
  }

  /** The last value reported at or before `time`; `stale` when it is older than allowed or there is none. */
  at(time: Seconds): { readonly value: T } | "stale" {
    while (this.#values.length > 1 && this.#values[1]!.at <= time) this.#values.shift();
    const first = this.#values[0];
    return first && first.at <= time && time - first.at <= this.#maxAge + 1e-9 ? first : "stale";
  }
}
