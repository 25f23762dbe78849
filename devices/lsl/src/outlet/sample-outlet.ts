import type { ChunkInput, Outlet, OutletOptions, SampleInput, StreamDeclaration } from "../api/outlet.ts";
import type { StreamInfo } from "../api/stream-info.ts";
import { LslStreamError } from "../errors.ts";
import { Listeners } from "../listeners.ts";
import { localClock } from "../local-clock.ts";
import { FlowWindow } from "../thread/flow-window.ts";
import { deducedTimestamp, type EncodedBatch, SampleEncoder } from "../wire/sample-encoder.ts";
import type { OutletCommand, OutletEvent } from "./outlet-engine.ts";
import { checkTexts, toNumericValues } from "./sample-input.ts";
import { shiftedClock } from "./shifted-clock.ts";

export interface SampleOutletParts {
  readonly declaration: StreamDeclaration;
  readonly options: OutletOptions;
  readonly info: StreamInfo;
  readonly maximumBufferSamples: number;
  readonly flow: SharedArrayBuffer;
  readonly consumers: SharedArrayBuffer;
}

/** Bytes that are worth a message of their own. */
const batchBytes = 1 << 17;
/** Batches under way to the sending thread. */
const batchesUnderWay = 64;

/**
 * The caller's end of an outlet: encodes what is pushed into wire bytes and passes these on in batches, at the latest when
 * the current synchronous run of the program ends.
 */
export class SampleOutlet implements Outlet {
  readonly info: StreamInfo;
  readonly #declaration: StreamDeclaration;
  readonly #maximumBufferSamples: number;
  readonly #send: (command: OutletCommand, transfer?: readonly ArrayBuffer[]) => void;
  readonly #flow: FlowWindow;
  readonly #consumers: Int32Array;
  readonly #encoder: SampleEncoder;
  readonly #consumerListeners = new Listeners<number>();
  readonly #pushthrough: boolean;
  readonly #deduceRest: boolean;
  readonly #clockOffset: number;
  readonly #clockDriftPpm: number;
  readonly #period: number;
  #reportedConsumers = 0;
  #backlog: EncodedBatch[] = [];
  #backlogSamples = 0;
  #samplesDropped = 0;
  #passOnQueued = false;
  #state: "open" | "closing" | "closed" = "open";
  #closed: Promise<void> | undefined;
  #onClosed = (): void => {};

  constructor(
    parts: SampleOutletParts,
    send: (command: OutletCommand, transfer?: readonly ArrayBuffer[]) => void,
  ) {
    const { declaration, options } = parts;
    this.info = parts.info;
    this.#declaration = declaration;
    this.#maximumBufferSamples = parts.maximumBufferSamples;
    this.#send = send;
    this.#flow = new FlowWindow(parts.flow, batchesUnderWay);
    this.#consumers = new Int32Array(parts.consumers);
    this.#encoder = new SampleEncoder(declaration.channelFormat, declaration.channelCount);
    this.#pushthrough = options.chunkSize === undefined || options.chunkSize <= 1;
    this.#deduceRest = options.sendEveryTimestamp === false;
    this.#clockOffset = options.clockOffsetSeconds ?? 0;
    this.#clockDriftPpm = options.clockDriftPpm ?? 0;
    this.#period = declaration.nominalSamplingRate > 0 ? 1 / declaration.nominalSamplingRate : 0;
  }

  get consumerCount(): number {
    return Atomics.load(this.#consumers, 0);
  }

  get samplesDropped(): number {
    return this.#samplesDropped;
  }

  haveConsumers(): boolean {
    return this.consumerCount > 0;
  }

  pushSample(values: SampleInput, timestamp = 0, pushthrough = this.#pushthrough): void {
    if (values.length !== this.#declaration.channelCount)
      throw new LslStreamError(
        `Stream "${this.info.name}" takes ${this.#declaration.channelCount} values a sample, got ${values.length}.`,
      );
    this.#push(values, timestamp, pushthrough);
  }

  pushChunk(data: ChunkInput, timestamps: number | Float64Array = 0, pushthrough = this.#pushthrough): void {
    this.#push(data, timestamps, pushthrough);
  }

  waitForConsumers(timeoutSeconds: number): Promise<boolean> {
    if (this.haveConsumers() || this.#state !== "open") return Promise.resolve(this.haveConsumers());
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        remove();
        resolve(this.haveConsumers());
      };
      const timer = setTimeout(finish, Math.min(timeoutSeconds * 1000, 2 ** 31 - 1));
      const remove = this.onConsumersChange((count) => {
        if (count > 0) finish();
      });
    });
  }

  onConsumersChange(listener: (consumerCount: number) => void): () => void {
    return this.#consumerListeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#onClosed = resolve;
      if (this.#state === "closed") {
        resolve();
        return;
      }
      this.#passOn();
      this.#state = "closing";
      this.#closeWhenPassedOn();
    });
    return this.#closed;
  }

  /** Events of the engine. */
  handle(event: OutletEvent): void {
    if (event.kind === "consumers") this.#reportConsumers();
    else if (event.kind === "room") {
      this.#passOnBacklog();
      if (this.#state === "closing") this.#closeWhenPassedOn();
    } else if (event.kind === "closed" || event.kind === "failed") {
      this.#state = "closed";
      Atomics.store(this.#consumers, 0, 0);
      this.#reportConsumers();
      this.#onClosed();
    }
  }

  #push(data: ChunkInput, timestamps: number | Float64Array, pushthrough: boolean): void {
    const { channelCount, channelFormat, name } = this.#declaration;
    if (this.#state !== "open") throw new LslStreamError(`Stream "${name}" is closed and takes no samples.`);
    const nSamples = data.length / channelCount;
    const array = typeof timestamps === "number" ? undefined : timestamps;
    if (!Number.isInteger(nSamples) || (array && array.length !== nSamples))
      throw new LslStreamError(
        `Stream "${name}" takes chunks of ${channelCount} values a sample and one stamp for all or one each, got ${data.length} values and ${array ? array.length : 1} stamps.`,
      );
    if (nSamples === 0) return;
    const values = channelFormat === "string" ? undefined : toNumericValues(data, channelFormat, name);
    if (!values) checkTexts(data, name);
    // Nothing is kept for receivers that are not there yet.
    if (!this.haveConsumers()) return;

    const now = shiftedClock(localClock(), this.#clockOffset, this.#clockDriftPpm);
    const stamps = {
      array: array ? withNow(array, now) : undefined,
      first: array ? 0 : this.#firstStamp((timestamps as number) || now, nSamples),
      period: this.#period,
      deduceRest: this.#deduceRest,
    };
    if (values) {
      const step = Math.max(1, Math.floor(batchBytes / this.#encoder.fullSampleBytes));
      for (let from = 0; from < nSamples; from += step) {
        const to = Math.min(nSamples, from + step);
        this.#encoder.appendNumbers(values, from, to, stamps);
        if (to === nSamples && pushthrough) this.#encoder.release();
        if (this.#encoder.byteLength >= batchBytes) this.#passOn();
      }
    } else {
      for (let n = 0; n < nSamples; n++) {
        this.#encoder.appendStrings(data, n, stamps);
        if (n === nSamples - 1 && pushthrough) this.#encoder.release();
        if (this.#encoder.byteLength >= batchBytes) this.#passOn();
      }
    }
    if (this.#passOnQueued || this.#encoder.nSamples === 0) return;
    this.#passOnQueued = true;
    queueMicrotask(() => {
      this.#passOnQueued = false;
      if (this.#state === "open") this.#passOn();
    });
  }

  /** The stamp given is that of the last sample; the division is liblsl's, for the same bits. */
  #firstStamp(last: number, nSamples: number): number {
    const rate = this.#declaration.nominalSamplingRate;
    return rate > 0 && last !== deducedTimestamp ? last - (nSamples - 1) / rate : last;
  }

  #passOn(): void {
    if (this.#encoder.nSamples > 0) {
      const batch = this.#encoder.take();
      this.#backlog.push(batch);
      this.#backlogSamples += batch.nSamples;
    }
    this.#passOnBacklog();
    while (this.#backlogSamples > this.#maximumBufferSamples && this.#backlog.length > 1) {
      const { nSamples } = this.#backlog.shift()!;
      this.#backlogSamples -= nSamples;
      this.#samplesDropped += nSamples;
    }
  }

  #passOnBacklog(): void {
    let sent = 0;
    while (sent < this.#backlog.length && this.#flow.mayBeSent()) {
      const batch = this.#backlog[sent]!;
      sent++;
      this.#backlogSamples -= batch.nSamples;
      this.#flow.sent();
      this.#send({ kind: "batch", batch }, [batch.bytes.buffer]);
    }
    if (sent > 0) this.#backlog.splice(0, sent);
  }

  #closeWhenPassedOn(): void {
    if (this.#backlog.length === 0) this.#send({ kind: "close" });
  }

  #reportConsumers(): void {
    const count = this.consumerCount;
    if (count === this.#reportedConsumers) return;
    this.#reportedConsumers = count;
    this.#consumerListeners.call(count);
  }
}

/** Stamps of 0 mean now. */
function withNow(stamps: Float64Array, now: number): Float64Array {
  if (!stamps.includes(0)) return stamps;
  return stamps.map((stamp) => (stamp === 0 ? now : stamp));
}
