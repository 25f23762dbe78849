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
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { Observable } from "rxjs";
import { BehaviourCoder, type Coded } from "./behaviour-coder.ts";
import { type CodingRow, encodeRow } from "./coding-log.ts";
import type { CodedLayer } from "./layers.ts";
import { type CoderSettings, layersOf } from "./settings.ts";

/** What the host of a keyboard calls. Times are on the session clock; absent, it is now. Ignored while not streaming. */
export interface CoderKeys {
  press(key: string, at?: Seconds, coder?: string, repeat?: boolean): void;
  release(key: string, at?: Seconds, coder?: string): void;
  /** The window lost the keyboard. */
  blur(at?: Seconds, coder?: string): void;
  undo(at?: Seconds, coder?: string): void;
  /** A phase begins: a point event, and the state of the session's layer `phase`. */
  phase(name: string, at?: Seconds): void;
  pause(at?: Seconds): void;
  resume(at?: Seconds): void;
  quit(at?: Seconds): void;
  note(text: string, at?: Seconds): void;
}

/** Live behaviour coding as a device of the session. */
export interface CoderDevice extends Device, CoderKeys {
  readonly layers: readonly CodedLayer[];
  readonly coders: readonly string[];
  /** The log so far, of all coders. */
  rows(): readonly CodingRow[];
  stateOf(person: string, layer: string, coder?: string): string;
}

/**
 * Keys as a device. The primary coder's states go out as state changes; every row of every coder goes out as text of the
 * stream `id`, so that a recording holds the log with its corrections. Its clock is the session clock itself.
 */
export function createCoder(id: string, settings: CoderSettings, context: DeviceContext): CoderDevice {
  return new Coder(id, settings, context);
}

class Coder implements CoderDevice {
  readonly id: string;
  readonly lifecycle: Observable<Lifecycle>;
  readonly streams: Observable<readonly Stream[]>;
  readonly output: Observable<DeviceOutput>;
  readonly events: Observable<DeviceEvent>;
  readonly #context: DeviceContext;
  readonly #coder: BehaviourCoder;
  readonly #stream: Stream;
  readonly #machine: LifecycleMachine;
  readonly #streams: Broadcast<readonly Stream[]>;
  readonly #output: Broadcast<DeviceOutput>;
  readonly #events: Broadcast<DeviceEvent>;
  readonly #keyReleases: boolean;
  #nRows = 0;
  #lastAt: Seconds = Number.NaN;
  #nStarts = 0;

  constructor(id: string, settings: CoderSettings, context: DeviceContext) {
    const { coders, undoSeconds, humanLatencySeconds, keyReleases } = settings;
    this.id = id;
    this.#context = context;
    this.#keyReleases = keyReleases;
    const layers = layersOf(settings);
    this.#coder = new BehaviourCoder({ layers, coders, undoSeconds, humanLatencySeconds, keyReleases });
    this.#stream = {
      id,
      name: "Attune-Coding",
      type: "Markers",
      channels: [{ label: "coding", unit: "" }],
      nominalSamplingRate: 0,
      sampleFormat: "string",
      description: {
        coders: coders.join(", "),
        primaryCoder: this.#coder.primary,
        humanLatencySeconds,
        layers: layers.map(({ person, layer }) => `${person}.${layer}`).join(", "),
      },
    };
    const onThrow = (error: unknown): void =>
      this.#events.next({
        kind: "error",
        error: error instanceof Error ? error : new Error(String(error)),
        fatal: false,
        at: this.#context.now(),
      });
    this.#events = new Broadcast<DeviceEvent>(() => undefined);
    this.#output = new Broadcast<DeviceOutput>(onThrow);
    this.#streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    this.#machine = new LifecycleMachine(context, (event) => this.#events.next(event), onThrow);
    this.lifecycle = this.#machine.states;
    this.streams = this.#streams.observable;
    this.output = this.#output.observable;
    this.events = this.#events.observable;
  }

  get layers(): readonly CodedLayer[] {
    return this.#coder.layers;
  }

  get coders(): readonly string[] {
    return this.#coder.coders;
  }

  rows(): readonly CodingRow[] {
    return this.#coder.rows;
  }

  stateOf(person: string, layer: string, coder?: string): string {
    return this.#coder.stateOf(person, layer, coder);
  }

  async connect(): Promise<void> {
    this.#throwIfClosed();
    if (!this.#machine.is("idle")) return;
    this.#machine.to("connecting", "there is nothing to open");
    this.#machine.to("configuring", "the table of layers is read");
    this.#streams.next([this.#stream]);
    this.#machine.to("ready", "keys can come");
    const held = this.layers.filter(({ mode }) => mode === "hold");
    if (!this.#keyReleases && held.length > 0)
      this.#warn(
        `Releases of keys cannot be seen here: ${held.map(({ person, layer }) => `${person}.${layer}`).join(", ")} last until another key of the layer instead of while the key is down; use the page for them.`,
      );
  }

  async start(): Promise<void> {
    await this.connect();
    if (!this.#machine.is("ready")) return;
    this.#machine.to("streaming", "started");
    const at = this.#context.now();
    if (this.#nStarts++ === 0)
      this.#output.next({ kind: "clock-offset", streamId: this.id, collectedAt: at, offset: 0 });
    this.#emit(this.#coder.start(at));
  }

  async stop(): Promise<void> {
    if (!this.#machine.is("streaming")) return;
    this.#machine.to("stopping", "stop was asked for");
    this.#emit(this.#coder.stop(this.#context.now()));
    this.#machine.to("ready", "stopped");
  }

  async close(): Promise<void> {
    if (this.#machine.is("closed")) return;
    await this.stop();
    this.#machine.to("closed", "close was asked for");
    for (const broadcast of [this.#streams, this.#output, this.#events]) broadcast.complete();
  }

  statistics(): DeviceStatistics {
    return {
      streams: [
        {
          streamId: this.id,
          nSamples: this.#nRows,
          nLost: 0,
          measuredSamplingRate: Number.NaN,
          driftPpm: 0,
          jitterRms: 0,
          nOffsets: Math.min(1, this.#nStarts),
          lastOffset: 0,
          offsetUncertainty: 0,
          lastReceivedAt: this.#lastAt,
        },
      ],
      nReconnects: 0,
    };
  }

  press(key: string, at = this.#context.now(), coder?: string, repeat = false): void {
    this.#emit(this.#coder.keyDown(key, at, coder, repeat));
  }

  release(key: string, at = this.#context.now(), coder?: string): void {
    this.#emit(this.#coder.keyUp(key, at, coder));
  }

  blur(at = this.#context.now(), coder?: string): void {
    this.#emit(this.#coder.blur(at, coder));
  }

  undo(at = this.#context.now(), coder?: string): void {
    this.#emit(this.#coder.undo(at, coder));
  }

  phase(name: string, at = this.#context.now()): void {
    if (!this.#point(`phase:${name}`, at)) return;
    const coded = this.layers.some(({ person, layer }) => person === "session" && layer === "phase");
    if (coded) this.#emit(this.#coder.setState("session", "phase", name, at));
    else this.#output.next({ kind: "state", person: "session", layer: "phase", state: name, at });
  }

  pause(at = this.#context.now()): void {
    this.#point("pause", at);
  }

  resume(at = this.#context.now()): void {
    this.#point("resume", at);
  }

  quit(at = this.#context.now()): void {
    this.#point("quit", at);
  }

  note(text: string, at = this.#context.now()): void {
    // In quotes, so that no reader of markers takes "note: ..." for a state.
    this.#point(`note "${text}"`, at);
  }

  #point(label: string, at: Seconds): boolean {
    if (!this.#machine.is("streaming")) return false;
    this.#output.next({ kind: "event", label, at, source: this.id });
    return true;
  }

  #emit({ changes, rows }: Coded): void {
    for (const change of changes) this.#output.next(change);
    if (rows.length === 0) return;
    this.#lastAt = this.#context.now();
    this.#output.next({
      kind: "text",
      streamId: this.id,
      firstSample: this.#nRows,
      nSamples: rows.length,
      text: rows.map(encodeRow),
      deviceTime: Float64Array.from(rows, ({ at }) => at),
      receivedAt: this.#lastAt,
    });
    this.#nRows += rows.length;
  }

  #warn(message: string): void {
    this.#events.next({ kind: "warning", message, at: this.#context.now() });
  }

  #throwIfClosed(): void {
    if (this.#machine.is("closed"))
      throw new DeviceError(`${this.id} is closed; make a new device to use it again.`, { retryable: false });
  }
}
