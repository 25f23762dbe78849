import type { Seconds } from "@attune/signal";

/** Nobody can tell where the eyes are. */
export const INVALID = -1;

const SLACK = 1e-9;

export interface HysteresisOptions {
  readonly enterSeconds: Seconds;
  readonly leaveSeconds: Seconds;
  readonly invalidSeconds: Seconds;
}

/**
 * From where the eyes are, sample by sample, to where a person looks. A place is entered after `enterSeconds` in it, and
 * left after `leaveSeconds` outside it without a sample back in. Without a valid sample for more than `invalidSeconds` it
 * is unknown (`INVALID`), from the moment at which that time was over; shorter gaps change nothing. Samples come in
 * order of time.
 */
export class GazeHysteresis {
  readonly #options: HysteresisOptions;
  #current = INVALID;
  #candidate = INVALID;
  #candidateSince: Seconds = Number.NaN;
  #outsideSince: Seconds = Number.NaN;
  #lastValidAt: Seconds = Number.NEGATIVE_INFINITY;

  constructor(options: HysteresisOptions) {
    this.#options = options;
  }

  /** The place that holds now; `INVALID` before the first. */
  get current(): number {
    return this.#current;
  }

  /** @param place where the eyes are, or `INVALID`; `decided(place, at)` is called for each change, in order of time */
  sample(place: number, at: Seconds, decided: (place: number, at: Seconds) => void): void {
    this.silence(at, decided);
    if (place === INVALID) return;
    this.#lastValidAt = at;
    if (place !== this.#candidate) {
      this.#candidate = place;
      this.#candidateSince = at;
    }
    if (place === this.#current) {
      this.#outsideSince = Number.NaN;
      return;
    }
    if (Number.isNaN(this.#outsideSince)) this.#outsideSince = at;
    const settled = at - this.#candidateSince >= this.#options.enterSeconds - SLACK;
    const mayLeave =
      this.#current === INVALID ||
      this.#current === 0 ||
      at - this.#outsideSince >= this.#options.leaveSeconds - SLACK;
    if (!mayLeave) return;
    // Out of the old place for long enough, but in no other one yet: outside of all of them.
    if (settled || this.#current > 0) this.#decide(settled ? place : 0, at, decided);
  }

  /** Nothing valid came until `at`. */
  silence(at: Seconds, decided: (place: number, at: Seconds) => void): void {
    const overAt = this.#lastValidAt + this.#options.invalidSeconds;
    if (!(at > overAt + SLACK)) return;
    this.#candidate = INVALID;
    this.#outsideSince = Number.NaN;
    if (this.#current !== INVALID) this.#decide(INVALID, overAt, decided);
  }

  #decide(place: number, at: Seconds, decided: (place: number, at: Seconds) => void): void {
    if (place === this.#current) return;
    this.#current = place;
    this.#outsideSince = Number.NaN;
    decided(place, at);
  }
}
