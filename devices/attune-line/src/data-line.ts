/**
 * The data line of the `#ATTUNE` protocol:
 *
 *     $<seq u32>,<micros u32>,<value>[,<value>...],<flags hex>*<xor hex>
 *
 * The checksum is the exclusive or of all bytes between `$` and `*`, two hexadecimal digits, as NMEA 0183 does it. Lines
 * end with a line feed, a carriage return before it is allowed, and are at most 120 bytes long with their end.
 */
export const MAX_LINE_BYTES = 120;
/** `seq` and `micros` wrap here. */
export const LINE_MODULUS = 2 ** 32;

export const LINE_FLAGS = {
  /** The AD8232's LO+ output: its positive electrode is off. */
  leadOffPositive: 1,
  leadOffNegative: 2,
  /** The interrupt found its queue full: samples before this one were lost (the sequence number says how many). */
  overrun: 4,
  /** The marker pin was active since the sample before. */
  marker: 8,
} as const;

export interface DataLine {
  seq: number;
  micros: number;
  flags: number;
}

const DOLLAR = 0x24;
const STAR = 0x2a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Write one line with its line feed. */
export function encodeDataLine(
  seq: number,
  micros: number,
  values: ArrayLike<number>,
  flags: number,
): string {
  const body = `${seq},${micros},${Array.from(values).join(",")},${flags.toString(16).toUpperCase()}`;
  let xor = 0;
  for (let i = 0; i < body.length; i++) xor ^= body.charCodeAt(i);
  return `$${body}*${xor.toString(16).toUpperCase().padStart(2, "0")}\n`;
}

/**
 * Reads data lines without making objects. It is strict: exactly the announced number of values, digits only, nothing
 * out of range, so that most harm that slips through an 8-bit checksum is seen nevertheless.
 */
export class DataLineReader {
  readonly #nValues: number;
  readonly #lowest: number;
  readonly #highest: number;
  readonly values: Float64Array;
  readonly line: DataLine = { seq: 0, micros: 0, flags: 0 };
  #at = 0;

  constructor(nValues: number, lowest: number, highest: number) {
    this.#nValues = nValues;
    this.#lowest = lowest;
    this.#highest = highest;
    this.values = new Float64Array(nValues);
  }

  /**
   * @param end index of the byte after the line's last, without line feed and carriage return
   * @returns `ok` with `line` and `values` filled; `checksum` when only the checksum contradicts; `malformed` otherwise
   */
  read(bytes: Uint8Array, start: number, end: number): "ok" | "checksum" | "malformed" {
    if (bytes[start] !== DOLLAR || end - start < 9 || bytes[end - 3] !== STAR) return "malformed";
    const high = hexDigit(bytes[end - 2]!);
    const low = hexDigit(bytes[end - 1]!);
    if (high < 0 || low < 0) return "malformed";
    let xor = 0;
    for (let i = start + 1; i < end - 3; i++) xor ^= bytes[i]!;
    if (xor !== high * 16 + low) return "checksum";
    this.#at = start + 1;
    const seq = this.#unsigned(bytes, COMMA);
    const micros = seq < 0 ? -1 : this.#unsigned(bytes, COMMA);
    if (micros < 0) return "malformed";
    for (let c = 0; c < this.#nValues; c++) {
      const negative = bytes[this.#at] === MINUS;
      if (negative) this.#at++;
      const magnitude = this.#unsigned(bytes, COMMA);
      const value = negative ? -magnitude : magnitude;
      if (magnitude < 0 || value < this.#lowest || value > this.#highest) return "malformed";
      this.values[c] = value;
    }
    let flags = 0;
    const digits = end - 3 - this.#at;
    if (digits < 1 || digits > 2) return "malformed";
    for (; this.#at < end - 3; this.#at++) {
      const digit = hexDigit(bytes[this.#at]!);
      if (digit < 0) return "malformed";
      flags = flags * 16 + digit;
    }
    this.line.seq = seq;
    this.line.micros = micros;
    this.line.flags = flags;
    return "ok";
  }

  /** Digits up to `terminator`, which is passed over; -1 when they are none or do not fit in 32 bits. */
  #unsigned(bytes: Uint8Array, terminator: number): number {
    let value = 0;
    let digits = 0;
    for (; bytes[this.#at] !== terminator; this.#at++) {
      const digit = bytes[this.#at]! - ZERO;
      if (!(digit >= 0 && digit <= 9) || ++digits > 10) return -1;
      value = value * 10 + digit;
    }
    this.#at++;
    return digits > 0 && value < LINE_MODULUS ? value : -1;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}
