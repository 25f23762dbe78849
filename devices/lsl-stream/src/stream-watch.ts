import { DataWatchdog, type DeviceContext, type LifecycleMachine } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { OffsetWatch, type WatchedFlow } from "./offset-watch.ts";

/** Eleven days; more would not fit the timers of Node. */
const FOREVER_SECONDS = 1e6;

interface RegularFlow extends WatchedFlow {
  readonly stream: { readonly name: string; readonly nominalSamplingRate: number };
}

/**
 * What is due from a connected stream: samples, where it has a rate, and clock offsets. Without samples the device is `stalled`,
 * however long: its inlet does the looking around.
 */
export class StreamWatch {
  readonly #samples: DataWatchdog;
  readonly #offsets: OffsetWatch;

  constructor(
    context: DeviceContext,
    machine: LifecycleMachine,
    stalledAfterSeconds: Seconds,
    warn: (message: string) => void,
  ) {
    this.#offsets = new OffsetWatch(context, warn);
    this.#samples = new DataWatchdog(
      context,
      { limitSeconds: stalledAfterSeconds, lostSeconds: FOREVER_SECONDS },
      {
        onQuiet: () => {
          if (machine.is("streaming")) machine.to("stalled", `no samples for ${stalledAfterSeconds} s`);
        },
        onData: () => {
          if (machine.is("stalled")) machine.to("streaming", "samples come again");
        },
        onLost: () => undefined,
      },
    );
  }

  start(flow: RegularFlow, hostname: string): void {
    if (flow.stream.nominalSamplingRate > 0) this.#samples.start();
    else this.#samples.stop();
    this.#offsets.start(flow, hostname);
  }

  /** Samples came. */
  feed(): void {
    this.#samples.feed();
  }

  stop(): void {
    this.#samples.stop();
    this.#offsets.stop();
  }
}
