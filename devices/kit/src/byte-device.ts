import type { DeviceOutput, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import type { ByteProtocol } from "./byte-protocol.ts";
import { Connection } from "./connection.ts";
import { DataPath } from "./data-path.ts";
import type { Device, DeviceEvent, DeviceStatistics } from "./device.ts";
import { DeviceOutlets } from "./device-outlets.ts";
import type { DeviceContext } from "./device-type.ts";
import { DeviceError } from "./errors.ts";
import { switchImpedance } from "./impedance-switch.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { LifecycleMachine } from "./lifecycle-machine.ts";
import { reconnect } from "./reconnect.ts";
import type { Transport } from "./transport.ts";

export interface ByteDeviceOptions {
  readonly id: string;
  readonly transport: Transport;
  readonly protocol: ByteProtocol;
  readonly context: DeviceContext;
  /** Length of a chunk, default 0.02. */
  readonly chunkSeconds?: number;
}

/**
 * A device behind a byte stream: lifecycle, handshake, watchdog, reconnect, clock and chunks around a protocol and its codec.
 *
 * `connect`, `start`, `stop` and `close` are idempotent and run one after the other; `close` cuts short what is under
 * way. A port that goes away, or 3 s of `stalled`, lead to `reconnecting`: 0.25 s, doubling up to 5 s, each +-20 %,
 * without a limit, with the full handshake; sample numbers go on and jump over what was missed. A first `connect` or
 * `start` that fails rejects and leaves the device `idle`, or `failed` where trying again cannot help. `start` connects
 * when that was not done, and while reconnecting takes effect as soon as the connection is back.
 */
export function createByteDevice(options: ByteDeviceOptions): Device {
  return new ByteDevice(options);
}

class ByteDevice implements Device {
  readonly id: string;
  readonly lifecycle: Observable<Lifecycle>;
  readonly streams: Observable<readonly Stream[]>;
  readonly output: Observable<DeviceOutput>;
  readonly events: Observable<DeviceEvent>;
  readonly impedance?: (on: boolean) => Promise<void>;
  readonly #context: DeviceContext;
  readonly #connection: Connection;
  readonly #protocol: ByteProtocol;
  readonly #machine: LifecycleMachine;
  readonly #outlets: DeviceOutlets;
  readonly #data: DataPath;
  /** Aborted by `close`: whatever is under way ends. */
  readonly #closing = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  /** An operation is under way; it deals with a lost connection itself. */
  #isBusy = false;
  #reconnecting: { abort: AbortController; done: Promise<void> } | undefined;
  #wantsData = false;
  #nReconnects = 0;

  constructor(options: ByteDeviceOptions) {
    this.id = options.id;
    this.#context = options.context;
    this.#protocol = options.protocol;
    this.#outlets = new DeviceOutlets(this.#context);
    const { machine, streams, output, events } = this.#outlets;
    this.#machine = machine;
    this.lifecycle = machine.states;
    this.streams = streams.observable;
    this.output = output.observable;
    this.events = events.observable;
    this.#data = new DataPath({
      id: options.id,
      context: this.#context,
      ...(options.chunkSeconds !== undefined && { chunkSeconds: options.chunkSeconds }),
      emit: (value) => output.next(value),
      report: (event) => events.next(event),
      onQuiet: (seconds) => machine.to("stalled", `no samples for ${seconds} s`),
      onData: () => machine.to("streaming", "samples come again"),
      onLost: (seconds) => this.#lost(`no samples for ${seconds} s`),
    });
    this.#connection = new Connection({
      transport: options.transport,
      context: this.#context,
      onData: (received) => this.#data.decode(received),
      onGone: (reason) => {
        if (!this.#isBusy && machine.is("ready", "streaming", "stalled")) this.#lost(reason);
      },
    });
    if (this.#protocol.impedance)
      this.impedance = (on) => this.#oneAfterAnother(() => this.#switchImpedance(on));
  }

  connect(signal?: AbortSignal): Promise<void> {
    return this.#oneAfterAnother(() => this.#connect(signal));
  }

  start(): Promise<void> {
    return this.#oneAfterAnother(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#oneAfterAnother(() => this.#stop());
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#connection.link.fail(new DeviceError(`${this.id} was closed.`));
    const closed = this.#queue.then(() => this.#close());
    this.#queue = closed.catch(() => undefined);
    return closed;
  }

  statistics(): DeviceStatistics {
    return { ...this.#data.statistics(), nReconnects: this.#nReconnects };
  }

  #oneAfterAnother(work: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(async () => {
      if (this.#closing.signal.aborted)
        throw new DeviceError(`${this.id} is closed; make a new device to use it again.`, {
          retryable: false,
        });
      this.#isBusy = true;
      try {
        await work();
      } finally {
        this.#isBusy = false;
      }
      // The port went away between the last step of the work and now.
      if (!this.#connection.isOpen && this.#machine.is("ready", "streaming", "stalled"))
        this.#lost("the connection was lost");
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    if (this.#machine.is("ready", "streaming", "stalled", "reconnecting")) return;
    const both = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    this.#machine.to("connecting", `opening ${this.#connection.name}`);
    try {
      await this.#connection.open(both);
      this.#machine.to("configuring", "the handshake begins");
      await this.#configure(both);
      this.#machine.to("ready", "the handshake is done");
    } catch (error) {
      await this.#giveUp(error);
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#wantsData = true;
    if (this.#machine.is("streaming", "stalled", "reconnecting")) return;
    if (!this.#machine.is("ready")) await this.#connect();
    try {
      await this.#beginStreaming();
      this.#machine.to("streaming", "started");
    } catch (error) {
      await this.#giveUp(error);
      throw error;
    }
  }

  async #stop(): Promise<void> {
    this.#wantsData = false;
    await this.#stopReconnecting();
    if (this.#machine.is("reconnecting")) this.#machine.to("idle", "stopped while the connection was lost");
    if (!this.#machine.is("streaming", "stalled")) return;
    this.#machine.to("stopping", "stop was asked for");
    this.#pauseStreaming(true);
    try {
      await this.#protocol.stop(this.#connection.link);
      this.#connection.link.clear();
      this.#machine.to("ready", "stopped");
    } catch (error) {
      // The data have ended, which is what was asked for; the connection is not worth keeping.
      this.#outlets.warn(`${this.id} did not take the stop command: ${messageOf(error)}`);
      await this.#connection.close();
      this.#machine.to("idle", "the connection was lost while stopping");
    }
  }

  async #close(): Promise<void> {
    if (this.#machine.is("closed")) return;
    await this.#stopReconnecting();
    const wasStreaming = this.#machine.is("streaming", "stalled");
    this.#pauseStreaming(true);
    if (wasStreaming && this.#connection.isOpen) {
      this.#machine.to("stopping", "close was asked for");
      this.#connection.renewLink();
      // A board that cannot be told to stop is left to stream into a closed port.
      await this.#protocol.stop(this.#connection.link).catch(() => undefined);
    }
    await this.#connection.end();
    this.#outlets.complete("close was asked for");
  }

  async #configure(signal: AbortSignal): Promise<void> {
    const warn = ({ message }: { message: string }): void => this.#outlets.warn(message);
    const layout = await this.#connection.handshake((link) => this.#protocol.configure(link, warn), signal);
    if (!this.#data.adopt(layout, { mustMatch: this.#machine.is("reconnecting") })) return;
    this.#outlets.streams.next(this.#data.stream ? [this.#data.stream] : []);
    if (this.#data.infersLosses)
      this.#outlets.warn(
        `${this.id} does not number its samples: losses are inferred from arrival times, and those shorter than 40 ms may go unseen.`,
      );
  }

  async #beginStreaming(): Promise<void> {
    const link = this.#connection.link;
    link.clear();
    this.#data.reset();
    await this.#protocol.start(link);
    this.#connection.bytesTo = "codec";
    this.#data.watch();
    for (const received of link.takeRest()) this.#data.decode(received);
  }

  /** The data end here, for a while or for good. */
  #pauseStreaming(paused: boolean): void {
    if (this.#connection.bytesTo !== "link") this.#data.interrupt({ paused });
    this.#connection.bytesTo = "link";
    this.#connection.link.clear();
  }

  async #switchImpedance(on: boolean): Promise<void> {
    const impedance = this.#protocol.impedance!;
    if (!this.#machine.is("streaming", "stalled"))
      throw new DeviceError(`${this.id} measures impedance while data flow; start it first.`);
    await switchImpedance(on, impedance, this.#connection, this.#data);
  }

  #lost(reason: string): void {
    this.#machine.to("reconnecting", reason);
    this.#pauseStreaming(false);
    const abort = new AbortController();
    const done = this.#reconnect(AbortSignal.any([abort.signal, this.#closing.signal]));
    this.#reconnecting = { abort, done };
  }

  async #reconnect(signal: AbortSignal): Promise<void> {
    await this.#connection.close();
    const outcome = await reconnect(
      this.#context,
      () => this.#connectAgain(signal),
      (error, fatal) => this.#outlets.error(error, fatal),
      signal,
    );
    if (outcome === "failed") this.#machine.to("failed", "the device is not the one it was");
    if (outcome !== "connected") return;
    this.#nReconnects++;
    const isStreaming = this.#connection.bytesTo === "codec";
    this.#machine.to(isStreaming ? "streaming" : "ready", "connected again");
    // Start was asked for in the very last moment.
    if (!isStreaming && this.#wantsData) this.start().catch((error) => this.#outlets.error(error, false));
  }

  async #connectAgain(signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.open(signal);
      await this.#configure(signal);
      if (this.#wantsData) await this.#beginStreaming();
      if (!this.#connection.isOpen) throw new DeviceError(`${this.#connection.name} went away again.`);
    } catch (error) {
      this.#pauseStreaming(false);
      await this.#connection.close();
      throw error;
    }
  }

  async #stopReconnecting(): Promise<void> {
    const running = this.#reconnecting;
    this.#reconnecting = undefined;
    if (!running) return;
    running.abort.abort();
    await running.done;
  }

  async #giveUp(error: unknown): Promise<void> {
    this.#wantsData = false;
    this.#pauseStreaming(true);
    await this.#connection.close();
    const fatal = error instanceof DeviceError && !error.retryable;
    this.#machine.to(fatal ? "failed" : "idle", messageOf(error));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
