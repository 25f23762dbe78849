import type {
  Inlet,
  InletChunk,
  InletOptions,
  InletState,
  PullOptions,
  TimeCorrection,
} from "../api/inlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { bufferSamples } from "../buffer-samples.ts";
import type { Settings } from "../configuration/settings.ts";
import { LslConnectionError, LslTimeoutError } from "../errors.ts";
import { readInfo } from "../info/xml-read.ts";
import { Listeners } from "../listeners.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import { type InletCommand, type InletEvent, messagesUnderWay, type SamplesEvent } from "./inlet-messages.ts";
import { cutTexts, type PackedSamples, SampleQueue } from "./sample-queue.ts";
import { Waiters } from "./waiters.ts";

export interface SampleInletParts {
  readonly info: StreamInfo;
  readonly options: InletOptions;
  readonly settings: Settings;
  readonly flow: SharedArrayBuffer;
}

/** The caller's end of an inlet: its queue, its listeners and what is known of the stream. */
export class SampleInlet implements Inlet {
  readonly #settings: Settings;
  readonly #send: (command: InletCommand) => void;
  readonly #flow: FlowWindow;
  readonly #queue: SampleQueue;
  readonly #chunkListeners = new Listeners<InletChunk>();
  readonly #stateListeners = new Listeners<InletState>();
  readonly #correctionListeners = new Listeners<TimeCorrection>();
  readonly #waiters = new Waiters();
  readonly #infoRequests = new Map<number, (event: InletEvent & { kind: "full-info" }) => void>();
  #info: StreamInfo;
  #state: InletState = "connected";
  #closed: Promise<void> | undefined;
  #isClosed = false;
  #onClosed = (): void => {};
  #correction: TimeCorrection | undefined;
  #clockReset = false;
  #droppedThere = 0;
  #lastRequest = 0;

  constructor(parts: SampleInletParts, send: (command: InletCommand) => void) {
    const { info, options } = parts;
    this.#info = info;
    this.#settings = parts.settings;
    this.#send = send;
    this.#flow = new FlowWindow(parts.flow, messagesUnderWay);
    const maximum = bufferSamples(options.maxBufferSeconds ?? 360, info.nominalSamplingRate);
    this.#queue = new SampleQueue(info.channelFormat, info.channelCount, maximum);
  }

  get info(): StreamInfo {
    return this.#info;
  }

  get state(): InletState {
    return this.#state;
  }

  get samplesDropped(): number {
    return this.#queue.dropped + this.#droppedThere;
  }

  async fullInfo(timeoutSeconds = 5): Promise<StreamInfo> {
    this.#assertOpen();
    this.#lastRequest++;
    const request = this.#lastRequest;
    const event = await new Promise<InletEvent & { kind: "full-info" }>((resolve) => {
      this.#infoRequests.set(request, resolve);
      this.#send({ kind: "full-info", request, timeoutSeconds });
    });
    const { uid, endpoints, name } = this.#info;
    const full = event.xml === undefined ? undefined : readInfo(event.xml, undefined, this.#settings.limits);
    if (full?.uid !== uid)
      throw new LslTimeoutError(
        `The full info of stream "${name}" was not had within ${timeoutSeconds} s: ${event.reason ?? "the document cannot be read"}.`,
      );
    this.#info = { ...full, endpoints };
    return this.#info;
  }

  async pullChunk(options: PullOptions = {}): Promise<InletChunk | undefined> {
    const maximum = Math.max(1, Math.trunc(options.maxSamples ?? Number.MAX_SAFE_INTEGER));
    const minimum = Math.max(1, Math.min(maximum, Math.trunc(options.minSamples ?? 1)));
    const isReady = (): boolean => this.#queue.length >= minimum || this.#isOver();
    // Even a pull that does not wait lets pending messages arrive: a polling loop must not starve itself.
    if (!isReady()) await this.#waiters.wait(isReady, options.timeoutSeconds ?? 1);
    return this.#queue.length > 0 ? this.#toChunk(this.#queue.take(maximum)) : undefined;
  }

  onChunk(listener: (chunk: InletChunk) => void): () => void {
    const remove = this.#chunkListeners.add(listener);
    if (this.#queue.length > 0)
      queueMicrotask(() => {
        if (this.#queue.length > 0 && this.#chunkListeners.size > 0)
          this.#chunkListeners.call(this.#toChunk(this.#queue.take(Number.MAX_SAFE_INTEGER)));
      });
    return remove;
  }

  async timeCorrection(timeoutSeconds = 5): Promise<TimeCorrection> {
    this.#assertOpen();
    this.#send({ kind: "measure-clock" });
    await this.#waiters.wait(() => this.#correction !== undefined || this.#isOver(), timeoutSeconds);
    if (this.#correction) return this.#correction;
    throw new LslTimeoutError(
      `The clock of stream "${this.#info.name}" was not measured within ${timeoutSeconds} s; check that UDP reaches port ${this.#info.endpoints.v4?.servicePort ?? this.#info.endpoints.v6?.servicePort}.`,
    );
  }

  onTimeCorrection(listener: (correction: TimeCorrection) => void): () => void {
    this.#send({ kind: "measure-clock" });
    return this.#correctionListeners.add(listener);
  }

  wasClockReset(): boolean {
    const was = this.#clockReset;
    this.#clockReset = false;
    return was;
  }

  onStateChange(listener: (state: InletState) => void): () => void {
    return this.#stateListeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#onClosed = resolve;
      if (this.#isClosed) resolve();
      else this.#send({ kind: "close" });
    });
    return this.#closed;
  }

  /** Events of the engine. */
  handle(event: InletEvent): void {
    switch (event.kind) {
      case "samples":
        this.#receive(event);
        break;
      case "correction":
        this.#correction = event.correction;
        this.#waiters.check();
        this.#correctionListeners.call(event.correction);
        break;
      case "state":
        this.#changeState(event);
        break;
      case "full-info":
        this.#infoRequests.get(event.request)?.(event);
        this.#infoRequests.delete(event.request);
        break;
      case "closed":
      case "failed":
        this.#end(event.kind === "failed");
        break;
    }
  }

  #receive(event: SamplesEvent): void {
    // First, so that a listener that throws does not stop the flow.
    if (this.#flow.received()) this.#send({ kind: "room" });
    this.#droppedThere = event.dropped;
    const { nSamples, timestamps, values, text, textEnds, receivedAt } = event;
    const samples: PackedSamples = {
      nSamples,
      timestamps: timestamps as Float64Array<ArrayBuffer>,
      values,
      texts: text && textEnds ? cutTexts(text, textEnds, textEnds.length) : undefined,
      receivedAt,
    };
    if (this.#chunkListeners.size > 0 && this.#queue.length === 0)
      this.#chunkListeners.call(this.#toChunk(samples));
    else {
      this.#queue.push(samples, receivedAt);
      this.#waiters.check();
    }
  }

  #toChunk({ nSamples, timestamps, values, texts, receivedAt }: PackedSamples): InletChunk {
    if (values) return { nSamples, data: values, timestamps, receivedAt };
    const bytes = [...(texts ?? [])];
    return { nSamples, data: bytes.map(utf8), bytes, timestamps, receivedAt };
  }

  #changeState({ state, info, clockReset }: InletEvent & { kind: "state" }): void {
    this.#state = state;
    this.#info = info;
    if (state === "recovering") this.#correction = undefined;
    if (clockReset) this.#clockReset = true;
    this.#stateListeners.call(state);
    this.#waiters.check();
  }

  #end(failed: boolean): void {
    this.#isClosed = true;
    this.#state = "lost";
    this.#onClosed();
    this.#waiters.check();
    for (const [request, answer] of this.#infoRequests)
      answer({ kind: "full-info", request, reason: "the inlet was closed" });
    this.#infoRequests.clear();
    if (failed) this.#stateListeners.call("lost");
  }

  /** Nothing will come any more. */
  #isOver(): boolean {
    return this.#isClosed || this.#state === "lost";
  }

  #assertOpen(): void {
    if (this.#closed || this.#isClosed)
      throw new LslConnectionError(`The inlet of stream "${this.#info.name}" is closed; open it again.`);
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
