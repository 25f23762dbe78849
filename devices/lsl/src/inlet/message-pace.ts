import { localClock } from "../local-clock.ts";

/** Messages that may follow each other at once: a chunk that arrives in a few pieces is handed over without delay. */
const burst = 4;
/** Seconds in which one more may be sent. */
const periodSeconds = 1 / 2000;
/** What was held back leaves when nothing has come for so long. */
const idleSeconds = 50e-6;

/**
 * How often samples may wake the reader's thread. A sender that floods in small segments would wake it for each of them, and
 * the wakings cost more than the samples; what comes faster than the pace is gathered into the next message.
 *
 * While something is held back the event loop keeps turning: the end of the flood is seen in microseconds, which no timer
 * can, and the socket's next segment finds a thread that is awake.
 */
export class MessagePace {
  readonly #flush: () => void;
  readonly #clock: () => number;
  readonly #nextTurn: (turn: () => void) => void;
  #credit = burst;
  #at = Number.NEGATIVE_INFINITY;
  #holdsBack = false;
  #turns = false;

  /**
   * @param flush    sends what was held back
   * @param clock    monotonic, seconds
   * @param nextTurn calls back after the event loop has looked at its sockets once more
   */
  constructor(
    flush: () => void,
    clock: () => number = localClock,
    nextTurn: (turn: () => void) => void = setImmediate,
  ) {
    this.#flush = flush;
    this.#clock = clock;
    this.#nextTurn = nextTurn;
  }

  /**
   * Samples arrived at `now`: whether they, and what was held back before, may be sent at once. If not they are to be kept
   * until this says yes or `flush` is called.
   */
  arrived(now: number): boolean {
    this.#credit = Math.min(burst, this.#credit + (now - this.#at) / periodSeconds);
    this.#at = now;
    this.#holdsBack = this.#credit < 1;
    if (!this.#holdsBack) this.#credit--;
    else if (!this.#turns) {
      this.#turns = true;
      this.#nextTurn(this.#turn);
    }
    return !this.#holdsBack;
  }

  /** Everything was sent: there is nothing to flush. */
  sentAll(): void {
    this.#holdsBack = false;
  }

  readonly #turn = (): void => {
    if (this.#holdsBack && this.#clock() - this.#at < idleSeconds) {
      this.#nextTurn(this.#turn);
      return;
    }
    this.#turns = false;
    if (!this.#holdsBack) return;
    this.#holdsBack = false;
    this.#flush();
  };
}
