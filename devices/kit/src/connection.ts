import type { Subscription } from "rxjs";
import type { DeviceContext } from "./device-type.ts";
import { DeviceError } from "./errors.ts";
import { TransportLink } from "./link.ts";
import type { Closure, Received, Transport } from "./transport.ts";

export interface ConnectionOptions {
  readonly transport: Transport;
  readonly context: DeviceContext;
  /** Bytes of a streaming board. */
  readonly onData: (received: Received) => void;
  /** The other end went away. */
  readonly onGone: (reason: string) => void;
}

/** A transport as a device uses it, across its reopenings: the link under way, and who gets the bytes. */
export class Connection {
  /** A handshake, the codec, or both while commands are sent to a streaming board. */
  bytesTo: "link" | "codec" | "both" = "link";
  readonly #options: ConnectionOptions;
  readonly #subscriptions: Subscription[];
  #link: TransportLink;
  #isOpen = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { transport, context } = options;
    this.#link = new TransportLink(transport, context);
    this.#subscriptions = [
      transport.received.subscribe((received) => {
        if (this.bytesTo !== "codec") this.#link.receive(received);
        if (this.bytesTo !== "link") options.onData(received);
      }),
      transport.closed.subscribe((closure) => this.#closed(closure)),
    ];
  }

  get name(): string {
    return this.#options.transport.name;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get link(): TransportLink {
    return this.#link;
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#options.transport.open(signal);
    this.#isOpen = true;
    this.bytesTo = "link";
    this.renewLink();
  }

  /** A link that has not failed, for last words after one that was cut short. */
  renewLink(): void {
    this.#link = new TransportLink(this.#options.transport, this.#options.context);
  }

  /** Run a handshake; it rejects as soon as `signal` aborts. */
  async handshake<T>(work: (link: TransportLink) => Promise<T>, signal: AbortSignal): Promise<T> {
    const link = this.#link;
    const onAbort = (): void => link.fail(new DeviceError(`Connecting to ${this.name} was given up.`));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    try {
      return await work(link);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  close(): Promise<void> {
    return this.#options.transport.close();
  }

  /** Close for good. */
  async end(): Promise<void> {
    await this.close();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #closed({ unplugged, error }: Closure): void {
    this.#isOpen = false;
    if (!unplugged) return;
    const reason = `${this.name} went away`;
    this.#link.fail(new DeviceError(`${reason}; plug the device in again.`, { cause: error }));
    this.#options.onGone(reason);
  }
}
