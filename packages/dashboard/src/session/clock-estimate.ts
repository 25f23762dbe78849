/** One question to the server about its clock. */
interface Reading {
  readonly receivedAt: number;
  readonly roundTrip: number;
  readonly offset: number;
}

/** Two crystals drift apart by some 50 ppm: within a minute by 3 ms. */
const KEEP_SECONDS = 60;

/**
 * The session clock as seen from this page, by the answer that travelled least in the last minute (Cristian 1989): half of its
 * round trip bounds the error.
 */
export class ClockEstimate {
  #readings: Reading[] = [];
  #best: Reading | undefined;

  /** @param sentAt, receivedAt seconds on the page's clock @param at seconds on the session clock */
  add(sentAt: number, at: number, receivedAt: number): void {
    const roundTrip = receivedAt - sentAt;
    if (!(roundTrip >= 0)) return;
    this.#readings = this.#readings.filter((each) => each.receivedAt > receivedAt - KEEP_SECONDS);
    this.#readings.push({ receivedAt, roundTrip, offset: at - (sentAt + receivedAt) / 2 });
    this.#best = this.#readings.reduce((best, each) => (each.roundTrip <= best.roundTrip ? each : best));
  }

  /** Another server may run on another clock. */
  forget(): void {
    this.#readings = [];
    this.#best = undefined;
  }

  /** What is added to the page's clock; undefined before the first answer. */
  get offset(): number | undefined {
    return this.#best?.offset;
  }

  /** Largest error that the estimate can have, seconds. */
  get uncertainty(): number | undefined {
    return this.#best === undefined ? undefined : this.#best.roundTrip / 2;
  }
}
