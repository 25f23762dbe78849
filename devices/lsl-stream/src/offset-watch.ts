import type { DeviceContext, Timer } from "@attune/device-kit";

/** Without a clock offset for so long a person should know. A wave of time probes comes every 2 s. */
const PATIENCE_SECONDS = 10;

/** What of a stream is watched. */
export interface WatchedFlow {
  readonly nOffsets: number;
  readonly stream: { readonly name: string };
}

/** Says once when a stream that is connected gives no clock offsets. */
export class OffsetWatch {
  readonly #context: DeviceContext;
  readonly #warn: (message: string) => void;
  #timer: Timer | undefined;

  constructor(context: DeviceContext, warn: (message: string) => void) {
    this.#context = context;
    this.#warn = warn;
  }

  start(flow: WatchedFlow, hostname: string): void {
    this.stop();
    const before = flow.nOffsets;
    this.#timer = this.#context.setTimer(() => {
      if (flow.nOffsets > before) return this.start(flow, hostname);
      this.#warn(
        `No clock offset of "${flow.stream.name}" within ${PATIENCE_SECONDS} s: its samples cannot be placed in the session; check that UDP ports 16572 to 16603 pass between here and ${hostname || "the sender"}.`,
      );
    }, PATIENCE_SECONDS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
