import type { ChannelFormat } from "../api/stream-info.ts";
import { bytesPerValue, hostIsLittleEndian, type NumericValues, valuesOver } from "./channel-format.ts";

/** From so many channels on a row is moved by one copy, which costs as much as about that many single values. */
const channelsWorthACopy = 12;

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
  /** Numeric formats: `[nSamples, channelCount]`, and more after it. */
  values: NumericValues | undefined;
  /** Strings: all values end to end, and where each of them ends. */
  text: Uint8Array;
  textEnds: Uint32Array;
}

/**
 * Reads samples of protocol 1.10 from bytes that are cut anywhere. Values are moved as raw words, so that every bit
 * pattern, including each NaN, arrives as it was sent. They are moved inside the memory that holds the bytes: without the
 * tags and stamps before them they come to lie end to end and aligned at its start, never beyond what was read.
 *
 * Sample: tag (1 deduced, 2 transmitted and 8 bytes of IEEE double), then the values; a string value is one byte w in
 * {1, 2, 4, 8}, a w-byte length, and that many bytes. A deduced stamp is the last one plus one period (liblsl, sample.cpp).
 */
export class SampleDecoder {
  readonly #options: SampleDecoderOptions;
  readonly #valueBytes: number;
  readonly #rowBytes: number;
  readonly #period: number;
  readonly #copiesRows: boolean;
  #work = new Uint8Array(0);
  #view = new DataView(this.#work.buffer);
  #start = 0;
  #end = 0;
  #lastTimestamp = 0;
  #error: string | undefined;
  /** The memory of `#work` in words of the values' size; 64-bit values take two. */
  #words: Uint8Array | Uint16Array | Uint32Array = this.#work;
  readonly #decoded: DecodedSamples;

  constructor(options: SampleDecoderOptions) {
    this.#options = options;
    this.#valueBytes = bytesPerValue(options.channelFormat);
    this.#rowBytes = this.#valueBytes * options.channelCount;
    this.#period = options.nominalSamplingRate > 0 ? 1 / options.nominalSamplingRate : 0;
    this.#copiesRows =
      options.channelCount >= channelsWorthACopy &&
      (this.#valueBytes === 1 || options.littleEndian === hostIsLittleEndian);
    this.#decoded = {
      nSamples: 0,
      timestamps: new Float64Array(0),
      values: undefined,
      text: new Uint8Array(0),
      textEnds: new Uint32Array(0),
    };
    this.#allocate(1 << 16);
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
      const old = this.#work.subarray(this.#start, this.#end);
      this.#allocate(Math.max(needed, 2 * this.#work.length));
      this.#work.set(old);
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
      if (most > decoded.timestamps.length)
        decoded.timestamps = new Float64Array(Math.max(most, 2 * decoded.timestamps.length, 16));
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
    const copiesRows = this.#copiesRows;
    const end = this.#end;
    // The order of the two words of a 64-bit value: as it came when both sides agree, else exchanged.
    const first = littleEndian === hostIsLittleEndian ? 0 : 1;
    let position = this.#start;
    let last = this.#lastTimestamp;
    // Where the next values go: in bytes where rows are copied, else in words.
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
      if (copiesRows) {
        work.copyWithin(k, at, at + rowBytes);
        k += rowBytes;
        at += rowBytes;
      } else if (valueBytes === 4) {
        for (let c = 0; c < channelCount; c++, at += 4) words[k++] = view.getUint32(at, littleEndian);
      } else if (valueBytes === 8) {
        for (let c = 0; c < channelCount; c++, at += 8) {
          // Both are read first: at the start of the memory the place of one overlaps the other's bytes.
          const one = view.getUint32(at, littleEndian);
          const other = view.getUint32(at + 4, littleEndian);
          words[k + first] = one;
          words[k + 1 - first] = other;
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

  #allocate(bytes: number): void {
    // Whole 64-bit values.
    const memory = new ArrayBuffer(8 * Math.ceil(bytes / 8));
    this.#work = new Uint8Array(memory);
    this.#view = new DataView(memory);
    const { channelFormat } = this.#options;
    if (channelFormat === "string") return;
    this.#decoded.values = valuesOver(
      channelFormat,
      memory,
      Math.floor(memory.byteLength / this.#valueBytes),
    );
    this.#words =
      this.#valueBytes === 1
        ? this.#work
        : this.#valueBytes === 2
          ? new Uint16Array(memory)
          : new Uint32Array(memory);
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
