import type { Observable } from "rxjs";
import { Broadcast } from "./broadcast.ts";
import type { DeviceEvent } from "./device.ts";
import type { DeviceContext } from "./device-type.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** From where to where a device may go. */
const TRANSITIONS: Readonly<Record<Lifecycle, readonly Lifecycle[]>> = {
  idle: ["connecting", "closed"],
  connecting: ["configuring", "idle", "failed", "closed"],
  configuring: ["ready", "idle", "failed", "closed"],
  ready: ["streaming", "reconnecting", "idle", "failed", "closed"],
  streaming: ["stalled", "stopping", "reconnecting", "closed"],
  stalled: ["streaming", "stopping", "reconnecting", "closed"],
  reconnecting: ["ready", "streaming", "idle", "failed", "closed"],
  stopping: ["ready", "idle", "failed", "closed"],
  failed: ["connecting", "closed"],
  closed: [],
};

/** Where a device stands: one state, the table of allowed changes, and the word to whoever listens. */
export class LifecycleMachine {
  readonly #states: Broadcast<Lifecycle>;
  readonly #context: DeviceContext;
  readonly #report: (event: DeviceEvent) => void;
  #state: Lifecycle = "idle";

  constructor(
    context: DeviceContext,
    report: (event: DeviceEvent) => void,
    onThrow: (error: unknown) => void,
  ) {
    this.#context = context;
    this.#report = report;
    this.#states = new Broadcast<Lifecycle>(onThrow, { value: "idle" });
  }

  get state(): Lifecycle {
    return this.#state;
  }

  /** The current state on subscription, then every change; completes after `closed`. */
  get states(): Observable<Lifecycle> {
    return this.#states.observable;
  }

  is(...states: readonly Lifecycle[]): boolean {
    return states.includes(this.#state);
  }

  /** @throws Error on a change that the table does not hold: a mistake in a device */
  to(next: Lifecycle, reason: string): void {
    const from = this.#state;
    if (from === next) return;
    if (!TRANSITIONS[from].includes(next))
      throw new Error(`A device cannot go from ${from} to ${next} (${reason})`);
    this.#state = next;
    this.#states.next(next);
    this.#report({ kind: "lifecycle", from, to: next, reason, at: this.#context.now() });
    if (next === "closed") this.#states.complete();
  }
}
