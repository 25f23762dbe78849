import type { Seconds } from "@attune/signal";
import type { DeviceContext, Timer } from "./device-type.ts";

/** A timer that fires this late says that the host slept; the bytes that wait meanwhile are read before it judges. */
const HOST_SLEPT_SECONDS = 0.1;

/**
 * Notices that a connection is open and no data come: a dead device behind a live port makes no event at all. Quiet for
 * `limitSeconds`: `onQuiet` once; for `lostSeconds` more: `onLost` once. Data after `onQuiet`: `onData`.
 */
export class DataWatchdog {
  readonly #context: DeviceContext;
  readonly #limit: Seconds;
  readonly #lost: Seconds;
  readonly #handlers: { onQuiet: () => void; onData: () => void; onLost: () => void };
  #timer: Timer | undefined;
  #lastAt: Seconds = 0;
  #quiet = false;

  constructor(
    context: DeviceContext,
    { limitSeconds, lostSeconds }: { limitSeconds: Seconds; lostSeconds: Seconds },
    handlers: { onQuiet: () => void; onData: () => void; onLost: () => void },
  ) {
    this.#context = context;
    this.#limit = limitSeconds;
    this.#lost = lostSeconds;
    this.#handlers = handlers;
  }

  start(): void {
    this.stop();
    this.#lastAt = this.#context.now();
    this.#arm(this.#limit);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#quiet = false;
  }

  /** Data came. */
  feed(): void {
    if (!this.#timer) return;
    this.#lastAt = this.#context.now();
    if (!this.#quiet) return;
    this.#quiet = false;
    this.#arm(this.#limit);
    this.#handlers.onData();
  }

  #arm(seconds: Seconds): void {
    this.#timer?.cancel();
    const dueAt = this.#context.now() + seconds;
    this.#timer = this.#context.setTimer(() => this.#check(dueAt), seconds);
  }

  #check(dueAt: Seconds): void {
    const now = this.#context.now();
    const left = this.#lastAt + this.#limit + (this.#quiet ? this.#lost : 0) - now;
    if (now - dueAt > HOST_SLEPT_SECONDS) this.#arm(HOST_SLEPT_SECONDS);
    else if (left > 1e-6) this.#arm(left);
    else if (this.#quiet) {
      this.stop();
      this.#handlers.onLost();
    } else {
      this.#quiet = true;
      this.#arm(this.#lost);
      this.#handlers.onQuiet();
    }
  }
}
