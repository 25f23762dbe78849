import {
  Broadcast,
  DataWatchdog,
  type Device,
  type DeviceContext,
  DeviceError,
  type DeviceEvent,
  type DeviceStatistics,
  LifecycleMachine,
} from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { Hello } from "@attune/wire";
import { Arrival } from "./arrival.ts";
import { ClientStreams } from "./client-streams.ts";
import type { ClockMeasurement } from "./clock-probe.ts";
import { CONVERTERS } from "./converters/index.ts";
import type { Complaint, IngestClient, IngestSocket } from "./ingest-client.ts";
import { IngestServer } from "./ingest-server.ts";
import type { AttuneWsSettings } from "./settings.ts";

/** Quiet streams are reported and waited for: only the client can mend them. */
const FOREVER: Seconds = 1e6;

/**
 * A client of the WebSocket ingest as a device of a session. It listens while it is connected; the client may
 * come, go and come back. All devices that name one port share its listening socket.
 */
export class AttuneWsDevice implements Device, IngestClient {
  readonly id: string;
  readonly client: string;
  readonly format: AttuneWsSettings["format"];
  readonly #settings: AttuneWsSettings;
  readonly #context: DeviceContext;
  readonly #output: Broadcast<DeviceOutput>;
  readonly #events: Broadcast<DeviceEvent>;
  readonly #streams: Broadcast<readonly Stream[]>;
  readonly #lifecycle: LifecycleMachine;
  readonly #delivered: ClientStreams;
  #server: { server: IngestServer; release(): Promise<void> } | undefined;
  #unregister: (() => void) | undefined;
  #socket: IngestSocket | undefined;
  #watchdog: DataWatchdog | undefined;
  #nConnections = 0;
  #nBadFrames = 0;
  #arrival: Arrival | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(id: string, settings: AttuneWsSettings, context: DeviceContext) {
    this.id = id;
    this.client = settings.client ?? id;
    this.format = settings.format;
    this.#settings = settings;
    this.#context = context;
    const onThrow = (cause: unknown) => {
      const error = new DeviceError(`A subscriber of device "${id}" threw: ${String(cause)}.`, { cause });
      this.#events.next({ kind: "error", error, fatal: false, at: context.now() });
    };
    this.#output = new Broadcast<DeviceOutput>(onThrow);
    this.#events = new Broadcast<DeviceEvent>(() => undefined);
    this.#streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    const report = (event: DeviceEvent) => this.#events.next(event);
    this.#lifecycle = new LifecycleMachine(context, report, onThrow);
    const { client } = this;
    const emit = (output: DeviceOutput) => this.#output.next(output);
    this.#delivered = new ClientStreams({ id, client, expected: settings.streams, emit, report });
  }

  get lifecycle() {
    return this.#lifecycle.states;
  }
  get streams() {
    return this.#streams.observable;
  }
  get output() {
    return this.#output.observable;
  }
  get events() {
    return this.#events.observable;
  }
  get sessionId(): string {
    return this.id;
  }

  /** Where the client must connect, `ws://127.0.0.1:7650`; undefined while not listening. */
  get url(): string | undefined {
    const url = this.#server?.server.url;
    return url && this.format !== "attune" ? `${url}/${encodeURIComponent(this.client)}` : url;
  }

  connect(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#lifecycle.is("idle", "failed")) return;
      this.#lifecycle.to("connecting", `opening ${this.#settings.host}:${this.#settings.port}`);
      try {
        this.#server = await IngestServer.acquire(this.#settings, this.#context);
        this.#unregister = this.#server.server.register(this);
        const timeout = this.#settings.connectTimeoutSeconds;
        const tooLate = `No client "${this.client}" came to ${this.url} within ${timeout} s; start it, or check the address and the name that it uses.`;
        this.#arrival = new Arrival({ context: this.#context, timeout, tooLate, signal });
        this.#warn(`Waiting for "${this.client}" at ${this.url}.`);
        await this.#arrival.promise;
        this.#lifecycle.to("ready", `"${this.client}" is here`);
      } catch (error) {
        this.#arrival = undefined;
        await this.#shut("not connected");
        const final = error instanceof DeviceError && !error.retryable;
        this.#lifecycle.to(final ? "failed" : "idle", error instanceof Error ? error.message : String(error));
        throw error;
      }
    });
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#delivered.flowing) return;
      if (!this.#lifecycle.is("ready", "reconnecting"))
        throw new DeviceError(
          `Device "${this.id}" is ${this.#lifecycle.state}; connect it before it starts.`,
        );
      this.#delivered.flowing = true;
      if (this.#lifecycle.is("ready")) this.#flow("started");
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#delivered.flowing) return;
      this.#delivered.flowing = false;
      this.#watchdog?.stop();
      this.#delivered.pause();
      if (this.#lifecycle.is("reconnecting")) return;
      this.#lifecycle.to("stopping", "asked to stop");
      this.#lifecycle.to("ready", "stopped");
    });
  }

  close(): Promise<void> {
    this.#arrival?.fail(new DeviceError(`Device "${this.id}" was closed while it was connecting.`));
    return this.#inTurn(async () => {
      if (this.#lifecycle.is("closed")) return;
      this.#delivered.flush();
      this.#delivered.flowing = false;
      await this.#shut("the session closed");
      this.#lifecycle.to("closed", "closed");
      for (const channel of [this.#streams, this.#output, this.#events]) channel.complete();
    });
  }

  statistics(): DeviceStatistics {
    return {
      streams: this.#delivered.statistics(),
      codec: {
        framesOk: this.#delivered.nChunks,
        bytesSkipped: 0,
        resyncs: 0,
        checksumErrors: this.#nBadFrames,
        duplicates: 0,
      },
      nReconnects: Math.max(0, this.#nConnections - 1),
    };
  }

  hello(hello: Hello): Complaint | undefined {
    const before = this.#delivered.clockId;
    const difference = this.#delivered.hello(hello);
    if (difference) {
      this.#warn(`"${this.client}" was refused: ${difference}.`);
      return { kind: "policy", reason: difference };
    }
    if (this.#nConnections > 0 && before !== hello.clockId)
      this.#warn(`"${this.client}" came back with another clock, "${hello.clockId}"; its times jump there.`);
    return undefined;
  }

  connected(socket: IngestSocket): void {
    const previous = this.#socket;
    this.#socket = socket;
    previous?.replace();
    this.#nConnections++;
    this.#delivered.beginConnection();
    if (this.#lifecycle.is("connecting")) this.#lifecycle.to("configuring", `"${this.client}" has connected`);
    if (this.format !== "attune" && this.#delivered.streams.length > 0) this.welcomed();
  }

  clockMeasured(measurement: ClockMeasurement): void {
    this.#delivered.clockMeasured(measurement);
  }

  welcomed(): void {
    if (this.#arrival) {
      this.#streams.next(this.#delivered.streams);
      this.#arrival.happen();
      this.#arrival = undefined;
    }
    if (!this.#lifecycle.is("reconnecting")) return;
    if (this.#delivered.flowing) this.#flow(`"${this.client}" is back`);
    else this.#lifecycle.to("ready", `"${this.client}" is back`);
  }

  message(message: Parameters<IngestClient["message"]>[0], at: Seconds): Complaint | undefined {
    const complaint = this.#delivered.message(message, at);
    if (message.kind === "chunk" && !complaint) this.#watchdog?.feed();
    return complaint;
  }

  foreign(text: string, at: Seconds): Complaint | undefined {
    if (this.format === "attune") return { kind: "policy", reason: "not this protocol" };
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return { kind: "bad-frame", reason: "not JSON" };
    }
    const nStreams = this.#delivered.streams.length;
    const converted = CONVERTERS[this.format](json);
    const complaint = this.#delivered.foreign(converted, at);
    if (complaint?.kind === "policy") this.#warn(`"${this.client}" was refused: ${complaint.reason}.`);
    // such a sender says no hello: it is here when its first samples have come
    if (this.#delivered.streams.length > nStreams) this.welcomed();
    if (converted.kind === "samples" && !complaint) this.#watchdog?.feed();
    return complaint;
  }

  badFrame(reason: string): void {
    this.#nBadFrames++;
    if (this.#nBadFrames === 1) this.#warn(`"${this.client}" sent a frame that means nothing: ${reason}.`);
  }

  disconnected(socket: IngestSocket, reason: string): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#watchdog?.stop();
    this.#delivered.flush();
    if (this.#lifecycle.is("ready", "streaming", "stalled"))
      this.#lifecycle.to("reconnecting", `"${this.client}" is gone: ${reason}`);
  }

  #flow(reason: string): void {
    this.#lifecycle.to("streaming", reason);
    this.#watchdog?.stop();
    this.#watchdog = undefined;
    const rates = this.#delivered.streams
      .map((stream) => stream.nominalSamplingRate)
      .filter((rate) => rate > 0);
    if (rates.length === 0) return;
    const limitSeconds = Math.max(1, 20 / Math.max(...rates));
    const limits = { limitSeconds, lostSeconds: FOREVER };
    this.#watchdog = new DataWatchdog(this.#context, limits, {
      onQuiet: () => {
        if (this.#lifecycle.is("streaming"))
          this.#lifecycle.to("stalled", `no samples for ${limitSeconds} s`);
      },
      onData: () => {
        if (this.#lifecycle.is("stalled")) this.#lifecycle.to("streaming", "samples come again");
      },
      onLost: () => undefined,
    });
    this.#watchdog.start();
  }

  #warn(message: string): void {
    this.#events.next({ kind: "warning", message, at: this.#context.now() });
  }

  async #shut(reason: string): Promise<void> {
    this.#watchdog?.stop();
    this.#unregister?.();
    this.#unregister = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.send({ kind: "bye", reason });
    socket?.close(1001, reason);
    await this.#server?.release();
    this.#server = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
