import { type DeviceContext, pauseFor } from "@attune/device-kit";
import type { CortexMessage } from "./cortex-message.ts";

export type CortexWarning = Extract<CortexMessage, { kind: "warning" }>;

/** Lets a step of the handshake wait for a warning, from before it asks for what brings the warning about. */
export class WarningBoard {
  readonly #waiting = new Set<(warning: CortexWarning) => boolean>();

  post(warning: CortexWarning): void {
    for (const waiter of this.#waiting) if (waiter(warning)) this.#waiting.delete(waiter);
  }

  /** The first warning from now on that fits; undefined when none came in time. */
  next(fits: (warning: CortexWarning) => boolean): {
    within(seconds: number, context: DeviceContext, signal: AbortSignal): Promise<CortexWarning | undefined>;
  } {
    let found: CortexWarning | undefined;
    const done = new AbortController();
    this.#waiting.add((warning) => {
      if (!fits(warning)) return false;
      found = warning;
      done.abort();
      return true;
    });
    return {
      within: async (seconds, context, signal) => {
        await pauseFor(context, seconds, AbortSignal.any([signal, done.signal]));
        return found;
      },
    };
  }
}
