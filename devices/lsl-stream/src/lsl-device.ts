import {
  Broadcast,
  type Device,
  type DeviceContext,
  DeviceError,
  type DeviceEvent,
  type DeviceStatistics,
  type Lifecycle,
  LifecycleMachine,
} from "@attune/device-kit";
import { type Inlet, type InletState, openInlet, type StreamInfo } from "@attune/lsl";
import type { DeviceOutput, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import { describeStream } from "./describe-stream.ts";
import { findStream } from "./find-stream.ts";
import { networkConfiguration } from "./network.ts";
import { Reunion } from "./reunion.ts";
import type { LslStreamSettings } from "./settings.ts";
import { StreamFlow } from "./stream-flow.ts";
import { StreamWatch } from "./stream-watch.ts";

/** How long opening, and then the full description, may take: the sender has just answered. */
const OPEN_SECONDS = 5;
/** What the inlet may queue while nobody reads: between `connect` and `start` only. */
const INLET_BUFFER_SECONDS = 60;

/**
 * One stream of Lab Streaming Layer as a device of a session.
 *
 * - Stamps are the sender's, untouched; `ClockOffset`s come from the time service of the sender (one per good wave, about
 *   every 2 s; a wave that fails gives none), less the declared latency.
 * - The sender restarts: the stream is found again by its source id, or by the settings where it has none; the counter moves by
 *   what the stamps say is missing. Back at another rate: `streams` emits again, with a warning. Back with other channels:
 *   it is another stream; the device stays `reconnecting` and says so once.
 * - Silence: streams with a rate become `stalled`; marker streams may be silent for hours.
 */
export class LslDevice implements Device {
  readonly id: string;
  readonly streams: Observable<readonly Stream[]>;
  readonly output: Observable<DeviceOutput>;
  readonly events: Observable<DeviceEvent>;
  readonly #settings: LslStreamSettings;
  readonly #context: DeviceContext;
  readonly #configuration: ReturnType<typeof networkConfiguration>;
  readonly #streams: Broadcast<readonly Stream[]>;
  readonly #output: Broadcast<DeviceOutput>;
  readonly #events: Broadcast<DeviceEvent>;
  readonly #machine: LifecycleMachine;
  readonly #watch: StreamWatch;
  readonly #closing = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #info: StreamInfo | undefined;
  #inlet: Inlet | undefined;
  #offState: (() => void) | undefined;
  #flow: StreamFlow | undefined;
  #reunion: Reunion | undefined;
  #isFlowing = false;
  #nReconnects = 0;

  constructor(id: string, settings: LslStreamSettings, context: DeviceContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
    this.#configuration = networkConfiguration(settings.network);
    const onThrow = (error: unknown) =>
      this.#report({ kind: "error", error: asDeviceError(error), fatal: false, at: context.now() });
    this.#streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    this.#output = new Broadcast<DeviceOutput>(onThrow);
    // Whoever throws on an event is not told of it by another event.
    this.#events = new Broadcast<DeviceEvent>(() => undefined);
    this.streams = this.#streams.observable;
    this.output = this.#output.observable;
    this.events = this.#events.observable;
    this.#machine = new LifecycleMachine(context, (event) => this.#report(event), onThrow);
    this.#watch = new StreamWatch(context, this.#machine, settings.stalledAfterSeconds, (message) =>
      this.#warn(message),
    );
  }

  get lifecycle(): Observable<Lifecycle> {
    return this.#machine.states;
  }

  connect(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#connect(signal));
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isFlowing) return;
      if (!this.#machine.is("ready")) await this.#connect();
      if (this.#inlet === undefined || this.#inlet.state === "lost") {
        await this.#closeInlet();
        await this.#open(await this.#find());
      }
      const inlet = this.#inlet!;
      this.#flow!.interrupt(false);
      this.#isFlowing = true;
      await this.#flowFrom(inlet, "started");
      this.#follow(inlet.state);
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isFlowing) return;
      const isGone = this.#machine.is("reconnecting");
      if (!isGone) this.#machine.to("stopping", "stop was asked for");
      await this.#endFlow();
      this.#machine.to(isGone ? "idle" : "ready", isGone ? "stopped while the sender was gone" : "stopped");
    });
  }

  close(): Promise<void> {
    // A search in progress must not keep the session from closing.
    this.#closing.abort();
    return this.#inTurn(async () => {
      if (this.#machine.is("closed")) return;
      if (this.#machine.is("streaming", "stalled")) this.#machine.to("stopping", "closing");
      await this.#endFlow();
      this.#machine.to("closed", "closed");
      for (const broadcast of [this.#output, this.#streams, this.#events]) broadcast.complete();
    });
  }

  statistics(): DeviceStatistics {
    return {
      streams: this.#flow === undefined ? [] : [this.#flow.statistics()],
      nReconnects: this.#nReconnects,
    };
  }

  async #connect(signal?: AbortSignal): Promise<void> {
    if (this.#machine.is("closed"))
      throw new DeviceError(`${this.id} is closed; make a new device to use it again.`, { retryable: false });
    if (!this.#machine.is("idle", "failed")) return;
    try {
      this.#machine.to("connecting", "looking for the stream");
      const info = await this.#find(signal);
      this.#machine.to("configuring", "asking for channels and units");
      await this.#open(info);
      this.#machine.to("ready", `found ${info.name}`);
    } catch (error) {
      await this.#closeInlet();
      const failure = asDeviceError(error);
      this.#machine.to(failure.retryable ? "idle" : "failed", failure.message);
      throw failure;
    }
  }

  #find(signal?: AbortSignal): Promise<StreamInfo> {
    const signals = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    return findStream(this.#settings, this.#configuration, AbortSignal.any(signals));
  }

  /** Opens an inlet and learns what it delivers. */
  async #open(info: StreamInfo): Promise<void> {
    const inlet = await openInlet(info, {
      maxBufferSeconds: INLET_BUFFER_SECONDS,
      timeoutSeconds: OPEN_SECONDS,
      ...(this.#configuration && { configuration: this.#configuration }),
    });
    this.#inlet = inlet;
    this.#offState = inlet.onStateChange((state) => this.#follow(state));
    await this.#learn(inlet);
  }

  /** Fetches the full description. */
  async #learn(inlet: Inlet): Promise<void> {
    const full = await inlet.fullInfo(OPEN_SECONDS);
    this.#info = full;
    this.#adopt(describeStream(this.id, full, this.#settings.declaredLatencySeconds));
  }

  /** Says what changed where the stream was known before. */
  #adopt(stream: Stream): void {
    if (this.#flow === undefined)
      this.#flow = new StreamFlow({
        stream,
        declaredLatencySeconds: this.#settings.declaredLatencySeconds,
        context: this.#context,
        emit: (output) => this.#output.next(output),
        report: (event) => this.#report(event),
        onSamples: () => this.#watch.feed(),
      });
    else {
      const { nominalSamplingRate: before } = this.#flow.stream;
      if (before !== stream.nominalSamplingRate)
        this.#warn(
          `"${stream.name}" came back at ${stream.nominalSamplingRate} Hz instead of ${before} Hz: check the sender, the session was prepared for the old rate.`,
        );
      this.#flow.redescribe(stream);
    }
    this.#streams.next([stream]);
  }

  /** Samples run from this inlet into the session. */
  async #flowFrom(inlet: Inlet, reason: string): Promise<void> {
    await this.#flow!.attach(inlet);
    this.#machine.to("streaming", reason);
    this.#watch.start(this.#flow!, this.#info!.hostname);
  }

  async #endFlow(): Promise<void> {
    this.#isFlowing = false;
    this.#watch.stop();
    this.#flow?.detach();
    await this.#closeInlet();
  }

  async #closeInlet(): Promise<void> {
    this.#reunion?.close();
    this.#reunion = undefined;
    this.#offState?.();
    this.#offState = undefined;
    const inlet = this.#inlet;
    this.#inlet = undefined;
    await inlet?.close();
  }

  /** The inlet lost its stream, or has it again. */
  #follow(state: InletState): void {
    if (!this.#isFlowing) return;
    if (state === "connected") {
      if (this.#machine.is("reconnecting")) this.#resume();
      return;
    }
    this.#flow!.interrupt(true);
    this.#watch.stop();
    if (this.#machine.is("streaming", "stalled")) this.#machine.to("reconnecting", "the sender is gone");
    this.#reunion ??= new Reunion({
      info: this.#info!,
      settings: this.#settings,
      configuration: this.#configuration,
      context: this.#context,
      warn: (message) => this.#warn(message),
      isLost: () => this.#inlet?.state === "lost",
      found: (info) => void this.#inTurn(() => this.#replaceInlet(info)),
    });
  }

  /** The inlet found its stream again. */
  #resume(): void {
    this.#reunion?.close();
    this.#reunion = undefined;
    this.#nReconnects++;
    this.#machine.to("streaming", "the sender is back");
    const inlet = this.#inlet!;
    const { stream } = this.#flow!;
    const { nominalSamplingRate } = inlet.info;
    // Before any of its samples; the rest of what it says about itself has to be fetched.
    if (nominalSamplingRate !== stream.nominalSamplingRate) this.#adopt({ ...stream, nominalSamplingRate });
    this.#watch.start(this.#flow!, this.#info!.hostname);
    if (inlet.info.uid === this.#info!.uid) return;
    void this.#inTurn(async () => {
      // Where it went away again before it described itself, the next recovery asks anew.
      if (this.#inlet === inlet) await this.#learn(inlet).catch(() => undefined);
    });
  }

  /** A stream without a source id is there again: what an inlet cannot do, a new inlet can. */
  async #replaceInlet(info: StreamInfo): Promise<void> {
    if (!this.#isFlowing || this.#inlet?.state !== "lost") return;
    const lost = this.#inlet;
    this.#offState?.();
    try {
      await this.#open(info);
      this.#nReconnects++;
      this.#reunion?.close();
      this.#reunion = undefined;
      await this.#flowFrom(this.#inlet, "the sender is back");
      await lost.close();
    } catch (error) {
      // Not this time: the reunion goes on looking.
      if (this.#inlet !== lost) await this.#inlet?.close();
      this.#inlet = lost;
      this.#report({ kind: "error", error: asDeviceError(error), fatal: false, at: this.#context.now() });
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #warn(message: string): void {
    this.#report({ kind: "warning", message, at: this.#context.now() });
  }

  #report(event: DeviceEvent): void {
    this.#events.next(event);
  }
}

function asDeviceError(error: unknown): DeviceError {
  if (error instanceof DeviceError) return error;
  return new DeviceError(error instanceof Error ? error.message : String(error), { cause: error });
}
