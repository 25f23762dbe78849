import {
  ByteBuffer,
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";
import { isP2Frame, isP2Header, P2_CHANNELS, P2_COUNT_MODULUS, P2_FRAME_BYTES } from "./frame.ts";

const HEADER_BYTES = 3;

/** How counts of the converter become values: `(count - zeroCount) * unitsPerCount`. */
export interface P2Scale {
  readonly zeroCount: number;
  readonly unitsPerCount: number;
}

/**
 * P2 frames from bytes. Without a checksum the boundary is all that protects: a frame is taken when it is plausible, the
 * next header stands in its place and its count follows the last one; otherwise the codec hunts for two plausible
 * frames with rising counts. A frame is therefore delivered when the first three bytes of the next one have come. A
 * flipped bit in a low byte cannot be seen by anyone.
 *
 * `counter` is the count byte (modulus 256), `deviceTime` is NaN. A change of the switches byte sets the `marker` flag.
 */
export class P2Codec implements Codec {
  readonly #nChannels: number;
  readonly #scale: P2Scale;
  readonly #frames: FrameArrays;
  readonly #buffer = new ByteBuffer();
  /** Those of the buffer, for the length of a `push`. */
  #bytes: Uint8Array = new Uint8Array(0);
  #locked = false;
  readonly #last = new Uint8Array(P2_FRAME_BYTES);
  #hasLast = false;
  #everLocked = false;
  #skippedSinceLock = 0;
  #framesOk = 0;
  #bytesSkipped = 0;
  #resyncs = 0;
  #duplicates = 0;

  /** @param nChannels the first how many of the six inputs to deliver */
  constructor(nChannels: number, scale: P2Scale) {
    if (!(Number.isInteger(nChannels) && nChannels >= 1 && nChannels <= P2_CHANNELS))
      throw new RangeError(`A P2 frame carries 1 to ${P2_CHANNELS} channels, asked for ${nChannels}.`);
    this.#nChannels = nChannels;
    this.#scale = scale;
    this.#frames = new FrameArrays(nChannels);
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

  push(bytes: Uint8Array): FrameBatch {
    this.#frames.clear();
    const nBefore = this.#buffer.length;
    this.#bytes = this.#buffer.append(bytes);
    this.#buffer.drop(this.#consume(nBefore));
    return this.#frames.batch();
  }

  reset(): void {
    this.#bytesSkipped += this.#buffer.length;
    this.#buffer.clear();
    this.#locked = false;
    this.#hasLast = false;
  }

  /**
   * @param nBefore bytes of the buffer that came with an earlier push
   * @returns how many bytes of the buffer are done with
   */
  #consume(nBefore: number): number {
    const buffer = this.#bytes;
    const end = this.#buffer.length;
    let at = 0;
    while (at < end) {
      if (this.#locked) {
        if (end - at < P2_FRAME_BYTES + HEADER_BYTES) break;
        const inPlace = isP2Frame(buffer, at) && isP2Header(buffer, at + P2_FRAME_BYTES);
        if (inPlace && this.#repeatsLast(at)) {
          this.#duplicates++;
          at += P2_FRAME_BYTES;
        } else if (inPlace && follows(this.#last[3]!, buffer[at + 3]!)) {
          this.#emit(at, 0);
          at += P2_FRAME_BYTES;
          if (at <= nBefore) this.#frames.markHeldBack();
        } else this.#locked = false;
      } else if (buffer[at] !== 0xa5) {
        at += this.#skip();
      } else {
        if (end - at < 2 * P2_FRAME_BYTES) break;
        const next = at + P2_FRAME_BYTES;
        const pair = isP2Frame(buffer, at) && isP2Frame(buffer, next);
        if (pair && follows(buffer[at + 3]!, buffer[next + 3]!)) {
          this.#lock(at);
          at += P2_FRAME_BYTES;
          if (at <= nBefore) this.#frames.markHeldBack();
        } else at += this.#skip();
      }
    }
    return at;
  }

  #lock(at: number): void {
    const resynchronised = this.#everLocked && this.#skippedSinceLock > 0;
    if (resynchronised) this.#resyncs++;
    this.#everLocked = true;
    this.#skippedSinceLock = 0;
    this.#locked = true;
    this.#emit(at, resynchronised ? FRAME_FLAGS.resynchronised : 0);
  }

  #skip(): 1 {
    this.#bytesSkipped++;
    this.#skippedSinceLock++;
    return 1;
  }

  #repeatsLast(at: number): boolean {
    if (!this.#hasLast) return false;
    for (let i = 0; i < P2_FRAME_BYTES; i++) if (this.#bytes[at + i] !== this.#last[i]) return false;
    return true;
  }

  #emit(at: number, flags: number): void {
    const buffer = this.#bytes;
    const { zeroCount, unitsPerCount } = this.#scale;
    const switched = this.#hasLast && buffer[at + 16] !== this.#last[16];
    const first = this.#frames.append(
      buffer[at + 3]!,
      Number.NaN,
      switched ? flags | FRAME_FLAGS.marker : flags,
    );
    const values = this.#frames.values;
    for (let c = 0; c < this.#nChannels; c++) {
      const count = (buffer[at + 4 + 2 * c]! << 8) | buffer[at + 5 + 2 * c]!;
      values[first + c] = (count - zeroCount) * unitsPerCount;
    }
    this.#last.set(buffer.subarray(at, at + P2_FRAME_BYTES));
    this.#hasLast = true;
    this.#framesOk++;
  }
}

const follows = (before: number, after: number): boolean => after === (before + 1) % P2_COUNT_MODULUS;
