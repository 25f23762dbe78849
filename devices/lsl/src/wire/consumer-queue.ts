import { type EncodedBatch, endOfSample } from "./sample-encoder.ts";

export interface ConsumerQueueOptions {
  /** Most samples that wait; the oldest make room. */
  readonly maximumSamples: number;
  /** Samples that were not pushed through leave in groups of this many; 0: only when the queue is full. */
  readonly chunkLength: number;
  /** Bytes of a numeric sample's values; 0 for strings. */
  readonly rowBytes: number;
  readonly channelCount: number;
}

interface Entry {
  readonly batch: EncodedBatch;
  /** Samples and bytes of the batch that are gone already. */
  samplesGone: number;
  bytesGone: number;
}

/** What one receiver still has to be sent. Batches are shared between receivers and never written to. */
export class ConsumerQueue {
  readonly #options: ConsumerQueueOptions;
  #entries: Entry[] = [];
  #head = 0;
  #waiting = 0;
  /** Samples at the end of the queue that wait for their group. */
  #held = 0;
  #dropped = 0;

  constructor(options: ConsumerQueueOptions) {
    this.#options = options;
  }

  get waitingSamples(): number {
    return this.#waiting;
  }

  get droppedSamples(): number {
    return this.#dropped;
  }

  push(batch: EncodedBatch): void {
    if (batch.nSamples === 0) return;
    this.#entries.push({ batch, samplesGone: 0, bytesGone: 0 });
    this.#waiting += batch.nSamples;
    this.#held =
      batch.releasedSamples > 0 ? batch.nSamples - batch.releasedSamples : this.#held + batch.nSamples;
    const { chunkLength, maximumSamples } = this.#options;
    if (chunkLength > 0) this.#held %= chunkLength;
    else if (this.#held >= maximumSamples) this.#held = 0;
    if (this.#waiting > maximumSamples) this.#drop(this.#waiting - maximumSamples);
  }

  /** Lets go of what waits for its group. */
  release(): void {
    this.#held = 0;
  }

  /** The next bytes that may leave, or undefined. */
  next(): Uint8Array | undefined {
    const sendable = this.#waiting - this.#held;
    const entry = this.#entries[this.#head];
    if (!entry || sendable <= 0) return undefined;
    const { bytes, nSamples } = entry.batch;
    const left = nSamples - entry.samplesGone;
    const from = entry.bytesGone;
    if (left <= sendable) {
      this.#shift();
      this.#waiting -= left;
      return bytes.subarray(from);
    }
    this.#skip(entry, sendable);
    this.#waiting -= sendable;
    return bytes.subarray(from, entry.bytesGone);
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#waiting -= count;
    this.#held = Math.min(this.#held, this.#waiting);
    let left = count;
    while (left > 0) {
      const entry = this.#entries[this.#head]!;
      const inEntry = entry.batch.nSamples - entry.samplesGone;
      if (inEntry <= left) {
        this.#shift();
        left -= inEntry;
      } else {
        this.#skip(entry, left);
        left = 0;
      }
    }
  }

  #skip(entry: Entry, samples: number): void {
    const { bytes, sampleBytes } = entry.batch;
    const { rowBytes, channelCount } = this.#options;
    entry.samplesGone += samples;
    if (sampleBytes > 0) entry.bytesGone = entry.samplesGone * sampleBytes;
    else
      for (let n = 0; n < samples; n++)
        entry.bytesGone = endOfSample(bytes, entry.bytesGone, rowBytes, channelCount);
  }

  #shift(): void {
    this.#head++;
    if (this.#head >= 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}
