import type { ChannelFormat } from "../api/stream-info.ts";
import { allocateValues, bytesPerValue, hostIsLittleEndian, type NumericValues } from "./channel-format.ts";

export interface SampleDecoderOptions {
  readonly channelFormat: ChannelFormat;
  readonly channelCount: number;
  readonly nominalSamplingRate: number;
  /** The sender's Byte-Order. */
  readonly littleEndian: boolean;
  /** Flush subnormal floats to zero, keeping the sign. */
  readonly suppressSubnormals: boolean;
  readonly maximumStringBytes: number;
  readonly maximumSampleBytes: number;
}

/** What one call decoded. The arrays are the decoder's own and are overwritten by its next call: copy what you keep. */
export interface DecodedSamples {
  nSamples: number;
  timestamps: Float64Array;
  /** Numeric formats: `[nSamples, channelCount]`. */
  values: NumericValues | undefined;
  /** Strings: all values end to end, and where each of them ends. */
  text: Uint8Array;
  textEnds: Uint32Array;
}

/**
 * Reads samples of protocol 1.10 from bytes that are cut anywhere. Values are moved as raw words, so that every bit
 * pattern, including each NaN, arrives as it was sent.
 *
 * Sample: tag (1 deduced, 2 transmitted and 8 bytes of IEEE double), then the values; a string value is one byte w in
 * {1, 2, 4, 8}, a w-byte length, and that many bytes. A deduced stamp is the last one plus one period (liblsl, sample.cpp).
 */
export class SampleDecoder {
  readonly #options: SampleDecoderOptions;
  readonly #valueBytes: number;
  readonly #rowBytes: number;
  readonly #period: number;
  #work = new Uint8Array(1 << 16);
  #view = new DataView(this.#work.buffer);
  #start = 0;
  #end = 0;
  #lastTimestamp = 0;
  #error: string | undefined;
  #capacity = 0;
  #words: Uint8Array | Uint16Array | Uint32Array = new Uint8Array(0);
  readonly #decoded: DecodedSamples;

  constructor(options: SampleDecoderOptions) {
    this.#options = options;
    this.#valueBytes = bytesPerValue(options.channelFormat);
    this.#rowBytes = this.#valueBytes * options.channelCount;
    this.#period = options.nominalSamplingRate > 0 ? 1 / options.nominalSamplingRate : 0;
    this.#decoded = {
      nSamples: 0,
      timestamps: new Float64Array(0),
      values: undefined,
      text: new Uint8Array(0),
      textEnds: new Uint32Array(0),
    };
  }

  /** Why the stream cannot be read further; undefined while all is well. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Bytes that wait for the rest of their sample. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Forgets the stamp that deduced ones start from: the test samples do not count. */
  resetTimestamps(): void {
    this.#lastTimestamp = 0;
  }

  /** Takes bytes in; they are copied. */
  append(bytes: Uint8Array): void {
    const kept = this.#end - this.#start;
    const needed = kept + bytes.length;
    if (needed > this.#work.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#work.length));
      larger.set(this.#work.subarray(this.#start, this.#end));
      this.#work = larger;
      this.#view = new DataView(larger.buffer);
    } else if (this.#start > 0) {
      this.#work.copyWithin(0, this.#start, this.#end);
    }
    this.#work.set(bytes, kept);
    this.#start = 0;
    this.#end = needed;
  }

  /** Decodes at most `maximum` of the samples that are complete. After corrupt bytes {@link error} says what was wrong. */
  decode(maximum = Number.POSITIVE_INFINITY): DecodedSamples {
    const decoded = this.#decoded;
    decoded.nSamples = 0;
    if (this.#error !== undefined) return decoded;
    if (this.#valueBytes === 0) this.#decodeStrings(maximum);
    else {
      const most = Math.min(maximum, Math.floor(this.pendingBytes / (1 + this.#rowBytes)));
      this.#reserve(most);
      if (most > 0) this.#decodeNumbers(most);
      if (this.#options.suppressSubnormals && decoded.nSamples > 0) this.#suppressSubnormals();
    }
    return decoded;
  }

  #decodeNumbers(most: number): void {
    const littleEndian = this.#options.littleEndian;
    const channelCount = this.#options.channelCount;
    const view = this.#view;
    const work = this.#work;
    const words = this.#words;
    const timestamps = this.#decoded.timestamps;
    const rowBytes = this.#rowBytes;
    const valueBytes = this.#valueBytes;
    const end = this.#end;
    // The order of the two words of a 64-bit value: as it came when both sides agree, else exchanged.
    const first = littleEndian === hostIsLittleEndian ? 0 : 1;
    let position = this.#start;
    let last = this.#lastTimestamp;
    let k = 0;
    let n = 0;
    while (n < most) {
      const tag = work[position]!;
      let at = position + 1;
      if (tag === 2) {
        if (at + 8 + rowBytes > end) break;
        last = view.getFloat64(at, littleEndian);
        at += 8;
      } else if (tag === 1) {
        if (at + rowBytes > end) break;
        last += this.#period;
      } else {
        this.#error = `a sample began with tag ${tag}, expected 1 or 2`;
        break;
      }
      timestamps[n++] = last;
      if (valueBytes === 4) {
        for (let c = 0; c < channelCount; c++, at += 4) words[k++] = view.getUint32(at, littleEndian);
      } else if (valueBytes === 8) {
        for (let c = 0; c < channelCount; c++, at += 8) {
          words[k + first] = view.getUint32(at, littleEndian);
          words[k + 1 - first] = view.getUint32(at + 4, littleEndian);
          k += 2;
        }
      } else if (valueBytes === 2) {
        for (let c = 0; c < channelCount; c++, at += 2) words[k++] = view.getUint16(at, littleEndian);
      } else {
        for (let c = 0; c < channelCount; c++) words[k++] = work[at++]!;
      }
      position = at;
      if (position >= end) break;
    }
    this.#start = position;
    this.#lastTimestamp = last;
    this.#decoded.nSamples = n;
  }

  #decodeStrings(maximum: number): void {
    const { littleEndian, channelCount } = this.#options;
    const decoded = this.#decoded;
    const view = this.#view;
    let used = 0;
    let n = 0;
    while (n < maximum && this.#start < this.#end) {
      const tag = this.#work[this.#start]!;
      if (tag !== 1 && tag !== 2) {
        this.#error = `a sample began with tag ${tag}, expected 1 or 2`;
        break;
      }
      const values = this.#start + (tag === 2 ? 9 : 1);
      const textBytes = this.#measureStrings(values);
      if (textBytes < 0) break;
      if (n >= decoded.timestamps.length) decoded.timestamps = grown(decoded.timestamps, n + 1);
      if ((n + 1) * channelCount > decoded.textEnds.length)
        decoded.textEnds = grown(decoded.textEnds, (n + 1) * channelCount);
      if (used + textBytes > decoded.text.length) decoded.text = grown(decoded.text, used + textBytes);

      let at = values;
      for (let c = 0; c < channelCount; c++) {
        const width = this.#work[at]!;
        const length = this.#readLength(at + 1, width);
        at += 1 + width;
        decoded.text.set(this.#work.subarray(at, at + length), used);
        used += length;
        at += length;
        decoded.textEnds[n * channelCount + c] = used;
      }
      this.#lastTimestamp =
        tag === 2 ? view.getFloat64(this.#start + 1, littleEndian) : this.#lastTimestamp + this.#period;
      decoded.timestamps[n++] = this.#lastTimestamp;
      this.#start = at;
    }
    decoded.nSamples = n;
  }

  /** Bytes of text in the sample whose values start at `at`; -1 when it is not complete or is corrupt. */
  #measureStrings(at: number): number {
    const { channelCount, maximumStringBytes, maximumSampleBytes } = this.#options;
    let total = 0;
    for (let c = 0; c < channelCount; c++) {
      if (at >= this.#end) return -1;
      const width = this.#work[at]!;
      if (width !== 1 && width !== 2 && width !== 4 && width !== 8) {
        this.#error = `a string had a length of ${width} bytes, expected 1, 2, 4 or 8`;
        return -1;
      }
      if (at + 1 + width > this.#end) return -1;
      const length = this.#readLength(at + 1, width);
      total += length;
      if (length > maximumStringBytes || total > maximumSampleBytes) {
        this.#error = `a string of ${length} bytes exceeds the limits of ${maximumStringBytes} bytes a value and ${maximumSampleBytes} a sample`;
        return -1;
      }
      at += 1 + width + length;
    }
    return at <= this.#end ? total : -1;
  }

  #readLength(at: number, width: number): number {
    const { littleEndian } = this.#options;
    if (width === 1) return this.#work[at]!;
    if (width === 2) return this.#view.getUint16(at, littleEndian);
    if (width === 4) return this.#view.getUint32(at, littleEndian);
    const high = this.#view.getUint32(littleEndian ? at + 4 : at, littleEndian);
    const low = this.#view.getUint32(littleEndian ? at : at + 4, littleEndian);
    return high * 2 ** 32 + low;
  }

  #reserve(nSamples: number): void {
    if (nSamples <= this.#capacity && this.#decoded.values) return;
    this.#capacity = Math.max(nSamples, 2 * this.#capacity, 16);
    const { channelFormat, channelCount } = this.#options;
    if (channelFormat === "string") return;
    const values = allocateValues(channelFormat, this.#capacity * channelCount);
    this.#decoded.values = values;
    this.#decoded.timestamps = new Float64Array(this.#capacity);
    const Words = this.#valueBytes === 1 ? Uint8Array : this.#valueBytes === 2 ? Uint16Array : Uint32Array;
    this.#words = new Words(values.buffer as ArrayBuffer);
  }

  #suppressSubnormals(): void {
    const words = this.#words;
    const { channelFormat, channelCount } = this.#options;
    const nValues = this.#decoded.nSamples * channelCount;
    if (channelFormat === "float32") {
      for (let k = 0; k < nValues; k++) if ((words[k]! & 0x7f800000) === 0) words[k] = words[k]! & 0x80000000;
    } else if (channelFormat === "double64") {
      const high = hostIsLittleEndian ? 1 : 0;
      for (let k = 0; k < 2 * nValues; k += 2) {
        if ((words[k + high]! & 0x7ff00000) !== 0) continue;
        words[k + high] = words[k + high]! & 0x80000000;
        words[k + 1 - high] = 0;
      }
    }
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(array: T, needed: number): T {
  const Same = array.constructor as new (length: number) => T;
  const larger = new Same(Math.max(needed, 2 * array.length, 64));
  larger.set(array as never);
  return larger;
}
