import type { ClockOffset, Seconds } from "@attune/signal";

/** The analysis slews smaller changes in; at this one it starts the clock anew (`CausalClock`). */
const JUMP_SECONDS = 0.05;

/** Notices when a stream's clock jumps against the session clock. */
export class ClockWatch {
  readonly #last = new Map<string, ClockOffset>();

  /** @returns by how much the clock jumped since the last offset, or undefined when it did not */
  take(offset: ClockOffset): Seconds | undefined {
    const last = this.#last.get(offset.streamId);
    this.#last.set(offset.streamId, offset);
    if (last === undefined) return undefined;
    const jump = offset.offset - last.offset;
    return Math.abs(jump) > JUMP_SECONDS ? jump : undefined;
  }
}
