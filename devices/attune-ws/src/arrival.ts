import { type DeviceContext, DeviceError } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";

/** Waits for something that happens, is given up, or does not happen in time; whichever comes first, once. */
export class Arrival {
  readonly promise: Promise<void>;
  #settle: (error?: DeviceError) => void = () => undefined;

  constructor(o: {
    context: DeviceContext;
    timeout: Seconds;
    /** The sentence when it does not happen. */
    tooLate: string;
    signal: AbortSignal | undefined;
  }) {
    this.promise = new Promise((resolve, reject) => {
      const abort = () => this.fail(new DeviceError("Connecting was cancelled."));
      const timer = o.context.setTimer(() => this.fail(new DeviceError(o.tooLate)), o.timeout);
      o.signal?.addEventListener("abort", abort);
      this.#settle = (error) => {
        timer.cancel();
        o.signal?.removeEventListener("abort", abort);
        if (error) reject(error);
        else resolve();
      };
      if (o.signal?.aborted) abort();
    });
  }

  happen(): void {
    this.#settle();
  }

  fail(error: DeviceError): void {
    this.#settle(error);
  }
}
