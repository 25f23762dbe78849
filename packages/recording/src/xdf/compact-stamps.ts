import { GrowingNumbers } from "./growing.ts";

/** Stamps that are decoded together: `at` decodes at most this many to find one. */
const GROUP = 1024;
const BLOCK_BYTES = 1 << 18;
const FIRST_BLOCK_BYTES = 1 << 10;
/** A stamp takes one to nine bytes: the first up to `LARGEST_SHORT` is the value itself, above it says how many follow. */
const MOST_BYTES = 9;
const LARGEST_SHORT = 247;
const WHOLE_STAMP = 255;
/** Distances below this and their sums with half a stamp are exact in a number. */
const LARGEST_DISTANCE = 2 ** 48;
const HALF = 2 ** 32;

/** One stamp and the two halves of its bits, least significant first. */
const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);

/**
 * The stamps of a stream, to the bit, in a fraction of eight bytes each: every stamp is kept as its distance from the
 * stamp before it plus one sample interval, counted in the numbers between the two. A stamp that the file leaves to
 * be deduced takes one byte, one rounded on another way one as well, one with a millisecond of jitter four or five.
 */
export class CompactStamps {
  length = 0;
  readonly #interval: number;
  readonly #blocks: Uint8Array[] = [];
  /** Bytes written in the last block. */
  #used = 0;
  #previous = 0;
  /** Per group: where it begins, in bytes of whole blocks, and the stamp before it. */
  readonly #groupStart = new GrowingNumbers();
  readonly #groupPrevious = new GrowingNumbers();
  /** The group that `at` decoded last, and how many stamps of it. */
  readonly #decoded = new Float64Array(GROUP);
  #decodedGroup = -1;
  #decodedLength = 0;

  /** @param samplingRate nominal; 0 for streams without a rate */
  constructor(samplingRate: number) {
    this.#interval = samplingRate > 0 ? 1 / samplingRate : 0;
  }

  /** Bytes that are taken for the stamps, without those that find them. */
  get nBytes(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0);
  }

  push(stamp: number): void {
    if (this.#blocks.length === 0 || this.#used > BLOCK_BYTES - MOST_BYTES) {
      this.#blocks.push(new Uint8Array(this.length === 0 ? FIRST_BLOCK_BYTES : BLOCK_BYTES));
      this.#used = 0;
    }
    if (this.length % GROUP === 0) {
      this.#groupStart.push((this.#blocks.length - 1) * BLOCK_BYTES + this.#used);
      this.#groupPrevious.push(this.#previous);
    }
    const bytes = this.#room();
    const expected = this.#previous + this.#interval;
    // 0 and -0 are equal but not the same.
    if (stamp === expected && stamp !== 0) bytes[this.#used++] = 0;
    else this.#used = writeStamp(bytes, this.#used, stamp, expected);
    this.#previous = stamp;
    this.length++;
  }

  at(index: number): number {
    const group = Math.floor(index / GROUP);
    const first = group * GROUP;
    if (group !== this.#decodedGroup || index - first >= this.#decodedLength) {
      this.#decodedGroup = group;
      this.#decodedLength = Math.min(GROUP, this.length - first);
      this.#decode(group, this.#decoded.subarray(0, this.#decodedLength));
    }
    return this.#decoded[index - first]!;
  }

  /** Write all stamps to the start of `out`, which must hold `length` numbers. */
  copyTo(out: Float64Array): void {
    for (let first = 0; first < this.length; first += GROUP)
      this.#decode(first / GROUP, out.subarray(first, Math.min(first + GROUP, this.length)));
  }

  /** The last block, with room for one stamp. */
  #room(): Uint8Array {
    const block = this.#blocks[this.#blocks.length - 1]!;
    if (this.#used + MOST_BYTES <= block.length) return block;
    const larger = new Uint8Array(Math.min(BLOCK_BYTES, block.length * 4));
    larger.set(block);
    this.#blocks[this.#blocks.length - 1] = larger;
    return larger;
  }

  #decode(group: number, out: Float64Array): void {
    const start = this.#groupStart.at(group);
    const interval = this.#interval;
    let block = Math.floor(start / BLOCK_BYTES);
    let bytes = this.#blocks[block]!;
    let at = start - block * BLOCK_BYTES;
    let stamp = this.#groupPrevious.at(group);
    for (let k = 0; k < out.length; k++) {
      if (at > BLOCK_BYTES - MOST_BYTES) {
        bytes = this.#blocks[++block]!;
        at = 0;
      }
      const first = bytes[at]!;
      const expected = stamp + interval;
      stamp = first === 0 ? expected : readStamp(bytes, at, expected);
      at += first <= LARGEST_SHORT ? 1 : 1 + first - LARGEST_SHORT;
      out[k] = stamp;
    }
  }
}

/** @returns one past the last byte written */
function writeStamp(bytes: Uint8Array, at: number, stamp: number, expected: number): number {
  number[0] = expected;
  const low = halves[0]!;
  const high = halves[1]!;
  number[0] = stamp;
  const distance = (halves[1]! - high) * HALF + (halves[0]! - low);
  if (!(Math.abs(distance) < LARGEST_DISTANCE)) {
    bytes[at] = WHOLE_STAMP;
    return writeBytes(bytes, at + 1, halves[0]!, halves[1]!, 8);
  }
  // Even for distances up, odd for distances down.
  const code = distance >= 0 ? 2 * distance : -2 * distance - 1;
  if (code <= LARGEST_SHORT) {
    bytes[at] = code;
    return at + 1;
  }
  let nBytes = 1;
  for (let limit = 256; code >= limit; limit *= 256) nBytes++;
  bytes[at] = LARGEST_SHORT + nBytes;
  return writeBytes(bytes, at + 1, code >>> 0, Math.floor(code / HALF), nBytes);
}

function writeBytes(bytes: Uint8Array, at: number, low: number, high: number, n: number): number {
  for (let i = 0; i < n; i++) bytes[at + i] = (i < 4 ? low : high) >>> (8 * (i & 3));
  return at + n;
}

function readStamp(bytes: Uint8Array, at: number, expected: number): number {
  const first = bytes[at]!;
  let code = first;
  if (first > LARGEST_SHORT) {
    let low = 0;
    let high = 0;
    const n = first - LARGEST_SHORT;
    for (let i = 0; i < n; i++)
      if (i < 4) low |= bytes[at + 1 + i]! << (8 * i);
      else high |= bytes[at + 1 + i]! << (8 * (i - 4));
    if (first === WHOLE_STAMP) {
      halves[0] = low;
      halves[1] = high;
      return number[0]!;
    }
    code = (high >>> 0) * HALF + (low >>> 0);
  }
  const distance = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
  number[0] = expected;
  const sum = halves[0]! + distance;
  const carry = Math.floor(sum / HALF);
  halves[1] = halves[1]! + carry;
  halves[0] = sum - carry * HALF;
  return number[0]!;
}
