import type { DeviceOutput, Stream } from "@attune/signal";
import { Broadcast } from "./broadcast.ts";
import type { DeviceEvent } from "./device.ts";
import type { DeviceContext } from "./device-type.ts";
import { LifecycleMachine } from "./lifecycle-machine.ts";

/** The four observables of a device and what feeds them. For adapters that bring their own connection. */
export class DeviceOutlets {
  readonly streams: Broadcast<readonly Stream[]>;
  readonly output: Broadcast<DeviceOutput>;
  readonly events: Broadcast<DeviceEvent>;
  readonly machine: LifecycleMachine;
  readonly #context: DeviceContext;

  constructor(context: DeviceContext) {
    this.#context = context;
    const onThrow = (error: unknown): void => this.error(error, false);
    // An `events` subscriber that throws cannot be told about it through `events`.
    this.events = new Broadcast<DeviceEvent>(() => undefined);
    this.output = new Broadcast<DeviceOutput>(onThrow);
    this.streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    this.machine = new LifecycleMachine(context, (event) => this.events.next(event), onThrow);
  }

  /** Something that a person should read once: one sentence. */
  warn(message: string): void {
    this.events.next({ kind: "warning", message, at: this.#context.now() });
  }

  error(error: unknown, fatal: boolean): void {
    const reported = error instanceof Error ? error : new Error(String(error));
    this.events.next({ kind: "error", error: reported, fatal, at: this.#context.now() });
  }

  /** The device is closed: `lifecycle` says so, and all four complete. */
  complete(reason: string): void {
    this.machine.to("closed", reason);
    for (const broadcast of [this.streams, this.output, this.events]) broadcast.complete();
  }
}
