import type { SampleChunk, Seconds } from "@attune/signal";

/**
 * Frames to chunks: sample-major as they come, channel-major as they leave. A chunk is full after `nSamples` and never
 * spans a loss. Chunks can be held back while it is not known yet which sample numbers they bear.
 */
export class ChunkAssembler {
  readonly #streamId: string;
  readonly #nChannels: number;
  readonly #capacity: number;
  readonly #emit: (chunk: SampleChunk) => void;
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  #held: SampleChunk[] | undefined;
  #first = 0;
  #n = 0;

  constructor(options: {
    streamId: string;
    nChannels: number;
    /** Samples in a full chunk. */
    nSamples: number;
    emit: (chunk: SampleChunk) => void;
  }) {
    this.#streamId = options.streamId;
    this.#nChannels = options.nChannels;
    this.#capacity = options.nSamples;
    this.#emit = options.emit;
    this.#values = new Float64Array(options.nSamples * options.nChannels);
    this.#times = new Float64Array(options.nSamples);
  }

  /**
   * @param values `[frame, channel]`; those of `frame` are taken, or NaN for all of them when it is `invented`
   */
  add(
    index: number,
    values: Float64Array,
    frame: number,
    invented: boolean,
    deviceTime: Seconds,
    receivedAt: Seconds,
  ): void {
    if (this.#n === 0) this.#first = index;
    const nChannels = this.#nChannels;
    const at = this.#n * nChannels;
    for (let c = 0; c < nChannels; c++)
      this.#values[at + c] = invented ? Number.NaN : values[frame * nChannels + c]!;
    this.#times[this.#n] = deviceTime;
    this.#n++;
    if (this.#n === this.#capacity) this.cut(receivedAt);
  }

  /** End the chunk here, full or not. */
  cut(receivedAt: Seconds): void {
    const nSamples = this.#n;
    if (nSamples === 0) return;
    const nChannels = this.#nChannels;
    const data = new Float64Array(nSamples * nChannels);
    for (let c = 0; c < nChannels; c++)
      for (let n = 0; n < nSamples; n++) data[c * nSamples + n] = this.#values[n * nChannels + c]!;
    this.#n = 0;
    const chunk: SampleChunk = {
      kind: "samples",
      streamId: this.#streamId,
      firstSample: this.#first,
      nSamples,
      data,
      deviceTime: this.#times.slice(0, nSamples),
      receivedAt,
    };
    if (this.#held) this.#held.push(chunk);
    else this.#emit(chunk);
  }

  /** Chunks wait for `release` from the next sample on; those that waited already do so no longer. */
  holdFromHere(receivedAt: Seconds): void {
    this.cut(receivedAt);
    for (const chunk of this.#held ?? []) this.#emit(chunk);
    this.#held = [];
  }

  /** Let go what was held, moved by what turned out to be lost before it. */
  release(nLost: number, deviceSeconds: Seconds): void {
    const held = this.#held;
    this.#held = undefined;
    if (this.#n > 0) {
      this.#first += nLost;
      for (let n = 0; n < this.#n; n++) this.#times[n] = this.#times[n]! + deviceSeconds;
    }
    for (const chunk of held ?? [])
      this.#emit({
        ...chunk,
        firstSample: chunk.firstSample + nLost,
        deviceTime: deviceSeconds === 0 ? chunk.deviceTime : chunk.deviceTime.map((t) => t + deviceSeconds),
      });
  }
}
