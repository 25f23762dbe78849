import type { ChannelFormat } from "../api/stream-info.ts";
import { bytesPerValue, hostIsLittleEndian, type NumericValues } from "./channel-format.ts";

/** The stamp that stands for "previous plus one period" (`DEDUCED_TIMESTAMP` of liblsl's common.h). */
export const deducedTimestamp = -1;

/** Samples in wire form, and what a queue must know to cut them. */
export interface EncodedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly nSamples: number;
  /** Bytes of each sample when all are equally long, else 0. */
  readonly sampleBytes: number;
  /** Samples up to this one (exclusive) were pushed through; the rest may wait for their group. */
  readonly releasedSamples: number;
}

/**
 * Where the stamps of a chunk come from; `array` wins over `first`. Without an array each stamp is the one before plus
 * `period`: the very additions that a receiver makes for deduced stamps, so that both ways give the same bits.
 */
export interface ChunkStamps {
  readonly array: Float64Array | undefined;
  /** Stamp of the first sample, or {@link deducedTimestamp}. */
  readonly first: number;
  readonly period: number;
  /** Send all but the first as deduced. Only without `array`. */
  readonly deduceRest: boolean;
}

/**
 * Writes samples of protocol 1.10 in little-endian order, straight from typed arrays into one growing buffer, which
 * {@link take} hands over. Numbers move as raw words, so every bit pattern survives.
 */
export class SampleEncoder {
  readonly #valueBytes: number;
  readonly #channelCount: number;
  readonly #longBytes: number;
  readonly #textEncoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;
  #nSamples = 0;
  #released = 0;
  #equallyLong = true;
  #lastStamp = 0;

  constructor(format: ChannelFormat, channelCount: number, initialBytes = 1 << 16) {
    this.#valueBytes = bytesPerValue(format);
    this.#channelCount = channelCount;
    this.#longBytes = 9 + this.#valueBytes * channelCount;
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes waiting to be taken. */
  get byteLength(): number {
    return this.#length;
  }

  get nSamples(): number {
    return this.#nSamples;
  }

  /** Bytes of a sample with its stamp; for strings without the values. */
  get fullSampleBytes(): number {
    return this.#longBytes;
  }

  /** Everything so far may be sent at once. */
  release(): void {
    this.#released = this.#nSamples;
  }

  /**
   * Part of a chunk; the parts of one chunk come in order.
   * @param values `[…, channelCount]` in the stream's own typed array
   * @param from first sample
   * @param to   end of the samples, exclusive
   */
  appendNumbers(values: NumericValues, from: number, to: number, stamps: ChunkStamps): void {
    const channelCount = this.#channelCount;
    const valueBytes = this.#valueBytes;
    this.#reserve((to - from) * this.#longBytes);
    const bytes = this.#bytes;
    const view = this.#view;
    const words = wordsOf(values, valueBytes);
    const first = hostIsLittleEndian ? 0 : 1;
    let k = from * channelCount * (valueBytes === 8 ? 2 : 1);
    let at = this.#length;
    for (let n = from; n < to; n++) {
      at = this.#writeStamp(at, n, stamps);
      if (valueBytes === 4) {
        for (let c = 0; c < channelCount; c++, at += 4) view.setUint32(at, words[k++]!, true);
      } else if (valueBytes === 8) {
        for (let c = 0; c < channelCount; c++, at += 8) {
          view.setUint32(at, words[k + first]!, true);
          view.setUint32(at + 4, words[k + 1 - first]!, true);
          k += 2;
        }
      } else if (valueBytes === 2) {
        for (let c = 0; c < channelCount; c++, at += 2) view.setUint16(at, words[k++]!, true);
      } else {
        for (let c = 0; c < channelCount; c++) bytes[at++] = words[k++]!;
      }
    }
    this.#length = at;
    this.#nSamples += to - from;
  }

  /** Sample `n` of a chunk of strings: text is sent as UTF-8, bytes as they are. */
  appendStrings(values: ArrayLike<unknown>, n: number, stamps: ChunkStamps): void {
    this.#equallyLong = false;
    this.#reserve(9);
    this.#length = this.#writeStamp(this.#length, n, stamps);
    for (let c = 0; c < this.#channelCount; c++) {
      const value = values[n * this.#channelCount + c];
      const text = value instanceof Uint8Array ? value : this.#textEncoder.encode(String(value));
      const length = text.length;
      this.#reserve(9 + length);
      if (length < 256) {
        this.#bytes[this.#length] = 1;
        this.#bytes[this.#length + 1] = length;
        this.#length += 2;
      } else {
        // A JavaScript string or array is always shorter than 2^32 bytes: the 8-byte form is never needed here.
        this.#bytes[this.#length] = 4;
        this.#view.setUint32(this.#length + 1, length, true);
        this.#length += 5;
      }
      this.#bytes.set(text, this.#length);
      this.#length += length;
    }
    this.#nSamples++;
  }

  /** Hands over what was written and starts anew; the bytes belong to the caller. */
  take(): EncodedBatch {
    const handOver = this.#length > this.#bytes.length / 2;
    const batch: EncodedBatch = {
      bytes: handOver ? this.#bytes.subarray(0, this.#length) : this.#bytes.slice(0, this.#length),
      nSamples: this.#nSamples,
      sampleBytes: this.#equallyLong && this.#nSamples > 0 ? this.#length / this.#nSamples : 0,
      releasedSamples: this.#released,
    };
    if (handOver) {
      this.#bytes = new Uint8Array(Math.min(this.#bytes.length, 1 << 18));
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#length = 0;
    this.#nSamples = 0;
    this.#released = 0;
    this.#equallyLong = true;
    return batch;
  }

  #writeStamp(at: number, n: number, stamps: ChunkStamps): number {
    const { array, first } = stamps;
    if (array) this.#lastStamp = array[n]!;
    else this.#lastStamp = n === 0 || first === deducedTimestamp ? first : this.#lastStamp + stamps.period;
    if (this.#lastStamp === deducedTimestamp || (stamps.deduceRest && !array && n > 0)) {
      this.#bytes[at] = 1;
      this.#equallyLong = false;
      return at + 1;
    }
    this.#bytes[at] = 2;
    this.#view.setFloat64(at + 1, this.#lastStamp, true);
    return at + 9;
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/**
 * Where the sample that starts at `at` ends, in bytes that an encoder of ours wrote.
 * @param rowBytes bytes of a numeric sample's values; 0 for strings
 */
export function endOfSample(bytes: Uint8Array, at: number, rowBytes: number, channelCount: number): number {
  let position = at + (bytes[at] === 2 ? 9 : 1);
  if (rowBytes > 0) return position + rowBytes;
  for (let c = 0; c < channelCount; c++) {
    if (bytes[position] === 1) position += 2 + bytes[position + 1]!;
    else {
      const view = new DataView(bytes.buffer, bytes.byteOffset + position + 1, 4);
      position += 5 + view.getUint32(0, true);
    }
  }
  return position;
}

function wordsOf(values: NumericValues, valueBytes: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = values;
  if (valueBytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (valueBytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
