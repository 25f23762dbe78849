import {
  ByteBuffer,
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";

export const CYTON_FRAME_BYTES = 33;
const HEADER = 0xa0;
const FIRST_FOOTER = 0xc0;
const LAST_FOOTER = 0xc6;
const AUX = 26;
const FOOTER = 32;

/** g per count: LIS3DH at 2 mg per digit, left-justified by four bits (OpenBCI Cyton data format). */
export const G_PER_COUNT = 0.002 / 16;

export interface CytonCodecOptions {
  /** Frames alternate between Daisy (even) and board (odd): two of them make one sample of up to 16 channels. */
  readonly daisy: boolean;
  /** What to deliver, in this order; the three axes of the accelerometer in g follow. */
  readonly channels: readonly {
    /** 0 to 15; from 8 on the Daisy's. */
    readonly input: number;
    readonly unitsPerCount: number;
  }[];
}

/**
 * Frames of the OpenBCI Cyton (firmware 3.1.2 and its data format page), big-endian, 33 bytes:
 *
 *     A0 | n | 8 x int24 | 6 bytes aux | C0..C6
 *
 * Acceleration comes at 25 Hz (zeros in between) and is held; NaN before the first. With time stamps (C3 to C6) bytes 2
 * to 5 of aux are board milliseconds, and in C3 and C4 bytes 0 and 1 are the x, y or z axis where n mod 10 is 7, 8 or 9.
 *
 * Locked, a frame is taken when header and footer fit and the next header is in its place: a frame is therefore delivered
 * when the first byte of its successor arrives. Hunting, two consecutive frames with rising n are asked for. There is no
 * checksum: a flipped bit inside a sample cannot be seen here.
 *
 * With a Daisy, even n is the Daisy's half and n + 1 the board's; a sample with a half missing is left out, and the counter,
 * then `n / 2` modulo 128, shows it. A loss of a whole multiple of 256 frames that begins between two halves joins halves of
 * different samples, which nothing on the wire shows. The first frame after a start, n = 0, holds an average of nothing
 * and is left out.
 */
export class CytonCodec implements Codec {
  readonly #daisy: boolean;
  readonly #inputs: Uint8Array;
  readonly #scales: Float64Array;
  readonly #frames: FrameArrays;

  readonly #buffer = new ByteBuffer();
  /** Those of the buffer, for the length of a `push`. */
  #bytes: Uint8Array = new Uint8Array(0);
  #locked = false;
  #lostLock = false;
  #fresh = true;
  #flags = 0;
  readonly #previous = new Uint8Array(CYTON_FRAME_BYTES);
  #hasPrevious = false;

  /** The Daisy's half of the sample under way and its n; -1 when there is none. */
  readonly #half = new Float64Array(16);
  #halfCounter = -1;
  #halfFlags = 0;
  readonly #acceleration = new Float64Array(3).fill(Number.NaN);
  #wraps = 0;
  #lastStamp = 0;
  #milliseconds = Number.NaN;

  #framesOk = 0;
  #bytesSkipped = 0;
  #resyncs = 0;
  #duplicates = 0;

  constructor(options: CytonCodecOptions) {
    this.#daisy = options.daisy;
    this.#inputs = Uint8Array.from(options.channels, (channel) => channel.input);
    this.#scales = Float64Array.from(options.channels, (channel) => channel.unitsPerCount);
    this.#frames = new FrameArrays(options.channels.length + 3);
  }

  get counters(): CodecCounters {
    return {
      framesOk: this.#framesOk,
      bytesSkipped: this.#bytesSkipped,
      resyncs: this.#resyncs,
      checksumErrors: 0,
      duplicates: this.#duplicates,
    };
  }

  reset(): void {
    this.#buffer.clear();
    this.#locked = false;
    this.#lostLock = false;
    this.#fresh = true;
    this.#flags = 0;
    this.#hasPrevious = false;
    this.#halfCounter = -1;
    this.#acceleration.fill(Number.NaN);
  }

  push(bytes: Uint8Array): FrameBatch {
    const nBefore = this.#buffer.length;
    this.#bytes = this.#buffer.append(bytes);
    this.#frames.clear();
    let at = 0;
    for (;;) {
      const rest = this.#buffer.length - at;
      if (this.#locked) {
        if (rest <= CYTON_FRAME_BYTES) break;
        if (this.#looksLikeFrame(at) && this.#bytes[at + CYTON_FRAME_BYTES] === HEADER) {
          this.#take(at);
          at += CYTON_FRAME_BYTES;
          if (at <= nBefore) this.#frames.markHeldBack();
        } else {
          this.#locked = false;
          this.#lostLock = true;
        }
      } else {
        if (rest < 1) break;
        if (this.#bytes[at] !== HEADER) {
          at++;
          this.#bytesSkipped++;
          continue;
        }
        if (rest < 2 * CYTON_FRAME_BYTES) break;
        if (this.#looksLikeFrame(at) && this.#continues(at)) {
          this.#locked = true;
          if (this.#lostLock) {
            this.#resyncs++;
            this.#flags = FRAME_FLAGS.resynchronised;
          }
          this.#lostLock = false;
          this.#take(at);
          at += CYTON_FRAME_BYTES;
          if (at <= nBefore) this.#frames.markHeldBack();
        } else {
          at++;
          this.#bytesSkipped++;
        }
      }
    }
    this.#buffer.drop(at);
    return this.#frames.batch();
  }

  #looksLikeFrame(at: number): boolean {
    const footer = this.#bytes[at + FOOTER]!;
    return this.#bytes[at] === HEADER && footer >= FIRST_FOOTER && footer <= LAST_FOOTER;
  }

  #continues(at: number): boolean {
    const next = at + CYTON_FRAME_BYTES;
    return this.#looksLikeFrame(next) && this.#bytes[next + 1] === ((this.#bytes[at + 1]! + 1) & 255);
  }

  #take(at: number): void {
    // Equal in every byte: sent twice. Equal in n alone: 256 frames are missing in between.
    if (this.#hasPrevious && this.#equalsPrevious(at)) {
      this.#duplicates++;
      return;
    }
    this.#previous.set(this.#bytes.subarray(at, at + CYTON_FRAME_BYTES));
    this.#hasPrevious = true;
    this.#framesOk++;
    this.#readAux(at);
    const n = this.#bytes[at + 1]!;
    const first = this.#fresh;
    this.#fresh = false;
    const flags = this.#flags;
    this.#flags = 0;
    if (!this.#daisy) {
      this.#readHalf(at, 0);
      this.#emit(n, flags);
    } else if (n % 2 === 0) {
      this.#halfCounter = first && n === 0 ? -1 : n;
      this.#halfFlags = flags;
      this.#readHalf(at, 8);
    } else {
      if (this.#halfCounter === n - 1) {
        this.#readHalf(at, 0);
        this.#emit(n >> 1, this.#halfFlags | flags);
      } else this.#flags = flags;
      this.#halfCounter = -1;
    }
  }

  #equalsPrevious(at: number): boolean {
    for (let k = 0; k < CYTON_FRAME_BYTES; k++) if (this.#previous[k] !== this.#bytes[at + k]) return false;
    return true;
  }

  /** Eight counts into `#half` from `offset`. */
  #readHalf(at: number, offset: number): void {
    const bytes = this.#bytes;
    for (let c = 0; c < 8; c++) {
      const p = at + 2 + 3 * c;
      this.#half[offset + c] = ((bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8)) >> 8;
    }
  }

  #readAux(at: number): void {
    const footer = this.#bytes[at + FOOTER]!;
    const n = this.#bytes[at + 1]!;
    this.#milliseconds = Number.NaN;
    if (footer === 0xc0) {
      const x = this.#int16(at + AUX);
      const y = this.#int16(at + AUX + 2);
      const z = this.#int16(at + AUX + 4);
      if (x === 0 && y === 0 && z === 0) return;
      this.#acceleration[0] = x * G_PER_COUNT;
      this.#acceleration[1] = y * G_PER_COUNT;
      this.#acceleration[2] = z * G_PER_COUNT;
    } else if (footer >= 0xc3) {
      const stamp = (this.#int16(at + AUX + 2) & 0xffff) * 65536 + (this.#int16(at + AUX + 4) & 0xffff);
      this.#milliseconds = this.#unwrap(stamp);
      const axis = (n % 10) - 7;
      if (footer <= 0xc4 && axis >= 0) this.#acceleration[axis] = this.#int16(at + AUX) * G_PER_COUNT;
    }
    // C1, C2, C5 and C6 carry pins or the user's own bytes, never acceleration.
    if (footer === 0xc1 || footer === 0xc2 || footer >= 0xc5) this.#acceleration.fill(Number.NaN);
  }

  /** The 32 bits of the board's milliseconds wrap after 49.7 days. */
  #unwrap(stamp: number): number {
    if (stamp < this.#lastStamp - 2 ** 31) this.#wraps++;
    this.#lastStamp = stamp;
    return this.#wraps * 2 ** 32 + stamp;
  }

  #int16(at: number): number {
    return ((this.#bytes[at]! << 24) | (this.#bytes[at + 1]! << 16)) >> 16;
  }

  #emit(counter: number, flags: number): void {
    const nChannels = this.#inputs.length;
    const base = this.#frames.append(counter, this.#milliseconds / 1000, flags);
    const values = this.#frames.values;
    for (let c = 0; c < nChannels; c++) values[base + c] = this.#half[this.#inputs[c]!]! * this.#scales[c]!;
    for (let axis = 0; axis < 3; axis++) values[base + nChannels + axis] = this.#acceleration[axis]!;
  }
}
