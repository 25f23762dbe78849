import type { Device, DeviceContext, DeviceEvent, DeviceType, Lifecycle } from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import { Subject, type Subscription } from "rxjs";
import { SessionError } from "../errors.ts";
import type { SessionFile } from "../session-file/schema.ts";
import { eventOnSessionClock, onSessionClock } from "./session-time.ts";

/** One device of the session and where it stands. */
export interface SessionDevice {
  readonly id: string;
  readonly title: string;
  readonly optional: boolean;
  readonly device: Device;
  lifecycle: Lifecycle;
  streams: readonly Stream[];
  /** Why it could not be connected; undefined when it could. */
  failure?: string;
}

const CLOSE_MILLISECONDS = 5000;

/**
 * The devices that a session file names, and everything that they deliver, on the session clock. Knows nothing of what becomes of
 * the data.
 */
export class DeviceSet {
  readonly devices: readonly SessionDevice[];
  readonly #outputs = new Subject<DeviceOutput>();
  readonly #events = new Subject<{ readonly device: string; readonly event: DeviceEvent }>();
  readonly #streams = new Subject<readonly Stream[]>();
  readonly #subscriptions: Subscription[] = [];

  /** @throws SessionError (misuse) for a kind of device that does not exist, or settings that it does not take */
  constructor(
    settings: SessionFile["devices"],
    registry: readonly DeviceType[],
    context: DeviceContext,
    origin: Seconds,
  ) {
    this.devices = Object.entries(settings).map(([id, { kind, optional, ...rest }]) =>
      createDevice(id, kind, optional, rest, registry, context),
    );
    for (const each of this.devices) this.#listen(each, origin);
  }

  get outputs(): Subject<DeviceOutput> {
    return this.#outputs;
  }

  get events(): Subject<{ readonly device: string; readonly event: DeviceEvent }> {
    return this.#events;
  }

  /** The streams of a device, whenever they become known or change. */
  get streamChanges(): Subject<readonly Stream[]> {
    return this.#streams;
  }

  /** Every stream that is known now. */
  get streams(): readonly Stream[] {
    return this.devices.flatMap(({ streams }) => streams);
  }

  /** Connects all at once; a device that fails says why in `failure` and leaves the others alone. */
  async connect(signal?: AbortSignal): Promise<void> {
    await Promise.all(
      this.devices.map(async (each) => {
        delete each.failure;
        try {
          await each.device.connect(signal);
          await each.device.start();
        } catch (error) {
          each.failure = error instanceof Error ? error.message : String(error);
        }
      }),
    );
  }

  async close(): Promise<void> {
    const closing = Promise.allSettled(this.devices.map(({ device }) => device.close()));
    // A device that does not let go must not keep the recording from being finished.
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_MILLISECONDS).unref())]);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#outputs.complete();
    this.#events.complete();
    this.#streams.complete();
  }

  #listen(each: SessionDevice, origin: Seconds): void {
    const { device } = each;
    this.#subscriptions.push(
      device.lifecycle.subscribe((lifecycle) => {
        each.lifecycle = lifecycle;
      }),
      device.streams.subscribe((streams) => {
        each.streams = streams;
        this.#streams.next(streams);
      }),
      device.output.subscribe((output) => this.#outputs.next(onSessionClock(output, origin))),
      device.events.subscribe((event) =>
        this.#events.next({ device: each.id, event: eventOnSessionClock(event, origin) }),
      ),
    );
  }
}

function createDevice(
  id: string,
  kind: string,
  optional: boolean,
  settings: Readonly<Record<string, unknown>>,
  registry: readonly DeviceType[],
  context: DeviceContext,
): SessionDevice {
  const found = registry.find(({ name }) => name === kind);
  if (found === undefined)
    throw new SessionError(
      `devices.${id}: there is no kind of device called "${kind}"; there are ${registry.map(({ name }) => name).join(", ")}.`,
      { misuse: true },
    );
  const parsed = found.settings.safeParse(settings);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.length > 0 ? `.${issue!.path.join(".")}` : "";
    throw new SessionError(`devices.${id}${where} is not right for ${kind}: ${issue!.message}.`, {
      misuse: true,
    });
  }
  const device = found.create(id, parsed.data, context);
  return { id, title: found.title, optional, device, lifecycle: "idle", streams: [] };
}
