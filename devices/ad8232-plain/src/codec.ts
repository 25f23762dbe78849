import {
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ZERO = 0x30;
const EXCLAMATION = 0x21;
/** Four digits of a 10- or 12-bit converter and a carriage return. */
const MAX_LINE_BYTES = 5;

export interface PlainScale {
  readonly zeroCount: number;
  readonly unitsPerCount: number;
  /** Highest count of the converter: 1023 on an Uno. */
  readonly highestCount: number;
}

/**
 * The lines of SparkFun's AD8232 example: a whole number, or `!` while an electrode is off, each with CR LF. Whatever
 * precedes the first line feed is dropped. A number is believed when it is one to four digits and in the converter's range:
 * nothing else can be checked, and a digit lost on the way gives a wrong value that nobody can see.
 *
 * There is neither counter nor clock: `counter` and `deviceTime` are NaN. A `!` is a sample without a value (NaN) with the
 * flag `leadOff`.
 */
export class PlainCodec implements Codec {
  readonly #scale: PlainScale;
  readonly #frames = new FrameArrays(1);
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #tooLong = false;
  #partial = true;
  #broken = false;
  #framesOk = 0;
  #bytesSkipped = 0;
  #resyncs = 0;

  constructor(scale: PlainScale) {
    this.#scale = scale;
  }

  get counters(): CodecCounters {
    return {
      framesOk: this.#framesOk,
      bytesSkipped: this.#bytesSkipped,
      resyncs: this.#resyncs,
      checksumErrors: 0,
      duplicates: 0,
    };
  }

  push(bytes: Uint8Array): FrameBatch {
    this.#frames.clear();
    for (const byte of bytes) {
      if (byte === LINE_FEED) this.#endLine();
      else if (this.#partial || this.#tooLong) this.#bytesSkipped++;
      else if (this.#length < MAX_LINE_BYTES) this.#line[this.#length++] = byte;
      else {
        this.#bytesSkipped += this.#length + 1;
        this.#length = 0;
        this.#tooLong = true;
      }
    }
    return this.#frames.batch();
  }

  reset(): void {
    this.#bytesSkipped += this.#length;
    this.#length = 0;
    this.#tooLong = false;
    this.#partial = true;
  }

  #endLine(): void {
    if (this.#partial || this.#tooLong) {
      this.#bytesSkipped++;
      this.#broken ||= this.#tooLong;
    } else this.#takeLine();
    this.#partial = false;
    this.#tooLong = false;
    this.#length = 0;
  }

  #takeLine(): void {
    const line = this.#line;
    const end =
      this.#length > 0 && line[this.#length - 1] === CARRIAGE_RETURN ? this.#length - 1 : this.#length;
    if (end === 0) return;
    if (end === 1 && line[0] === EXCLAMATION) {
      this.#emit(Number.NaN, FRAME_FLAGS.leadOff);
      return;
    }
    let count = 0;
    for (let i = 0; i < end; i++) {
      const digit = line[i]! - ZERO;
      count = digit >= 0 && digit <= 9 ? 10 * count + digit : Number.NaN;
    }
    const { highestCount, zeroCount, unitsPerCount } = this.#scale;
    if (end <= 4 && count <= highestCount) this.#emit((count - zeroCount) * unitsPerCount, 0);
    else {
      this.#bytesSkipped += this.#length + 1;
      this.#broken = true;
    }
  }

  #emit(value: number, flags: number): void {
    const resynchronised = this.#broken && this.#framesOk > 0;
    if (resynchronised) this.#resyncs++;
    this.#broken = false;
    const at = this.#frames.append(
      Number.NaN,
      Number.NaN,
      resynchronised ? flags | FRAME_FLAGS.resynchronised : flags,
    );
    this.#frames.values[at] = value;
    this.#framesOk++;
  }
}
