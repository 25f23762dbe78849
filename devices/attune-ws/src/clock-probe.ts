import type { DeviceContext, Timer } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";

/** One measurement of a client's clock: session time = client time + offset. */
export interface ClockMeasurement {
  /** Client clock. */
  readonly collectedAt: Seconds;
  readonly offset: Seconds;
  /** Time on the way, there and back; the offset is wrong by at most half of it. */
  readonly roundTrip: Seconds;
}

/**
 * Pings of a wave; the one with the shortest round trip tells the offset, as in NTP and Lab Streaming Layer.
 */
const N_PINGS = 8;
const SPACING: Seconds = 0.02;
const WAVE_TIMEOUT: Seconds = 2;

/**
 * Measures a peer's clock in waves of pings. With `t0` and `t3` on our clock and `t1`, `t2` on the peer's,
 * the round trip is `(t3 - t0) - (t2 - t1)` and the offset `((t0 + t3) - (t1 + t2)) / 2`.
 *
 * @see Mills, "Internet time synchronization: the Network Time Protocol", IEEE Trans. Commun. 1991
 */
export class ClockProbe {
  readonly #context: DeviceContext;
  readonly #send: (t0: Seconds) => void;
  readonly #done: (measurement: ClockMeasurement | undefined) => void;
  #asked: Seconds = Number.NaN;
  #nAnswered = 0;
  #best: ClockMeasurement | undefined;
  #running = false;
  #next: Timer | undefined;
  #timeout: Timer | undefined;

  /**
   * @param o.done called once per wave: the best measurement, or undefined when nothing was answered within 2
   *    s
   */
  constructor(o: {
    context: DeviceContext;
    send: (t0: Seconds) => void;
    done: (measurement: ClockMeasurement | undefined) => void;
  }) {
    this.#context = o.context;
    this.#send = o.send;
    this.#done = o.done;
  }

  /** Begins a wave; nothing when one is running. */
  wave(): void {
    if (this.#running) return;
    this.#running = true;
    this.#nAnswered = 0;
    this.#best = undefined;
    this.#timeout = this.#context.setTimer(() => this.#finish(), WAVE_TIMEOUT);
    this.#ask();
  }

  /** Takes an answer that arrived at `t3` on our clock. Answers to nothing that was asked are ignored. */
  answer({ t0, t1, t2 }: { t0: Seconds; t1: Seconds; t2: Seconds }, t3: Seconds): void {
    if (!this.#running || t0 !== this.#asked) return;
    this.#asked = Number.NaN;
    const roundTrip = t3 - t0 - (t2 - t1);
    if (t2 >= t1 && roundTrip >= 0 && roundTrip < (this.#best?.roundTrip ?? Infinity))
      this.#best = { collectedAt: (t1 + t2) / 2, offset: (t0 + t3 - (t1 + t2)) / 2, roundTrip };
    if (++this.#nAnswered >= N_PINGS) this.#finish();
    else this.#next = this.#context.setTimer(() => this.#ask(), SPACING);
  }

  cancel(): void {
    this.#running = false;
    this.#next?.cancel();
    this.#timeout?.cancel();
  }

  #ask(): void {
    this.#asked = this.#context.now();
    this.#send(this.#asked);
  }

  #finish(): void {
    this.cancel();
    this.#done(this.#best);
  }
}
