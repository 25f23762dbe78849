import type { Seconds } from "@attune/signal";

/**
 * Behaves like a board on its wire. Pure: it knows no port and no timer, only the time that it is told, seconds on the
 * host's monotonic clock.
 */
export interface BoardSimulator {
  /** Command bytes from the host. @returns the board's reply, empty where it sends none */
  receive(bytes: Uint8Array, now: Seconds): Uint8Array;
  /** @returns the frames that have become due since the last call, empty while it does not stream */
  produce(now: Seconds): Uint8Array;
}
