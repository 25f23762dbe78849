import {
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";
import { DataLineReader, LINE_FLAGS, LINE_MODULUS, MAX_LINE_BYTES } from "./data-line.ts";
import type { LineScale } from "./scale.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HASH = 0x23;

/** Counts that only this protocol has. */
export interface LineCounters extends CodecCounters {
  /** Samples with the overrun flag: the board's own queue was full before them. */
  readonly overruns: number;
  /** Lines of more than 120 bytes; they are dropped whole. */
  readonly tooLong: number;
  /** Header lines in the middle of data: the board restarted. */
  readonly restarts: number;
}

export interface LineCodecOptions {
  readonly nChannels: number;
  /** As the header announces it; tells a plausible step of `micros` from a damaged one. */
  readonly samplingRate: number;
  readonly scale: LineScale;
  /** Called for each sample before which the board's own queue lost some. */
  readonly onOverrun?: () => void;
}

/**
 * Checksummed lines to samples. Locked, a line is taken when it is valid and follows the last one: the next sequence number,
 * at most ten sampling intervals later. Any other valid line waits until the next one follows it (then both are taken),
 * because an 8-bit checksum lets one damaged line in 256 pass. Text before the first line feed is the rest of a line and dropped silently; so are lines
 * beginning with `#`. A header line in between, or a sequence number and a clock that both went
 * back, means that the board restarted: the device clock begins anew.
 *
 * `counter` is the sequence number (modulus 2^32), `deviceTime` the board's `micros()` in seconds, unwrapped every
 * 71.6 min.
 */
export class LineCodec implements Codec {
  readonly #nChannels: number;
  readonly #scale: LineScale;
  readonly #reader: DataLineReader;
  readonly #frames: FrameArrays;
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #discarding = false;
  #partial = true;
  #locked = false;
  #lastSeq = Number.NaN;
  /** A valid line that nothing confirms yet. */
  readonly #waiting = { seq: Number.NaN, micros: 0, flags: 0, bytes: 0 };
  readonly #waitingValues: Float64Array;
  #lastMicros = Number.NaN;
  #microsEpoch = 0;
  #everLocked = false;
  #brokenSinceLock = false;
  readonly #counts = {
    framesOk: 0,
    bytesSkipped: 0,
    resyncs: 0,
    checksumErrors: 0,
    duplicates: 0,
    overruns: 0,
    tooLong: 0,
    restarts: 0,
  };

  readonly #longestStepMicros: number;
  readonly #onOverrun: (() => void) | undefined;

  constructor({ nChannels, samplingRate, scale, onOverrun }: LineCodecOptions) {
    this.#onOverrun = onOverrun;
    this.#nChannels = nChannels;
    this.#scale = scale;
    this.#longestStepMicros = (10 * 1e6) / samplingRate;
    this.#reader = new DataLineReader(nChannels, scale.lowest, scale.highest);
    this.#frames = new FrameArrays(nChannels);
    this.#waitingValues = new Float64Array(nChannels);
  }

  get counters(): LineCounters {
    return { ...this.#counts };
  }

  push(bytes: Uint8Array): FrameBatch {
    this.#frames.clear();
    for (const byte of bytes) {
      if (byte !== LINE_FEED) this.#gather(byte);
      else {
        if (this.#discarding) this.#damaged(1);
        else if (this.#partial && this.#line[0] !== HASH) this.#tryPartial();
        else this.#takeLine();
        this.#length = 0;
        this.#discarding = false;
        this.#partial = false;
      }
    }
    return this.#frames.batch();
  }

  reset(): void {
    this.#counts.bytesSkipped += this.#length;
    this.#dropWaiting();
    this.#length = 0;
    this.#discarding = false;
    this.#partial = true;
    this.#locked = false;
    this.#lastSeq = Number.NaN;
    this.#forgetClock();
  }

  #gather(byte: number): void {
    if (this.#discarding) this.#counts.bytesSkipped++;
    else if (this.#length < MAX_LINE_BYTES - 1) this.#line[this.#length++] = byte;
    else {
      this.#counts.tooLong++;
      this.#damaged(this.#length + 1);
      this.#length = 0;
      this.#discarding = true;
    }
  }

  /** The first piece after opening is mostly the rest of a line; a whole line is welcome all the same. */
  #tryPartial(): void {
    const end = this.#lineEnd();
    if (this.#reader.read(this.#line, 0, end) === "ok") this.#takeLine();
    else this.#counts.bytesSkipped += this.#length + 1;
  }

  #lineEnd(): number {
    return this.#length > 0 && this.#line[this.#length - 1] === CARRIAGE_RETURN
      ? this.#length - 1
      : this.#length;
  }

  #takeLine(): void {
    const end = this.#lineEnd();
    if (end === 0) return;
    if (this.#line[0] === HASH) {
      if (isHeader(this.#line, end) && this.#everLocked) this.#restarted();
      return;
    }
    const outcome = this.#reader.read(this.#line, 0, end);
    if (outcome === "checksum") this.#counts.checksumErrors++;
    if (outcome !== "ok") this.#damaged(this.#length + 1);
    else this.#takeSample();
  }

  #takeSample(): void {
    const { seq, micros, flags } = this.#reader.line;
    const waiting = this.#waiting;
    const repeats =
      (seq === this.#lastSeq && micros === this.#lastMicros) ||
      (seq === waiting.seq && micros === waiting.micros);
    if (repeats) this.#counts.duplicates++;
    else if (this.#locked && this.#follows(this.#lastSeq, this.#lastMicros, seq, micros))
      this.#emit(seq, micros, flags, this.#reader.values, 0);
    else if (this.#follows(waiting.seq, waiting.micros, seq, micros)) {
      const resynchronised = this.#everLocked && this.#brokenSinceLock;
      if (resynchronised) this.#counts.resyncs++;
      this.#everLocked = true;
      this.#locked = true;
      this.#brokenSinceLock = false;
      const { seq: first, micros: at, flags: said } = waiting;
      waiting.seq = Number.NaN;
      this.#emit(first, at, said, this.#waitingValues, resynchronised ? FRAME_FLAGS.resynchronised : 0);
      this.#emit(seq, micros, flags, this.#reader.values, 0);
    } else {
      this.#locked = false;
      this.#dropWaiting();
      Object.assign(waiting, { seq, micros, flags, bytes: this.#length + 1 });
      this.#waitingValues.set(this.#reader.values);
    }
  }

  #follows(seqBefore: number, microsBefore: number, seq: number, micros: number): boolean {
    if (seq !== (seqBefore + 1) % LINE_MODULUS) return false;
    const step = (micros - microsBefore + LINE_MODULUS) % LINE_MODULUS;
    return step > 0 && step <= this.#longestStepMicros;
  }

  #emit(seq: number, micros: number, said: number, numbers: Float64Array, also: number): void {
    const wentBack = (seq - this.#lastSeq + LINE_MODULUS) % LINE_MODULUS > LINE_MODULUS / 2;
    if (wentBack && micros < this.#lastMicros) {
      this.#counts.restarts++;
      this.#microsEpoch = 0;
    } else if (micros < this.#lastMicros) this.#microsEpoch += LINE_MODULUS;
    this.#lastMicros = micros;
    this.#lastSeq = seq;
    let flags = also;
    if (said & (LINE_FLAGS.leadOffPositive | LINE_FLAGS.leadOffNegative)) flags |= FRAME_FLAGS.leadOff;
    if (said & LINE_FLAGS.marker) flags |= FRAME_FLAGS.marker;
    if (said & LINE_FLAGS.overrun) {
      this.#counts.overruns++;
      this.#onOverrun?.();
    }
    const first = this.#frames.append(seq, (this.#microsEpoch + micros) / 1e6, flags);
    const values = this.#frames.values;
    const { zero, unitsPerCount } = this.#scale;
    for (let c = 0; c < this.#nChannels; c++) values[first + c] = (numbers[c]! - zero) * unitsPerCount;
    this.#counts.framesOk++;
  }

  #damaged(nBytes: number): void {
    this.#counts.bytesSkipped += nBytes;
    this.#brokenSinceLock = true;
  }

  #dropWaiting(): void {
    if (Number.isNaN(this.#waiting.seq)) return;
    this.#damaged(this.#waiting.bytes);
    this.#waiting.seq = Number.NaN;
  }

  #restarted(): void {
    this.#counts.restarts++;
    this.#dropWaiting();
    this.#locked = false;
    this.#lastSeq = Number.NaN;
    this.#forgetClock();
  }

  #forgetClock(): void {
    this.#lastMicros = Number.NaN;
    this.#microsEpoch = 0;
  }
}

const HEADER_TAG = Uint8Array.from("#ATTUNE", (c) => c.charCodeAt(0));
const isHeader = (line: Uint8Array, end: number): boolean =>
  end >= HEADER_TAG.length && HEADER_TAG.every((byte, i) => line[i] === byte);
