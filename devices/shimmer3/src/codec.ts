import {
  ByteBuffer,
  type Codec,
  type CodecCounters,
  FRAME_FLAGS,
  FrameArrays,
  type FrameBatch,
} from "@attune/device-kit";
import { CODES, checksum, TICKS_PER_SECOND } from "./commands.ts";
import type { PacketLayout } from "./packet-layout.ts";

const TICKS_MODULUS = 2 ** 24;
/** Without a checksum: packets in a row that make a boundary, and where their time goes on from the last good packet. */
const PACKETS_TO_LOCK = 6;
const PACKETS_THAT_GO_ON = 3;
/** A connection is given up long before; a time stamp that went back by a damaged bit looks like 512 s. */
const LONGEST_LOSS_TICKS = 60 * TICKS_PER_SECOND;
/** Hunting for so long says that the sensor has set its clock. */
const BYTES_TO_FORGET = 1000;

export interface Shimmer3CodecOptions {
  readonly layout: PacketLayout;
  /** What to deliver, in this order: where each 24-bit value begins in a packet, and its unit. */
  readonly channels: readonly { readonly offset: number; readonly unitsPerCount: number }[];
}

/**
 * Data packets of the Shimmer3: `00 | u24 little-endian, ticks of 32768 Hz | fields`, ExG as status and int24 big-endian,
 * with or without a checksum.
 *
 * The time stamp is the device clock (unwrapped: 24 bits wrap every 512 s) and tells what is lost. It is also the check on
 * the framing, whose header is a mere zero: from packet to packet it rises by less than 1 s and, to one tick, by a multiple
 * of the divider. Locked without a checksum, a packet is taken when header and time stamp of its successor fit as well; with
 * one, at once. Hunting, three packets at multiples of the divider are asked for, two where there is a checksum. Status messages that the
 * sensor sends between packets, when it is docked for instance, are passed over.
 */
export class Shimmer3Codec implements Codec {
  readonly #size: number;
  readonly #bodyBytes: number;
  readonly #checksumBytes: number;
  readonly #divider: number;
  readonly #packetsAhead: number;
  readonly #looksAhead: boolean;
  readonly #offsets: Uint8Array;
  readonly #scales: Float64Array;
  readonly #frames: FrameArrays;

  readonly #buffer: ByteBuffer;
  /** Those of the buffer, for the length of a `push`. */
  #bytes: Uint8Array = new Uint8Array(0);
  #locked = false;
  #wasLocked = false;
  /** Bytes passed since the boundary was lost. */
  #hunted = 0;
  #flags = 0;
  readonly #last: Uint8Array;
  #hasLast = false;
  #lastTicks = -1;
  #ticks = 0;

  #framesOk = 0;
  #bytesSkipped = 0;
  #resyncs = 0;
  #checksumErrors = 0;
  #duplicates = 0;

  constructor({ layout, channels }: Shimmer3CodecOptions) {
    this.#bodyBytes = layout.bytes;
    this.#checksumBytes = layout.checksumBytes;
    this.#size = layout.bytes + layout.checksumBytes;
    this.#divider = layout.divider;
    this.#packetsAhead = layout.checksumBytes > 0 ? 2 : PACKETS_TO_LOCK + 1;
    this.#looksAhead = layout.checksumBytes < 2;
    this.#offsets = Uint8Array.from(channels, (channel) => channel.offset);
    this.#scales = Float64Array.from(channels, (channel) => channel.unitsPerCount);
    this.#last = new Uint8Array(this.#size);
    this.#frames = new FrameArrays(channels.length);
    // What lies behind the last byte may be looked at before it is known that it has not come.
    this.#buffer = new ByteBuffer({ spare: this.#size + 8 });
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

  /** The device time goes on where it was: 512 s more or less cannot be told. */
  reset(): void {
    this.#buffer.clear();
    this.#locked = false;
    this.#wasLocked = false;
    this.#hunted = 0;
    this.#flags = 0;
    this.#hasLast = false;
  }

  push(bytes: Uint8Array): FrameBatch {
    this.#bytes = this.#buffer.append(bytes);
    this.#frames.clear();
    let at = 0;
    for (;;) {
      const rest = this.#buffer.length - at;
      if (this.#locked) {
        if (rest < (this.#looksAhead ? 2 : 1) * this.#size) {
          // A status message is shorter than a packet, and nothing need follow it.
          const status = rest >= this.#statusBytes ? this.#statusMessage(at) : 0;
          if (status === 0) break;
          at += status;
          continue;
        }
        const status = this.#statusMessage(at);
        if (status > 0) at += status;
        else if (this.#hasLast && this.#areEqual(this.#last, 0, at)) {
          this.#duplicates++;
          at += this.#size;
        } else if (this.#isPacket(at) && this.#follows(at) && this.#isFollowed(at)) {
          this.#take(at);
          at += this.#size;
        } else {
          if (this.#bytes[at] === CODES.dataPacket && !this.#checksumFits(at)) this.#checksumErrors++;
          this.#locked = false;
          this.#wasLocked = true;
          this.#hunted = 0;
        }
      } else {
        if (rest < 1) break;
        if (this.#bytes[at] === CODES.dataPacket) {
          if (rest < this.#packetsAhead * this.#size) break;
          if (this.#locksAt(at)) {
            this.#lock(at);
            at += this.#size;
            continue;
          }
        }
        at++;
        this.#hunted++;
        this.#bytesSkipped++;
      }
    }
    this.#buffer.drop(at);
    return this.#frames.batch();
  }

  get #statusBytes(): number {
    return 4 + this.#checksumBytes;
  }

  #lock(at: number): void {
    this.#locked = true;
    if (this.#wasLocked && this.#hunted % this.#size !== 0) {
      this.#resyncs++;
      this.#flags = FRAME_FLAGS.resynchronised;
    }
    this.#take(at);
  }

  #locksAt(at: number): boolean {
    if (this.#checksumBytes > 0) return this.#isRun(at, 2, TICKS_MODULUS);
    if (!this.#isPacket(at)) return false;
    const goesOn = this.#hasLast && this.#follows(at);
    if (this.#isRun(at, goesOn ? PACKETS_THAT_GO_ON : PACKETS_TO_LOCK, TICKS_PER_SECOND))
      return goesOn || this.#mayBeginAt(at);
    const next = at + this.#size;
    // The last packet before more than a second that is missing.
    return (
      goesOn && this.#isRun(at, 2, LONGEST_LOSS_TICKS) && this.#isRun(next, PACKETS_TO_LOCK, TICKS_PER_SECOND)
    );
  }

  /** Whether time may go on from here: from the last good packet, or from anywhere when there is none or it is long ago. */
  #mayBeginAt(at: number): boolean {
    if (!this.#hasLast || this.#hunted > BYTES_TO_FORGET) return true;
    const ticks = (this.#stampAt(at) - this.#lastTicks + TICKS_MODULUS) % TICKS_MODULUS;
    return ticks > 0 && ticks < LONGEST_LOSS_TICKS;
  }

  /** Packets in their places, each less than `limit` ticks after the one before. */
  #isRun(at: number, nPackets: number, limit: number): boolean {
    for (let k = 0; k < nPackets; k++) {
      const here = at + k * this.#size;
      if (!this.#isPacket(here)) return false;
      if (k === 0) continue;
      const periods = this.#periods(this.#stampAt(here) - this.#stampAt(here - this.#size));
      if (periods === 0 || periods * this.#divider >= limit) return false;
    }
    return true;
  }

  #isPacket(at: number): boolean {
    return this.#bytes[at] === CODES.dataPacket && this.#checksumFits(at);
  }

  #checksumFits(at: number): boolean {
    if (this.#checksumBytes === 0) return true;
    const crc = checksum(this.#bytes, at, this.#bodyBytes);
    const end = at + this.#bodyBytes;
    if (this.#bytes[end] !== (crc & 0xff)) return false;
    return this.#checksumBytes === 1 || this.#bytes[end + 1] === crc >> 8;
  }

  /** The time stamp goes on from the packet before. */
  #follows(at: number): boolean {
    return this.#isStep(this.#stampAt(at) - this.#lastTicks);
  }

  /** A packet whose time stamp goes on, or a status message, stands behind. A whole checksum makes that needless. */
  #isFollowed(at: number): boolean {
    if (!this.#looksAhead) return true;
    const next = at + this.#size;
    if (this.#bytes[next] !== CODES.dataPacket) return this.#statusMessage(next) > 0;
    const step = this.#stampAt(next) - this.#stampAt(at);
    return this.#isStep(step) || (step === 0 && this.#areEqual(this.#bytes, at, next));
  }

  #isStep(difference: number): boolean {
    const periods = this.#periods(difference);
    return periods > 0 && periods * this.#divider < TICKS_PER_SECOND;
  }

  /** Sample periods in a difference of time stamps; 0 when it is not a multiple of the divider to one tick. */
  #periods(difference: number): number {
    const ticks = (difference + TICKS_MODULUS) % TICKS_MODULUS;
    const periods = Math.round(ticks / this.#divider);
    return Math.abs(ticks - periods * this.#divider) <= 1 ? periods : 0;
  }

  /** `[FF] 8A 71 status`, which the sensor sends unasked: how many bytes it takes here, 0 when there is none. */
  #statusMessage(at: number): number {
    const acknowledged = this.#bytes[at] === CODES.acknowledged ? 1 : 0;
    const isStatus =
      this.#bytes[at + acknowledged] === CODES.inStreamResponse &&
      this.#bytes[at + acknowledged + 1] === CODES.statusResponse;
    return isStatus ? acknowledged + 3 + this.#checksumBytes : 0;
  }

  #areEqual(before: Uint8Array, beforeAt: number, at: number): boolean {
    for (let k = 0; k < this.#size; k++) if (before[beforeAt + k] !== this.#bytes[at + k]) return false;
    return true;
  }

  #stampAt(at: number): number {
    return this.#bytes[at + 1]! | (this.#bytes[at + 2]! << 8) | (this.#bytes[at + 3]! << 16);
  }

  #take(at: number): void {
    const stamp = this.#stampAt(at);
    this.#ticks =
      this.#lastTicks < 0 ? stamp : this.#ticks + ((stamp - this.#lastTicks + TICKS_MODULUS) % TICKS_MODULUS);
    this.#lastTicks = stamp;
    this.#last.set(this.#bytes.subarray(at, at + this.#size));
    this.#hasLast = true;
    this.#framesOk++;
    const nChannels = this.#offsets.length;
    const base = this.#frames.append(Number.NaN, this.#ticks / TICKS_PER_SECOND, this.#flags);
    const values = this.#frames.values;
    this.#flags = 0;
    for (let c = 0; c < nChannels; c++) {
      const p = at + this.#offsets[c]!;
      const count = ((this.#bytes[p]! << 24) | (this.#bytes[p + 1]! << 16) | (this.#bytes[p + 2]! << 8)) >> 8;
      values[base + c] = count * this.#scales[c]!;
    }
  }
}
