import type { ClockOffset, Seconds } from "@attune/signal";

/** The analysis slews smaller changes in; at this one it starts the clock anew (`CausalClock`). */
const JUMP_SECONDS = 0.05;
/** So long after a device has come back its new clock may first be heard of. */
const AFTER_RETURN_SECONDS = 10;

/** A stream's clock that is another one than before. */
export interface ClockChange {
  /** `restart`: its device was away meanwhile. `jump`: it was not. */
  readonly kind: "jump" | "restart";
  readonly seconds: Seconds;
}

/** Notices when a stream's clock changes against the session clock. */
export class ClockWatch {
  readonly #last = new Map<string, ClockOffset>();
  /** Device -> until when a change is its restart. */
  readonly #away = new Map<string, Seconds>();

  /** A device is away: its clock may be another one afterwards. */
  left(device: string): void {
    this.#away.set(device, Number.POSITIVE_INFINITY);
  }

  returned(device: string, now: Seconds): void {
    if (this.#away.has(device)) this.#away.set(device, now + AFTER_RETURN_SECONDS);
  }

  /** @returns what became of the clock since the last offset, or undefined when it goes on */
  take(offset: ClockOffset, device: string | undefined, now: Seconds): ClockChange | undefined {
    const last = this.#last.get(offset.streamId);
    this.#last.set(offset.streamId, offset);
    if (last === undefined) return undefined;
    const seconds = offset.offset - last.offset;
    if (Math.abs(seconds) <= JUMP_SECONDS) return undefined;
    const isRestart = now <= (this.#away.get(device ?? "") ?? Number.NEGATIVE_INFINITY);
    return { kind: isRestart ? "restart" : "jump", seconds };
  }
}
