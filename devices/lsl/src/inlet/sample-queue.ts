import type { ChannelFormat } from "../api/stream-info.ts";
import { allocateValues, type NumericValues } from "../wire/channel-format.ts";
import type { DecodedSamples } from "../wire/sample-decoder.ts";

/** Samples in arrays of their own, exactly as long as they are: these may be transferred or given away. */
export interface PackedSamples {
  readonly nSamples: number;
  readonly timestamps: Float64Array<ArrayBuffer>;
  /** Numeric formats: `[nSamples, channelCount]`. */
  readonly values: NumericValues | undefined;
  /** Strings: one per value. */
  readonly texts: readonly Uint8Array[] | undefined;
  /** When the last of them arrived. */
  readonly receivedAt: number;
}

/** What may be put into a queue: arrays that hold at least `nSamples`. */
export interface QueuedSamples {
  readonly nSamples: number;
  readonly timestamps: Float64Array;
  readonly values: NumericValues | undefined;
  /** Strings are kept, not copied. */
  readonly texts?: readonly Uint8Array[] | undefined;
}

/**
 * A bounded queue of samples. It grows as needed up to its bound; then the oldest make room and are counted. Rings of typed
 * arrays: a long queue costs its samples and nothing more.
 */
export class SampleQueue {
  readonly #format: ChannelFormat;
  readonly #channelCount: number;
  readonly #maximum: number;
  #capacity = 0;
  #first = 0;
  #length = 0;
  #dropped = 0;
  #timestamps = new Float64Array(0);
  #receivedAt = new Float64Array(0);
  #values: NumericValues | undefined;
  #texts: Uint8Array[] = [];

  constructor(format: ChannelFormat, channelCount: number, maximumSamples: number) {
    this.#format = format;
    this.#channelCount = channelCount;
    this.#maximum = Math.max(1, maximumSamples);
  }

  get length(): number {
    return this.#length;
  }

  /** Samples that had to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Copies samples in. */
  push(samples: QueuedSamples, receivedAt: number): void {
    const skipped = Math.max(0, samples.nSamples - this.#maximum);
    const nSamples = samples.nSamples - skipped;
    this.#dropped += skipped;
    const excess = this.#length + nSamples - this.#maximum;
    if (excess > 0) this.#discard(excess);
    this.#reserve(this.#length + nSamples);

    for (let done = 0; done < nSamples; ) {
      const at = (this.#first + this.#length) % this.#capacity;
      const run = Math.min(nSamples - done, this.#capacity - at);
      const from = skipped + done;
      this.#timestamps.set(samples.timestamps.subarray(from, from + run), at);
      this.#receivedAt.fill(receivedAt, at, at + run);
      this.#setValues(samples, from, run, at);
      this.#length += run;
      done += run;
    }
  }

  /** The oldest samples, at most so many. */
  take(maximumSamples: number): PackedSamples {
    const nSamples = Math.min(this.#length, maximumSamples);
    const width = this.#channelCount;
    const timestamps = new Float64Array(nSamples);
    const values =
      this.#format === "string" ? undefined : allocateValues(this.#format, nSamples * this.#channelCount);
    const texts: Uint8Array[] | undefined = this.#format === "string" ? [] : undefined;
    let receivedAt = 0;
    for (let done = 0; done < nSamples; ) {
      const at = this.#first;
      const run = Math.min(nSamples - done, this.#capacity - at);
      timestamps.set(this.#timestamps.subarray(at, at + run), done);
      receivedAt = this.#receivedAt[at + run - 1]!;
      if (values) values.set(this.#values!.subarray(at * width, (at + run) * width) as never, done * width);
      if (texts)
        for (let k = at * width; k < (at + run) * width; k++) {
          texts.push(this.#texts[k]!);
          this.#texts[k] = nothing;
        }
      done += run;
      this.#first = (at + run) % this.#capacity;
      this.#length -= run;
    }
    return { nSamples, timestamps, values, texts, receivedAt };
  }

  #setValues(samples: QueuedSamples, from: number, run: number, at: number): void {
    const width = this.#channelCount;
    if (this.#values && samples.values)
      this.#values.set(samples.values.subarray(from * width, (from + run) * width) as never, at * width);
    else if (samples.texts)
      for (let k = 0; k < run * width; k++) this.#texts[at * width + k] = samples.texts[from * width + k]!;
  }

  #discard(nSamples: number): void {
    this.#dropped += nSamples;
    if (this.#format === "string") {
      this.take(nSamples);
      return;
    }
    this.#first = this.#capacity === 0 ? 0 : (this.#first + nSamples) % this.#capacity;
    this.#length -= nSamples;
  }

  #reserve(needed: number): void {
    if (needed <= this.#capacity) return;
    const old = this.take(this.#length);
    const oldReceived = new Float64Array(old.nSamples);
    this.#unwrapReceived(oldReceived);
    this.#capacity = Math.min(this.#maximum, Math.max(needed, 2 * this.#capacity, 64));
    this.#timestamps = new Float64Array(this.#capacity);
    this.#receivedAt = new Float64Array(this.#capacity);
    this.#timestamps.set(old.timestamps);
    this.#receivedAt.set(oldReceived);
    if (this.#format === "string") this.#texts = [...(old.texts ?? [])];
    else {
      this.#values = allocateValues(this.#format, this.#capacity * this.#channelCount);
      if (old.values) this.#values.set(old.values as never);
    }
    this.#first = 0;
    this.#length = old.nSamples;
  }

  /** After `take` of everything: the arrival times of what was taken, which end just before `#first`. */
  #unwrapReceived(out: Float64Array): void {
    const n = out.length;
    for (let k = 0; k < n; k++)
      out[k] = this.#receivedAt[(this.#first - n + k + this.#capacity) % this.#capacity]!;
  }
}

const nothing = new Uint8Array(0);

/** Copies what a decoder holds in its scratch arrays. */
export function pack(decoded: DecodedSamples, channelCount: number, receivedAt: number): PackedSamples {
  const { nSamples } = decoded;
  if (decoded.values)
    return {
      nSamples,
      timestamps: decoded.timestamps.slice(0, nSamples) as Float64Array<ArrayBuffer>,
      values: decoded.values.slice(0, nSamples * channelCount),
      texts: undefined,
      receivedAt,
    };
  return {
    nSamples,
    timestamps: decoded.timestamps.slice(0, nSamples) as Float64Array<ArrayBuffer>,
    values: undefined,
    texts: cutTexts(
      decoded.text.slice(0, decoded.textEnds[nSamples * channelCount - 1] ?? 0),
      decoded.textEnds,
      nSamples * channelCount,
    ),
    receivedAt,
  };
}

/** The values of string samples as views of the bytes that hold them end to end. */
export function cutTexts(text: Uint8Array, ends: Uint32Array, count: number): Uint8Array[] {
  const texts: Uint8Array[] = [];
  let start = 0;
  for (let k = 0; k < count; k++) {
    const end = ends[k]!;
    texts.push(text.subarray(start, end));
    start = end;
  }
  return texts;
}

/** The other way round, for the way between threads. */
export function joinTexts(texts: readonly Uint8Array[]): {
  text: Uint8Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
} {
  const ends = new Uint32Array(texts.length);
  let total = 0;
  for (let k = 0; k < texts.length; k++) {
    total += texts[k]!.length;
    ends[k] = total;
  }
  const text = new Uint8Array(total);
  for (let k = 0; k < texts.length; k++) text.set(texts[k]!, k === 0 ? 0 : ends[k - 1]!);
  return { text, ends };
}
