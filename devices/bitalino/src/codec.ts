import {
  ByteBuffer,
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";
import { crc4, FRAME_BYTES, readAnalog } from "./frame.ts";
import type { Scale } from "./scale.ts";

/** Consecutive good frames that are asked for before a boundary is believed. A 4-bit checksum alone accepts 1 in 16. */
const FRAMES_TO_LOCK = 4;

export interface BitalinoCodecOptions {
  /** One for each enabled analog channel, 1 to 6, in the order of the inputs. */
  readonly scales: readonly Scale[];
  /** Deliver the inputs I1 and I2 as two more channels, 0 or 1. */
  readonly digitalInputs: boolean;
}

/**
 * Frames of the BITalino (r)evolution: 3 to 8 bytes with a 4-bit sequence number, a 4-bit checksum and no header.
 *
 * Hunting, four consecutive windows with a good checksum and a rising sequence number are asked for. Locked, a frame is
 * delivered when its successor continues it, that is, one sample later. When the successor does not, the frame is kept back
 * until the boundary is found again. If that is where it was, or if the bytes in between are (but for a few) those of the
 * frames that are missing, the frame was good. If the boundary has moved and no frame is missing, either the frame kept back
 * or the first of the new ones is made of the wrong bytes, and neither is delivered. Frames that the link lost whole cost
 * nothing else. A frame equal to the one before it, sequence number included, is delivered once.
 */
export class BitalinoCodec implements Codec {
  readonly #nAnalog: number;
  readonly #frames: FrameArrays;
  readonly #frameBytes: number;
  readonly #multiplier: Float64Array;
  readonly #centre: Float64Array;
  readonly #digitalInputs: boolean;

  readonly #buffer = new ByteBuffer();
  /** Those of the buffer, for the length of a `push`. */
  #bytes: Uint8Array = new Uint8Array(0);
  #locked = false;
  #flags = 0;
  /** A frame kept back while hunting. */
  readonly #held: Uint8Array;
  #hasHeld = false;
  #heldCameEarlier = false;
  /** Where the hunt stands, counted from the end of the frame kept back or, without one, from where it began. */
  #fromHeld = 0;

  #framesOk = 0;
  #bytesSkipped = 0;
  #resyncs = 0;
  #checksumErrors = 0;
  #duplicates = 0;

  constructor(options: BitalinoCodecOptions) {
    this.#nAnalog = options.scales.length;
    this.#frames = new FrameArrays(this.#nAnalog + (options.digitalInputs ? 2 : 0));
    this.#frameBytes = FRAME_BYTES[this.#nAnalog as 1 | 2 | 3 | 4 | 5 | 6];
    this.#held = new Uint8Array(this.#frameBytes);
    this.#multiplier = Float64Array.from(options.scales, (scale) => scale.unitsPerCount);
    this.#centre = Float64Array.from(options.scales, (scale) => scale.zeroCount);
    this.#digitalInputs = options.digitalInputs;
  }

  get counters(): CodecCounters {
    return {
      framesOk: this.#framesOk,
      bytesSkipped: this.#bytesSkipped,
      resyncs: this.#resyncs,
      checksumErrors: this.#checksumErrors,
      duplicates: this.#duplicates,
    };
  }

  reset(): void {
    this.#buffer.clear();
    this.#locked = false;
    this.#flags = 0;
    this.#hasHeld = false;
    this.#fromHeld = 0;
  }

  push(bytes: Uint8Array): FrameBatch {
    const nBefore = this.#buffer.length;
    this.#bytes = this.#buffer.append(bytes);
    this.#frames.clear();
    this.#heldCameEarlier = this.#hasHeld;
    const size = this.#frameBytes;
    let at = 0;
    for (;;) {
      const rest = this.#buffer.length - at;
      if (this.#locked) {
        if (rest < 2 * size) break;
        if (this.#continues(at)) {
          this.#emit(this.#bytes, at);
          at += size;
          if (at <= nBefore) this.#frames.markHeldBack();
        } else {
          this.#keepBack(at);
          this.#heldCameEarlier = at + size <= nBefore;
          at++;
        }
      } else {
        if (rest < FRAMES_TO_LOCK * size) break;
        if (this.#locksAt(at)) {
          at += this.#lock(at);
        } else {
          at++;
          if (!this.#hasHeld || this.#fromHeld >= 0) this.#bytesSkipped++;
          this.#fromHeld++;
        }
      }
    }
    this.#buffer.drop(at);
    return this.#frames.batch();
  }

  /** The hunt begins inside the frame: a good frame that begins there proves that this one is none. */
  #keepBack(at: number): void {
    if (!this.#isGood(at + this.#frameBytes)) this.#checksumErrors++;
    this.#held.set(this.#bytes.subarray(at, at + this.#frameBytes));
    this.#hasHeld = true;
    this.#fromHeld = 1 - this.#frameBytes;
    this.#locked = false;
  }

  /** @returns how many bytes of the frame at `at` are not to be delivered */
  #lock(at: number): number {
    this.#locked = true;
    const size = this.#frameBytes;
    if (!this.#hasHeld) {
      // The last byte alone proves little: the window may end with a frame and begin with what was before it.
      if (this.#fromHeld === 0) return 0;
      this.#bytesSkipped += size;
      return size;
    }
    this.#hasHeld = false;
    const passed = this.#fromHeld;
    const missing = (this.#sequence(at) - (this.#held[size - 1]! >> 4) - 1) & 15;
    const sameBoundary = passed >= 0 && passed % size === 0;
    if (passed === 0 && missing === 15 && this.#equalsHeld(at)) {
      this.#emitHeld();
      this.#duplicates++;
      return size;
    }
    const nPassed = Math.round(passed / size);
    const isGood = sameBoundary || (nPassed > 0 && (nPassed & 15) === missing && missing > 0);
    if (isGood) this.#emitHeld();
    if (!sameBoundary) {
      this.#resyncs++;
      this.#flags = FRAME_FLAGS.resynchronised;
    }
    if (isGood) return 0;
    // Bytes were dropped or inserted and no frame is missing between the two: one of them is wrong.
    this.#bytesSkipped += size + Math.min(size, size + passed);
    return size;
  }

  #emitHeld(): void {
    this.#emit(this.#held, 0);
    if (this.#heldCameEarlier) this.#frames.markHeldBack();
  }

  #equalsHeld(at: number): boolean {
    for (let k = 0; k < this.#frameBytes; k++) if (this.#held[k] !== this.#bytes[at + k]) return false;
    return true;
  }

  #isGood(at: number): boolean {
    const last = at + this.#frameBytes - 1;
    return crc4(this.#bytes, at, this.#frameBytes) === (this.#bytes[last]! & 15);
  }

  #sequence(at: number): number {
    return this.#bytes[at + this.#frameBytes - 1]! >> 4;
  }

  /** The next frame is good and counts one more. */
  #continues(at: number): boolean {
    const next = at + this.#frameBytes;
    return this.#sequence(next) === ((this.#sequence(at) + 1) & 15) && this.#isGood(next);
  }

  #locksAt(at: number): boolean {
    if (!this.#isGood(at)) return false;
    for (let k = 0; k < FRAMES_TO_LOCK - 1; k++)
      if (!this.#continues(at + k * this.#frameBytes)) return false;
    return true;
  }

  #emit(bytes: Uint8Array, at: number): void {
    const last = at + this.#frameBytes - 1;
    const base = this.#frames.append(bytes[last]! >> 4, Number.NaN, this.#flags);
    const values = this.#frames.values;
    this.#framesOk++;
    this.#flags = 0;
    readAnalog(values, base, bytes, last, this.#nAnalog);
    for (let c = 0; c < this.#nAnalog; c++)
      values[base + c] = (values[base + c]! - this.#centre[c]!) * this.#multiplier[c]!;
    if (this.#digitalInputs) {
      values[base + this.#nAnalog] = bytes[last - 1]! >> 7;
      values[base + this.#nAnalog + 1] = (bytes[last - 1]! >> 6) & 1;
    }
  }
}
