import { type BoardSimulator, damagedFrame, type FrameDamage } from "@attune/device-kit";
import { encodeDataLine, LINE_FLAGS, LINE_MODULUS } from "./data-line.ts";
import { formatHeader, type LineHeader } from "./header.ts";

/** Harm to one line. */
export type LineDamage = FrameDamage;

export interface LineSimulatorOptions {
  readonly header: LineHeader;
  /** Writes the numbers of sample `sampleIndex` into `out`. Mid-scale when absent. */
  readonly sample?: (sampleIndex: number, out: Float64Array) => void;
  readonly driftPpm?: number;
  /** Deaf and silent for so long after power or reset, as an Uno's boot loader is; then the header is sent. */
  readonly bootSeconds?: number;
  /** Found already streaming: no boot, no header of its own accord. */
  readonly streaming?: boolean;
  readonly firstSeq?: number;
  /** What `micros()` says at power-on. */
  readonly firstMicros?: number;
}

/**
 * A board with the `#ATTUNE` sketch: sends its header on boot and on `?`, streams between `b` and `s`, counts from 0 at
 * every `b`. Time is whatever the caller says.
 */
export class LineSimulator implements BoardSimulator {
  readonly #options: LineSimulatorOptions;
  readonly #numbers: Float64Array;
  readonly #damages: LineDamage[] = [];
  #poweredAt = Number.NaN;
  #startsAt = Number.NaN;
  #readyAt = Number.NaN;
  #streaming = false;
  #headerDue = false;
  #sampleIndex = 0;
  #firstSeq = 0;
  #linesSent = 0;
  #loseNext = 0;
  #overrun = false;
  #stalled = false;
  #held = 0;
  #once = 0;

  constructor(options: LineSimulatorOptions) {
    this.#options = options;
    this.#numbers = new Float64Array(options.header.channels.length);
  }

  /** Samples taken since the last `b`, sent or not. */
  get sampleIndex(): number {
    return this.#sampleIndex;
  }

  get linesSent(): number {
    return this.#linesSent;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  /** Commands `?` `b` `s`; anything else is ignored, as the sketch does. @returns the reply */
  receive(bytes: Uint8Array, now: number): Uint8Array {
    this.#power(now);
    if (now < this.#readyAt || this.#stalled) return new Uint8Array(0);
    let reply = this.#bootHeader();
    for (const byte of bytes) {
      const command = String.fromCharCode(byte);
      if (command === "?") reply += `${formatHeader(this.#options.header)}\n`;
      if (command === "b") this.#start(now);
      if (command === "s") this.#streaming = false;
    }
    return ascii(reply);
  }

  /** Lines that fell due since the last call. */
  produce(now: number): Uint8Array {
    this.#power(now);
    if (now < this.#readyAt) return new Uint8Array(0);
    const out: number[] = this.#stalled ? [] : [...ascii(this.#bootHeader())];
    if (!this.#streaming) return Uint8Array.from(out);
    const rate = this.#options.header.samplingRate * (1 + (this.#options.driftPpm ?? 0) * 1e-6);
    const due = Math.floor((now - this.#startsAt) * rate + 1e-9);
    for (; this.#sampleIndex < due; this.#sampleIndex++) this.#take(out);
    return Uint8Array.from(out);
  }

  /** As when DTR rises or the supply drops: everything begins anew, and it waits for `b`. */
  reset(now: number): void {
    this.#poweredAt = now;
    this.#readyAt = now + (this.#options.bootSeconds ?? 0);
    this.#streaming = false;
    this.#headerDue = true;
  }

  /** The next `n` samples find the queue full: they are counted, never sent, and the sample after them says so. */
  overrun(n: number): void {
    this.#loseNext += n;
    this.#overrun = true;
  }

  /** The next `n` lines are lost on the way. */
  loseLines(n: number): void {
    this.#loseNext += n;
  }

  /** A stalled board answers nothing and sends nothing; its sample count goes on. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** Each damage harms one line, in the order asked for. */
  damage(...damages: readonly LineDamage[]): void {
    this.#damages.push(...damages);
  }

  /** Electrodes off, until told otherwise. */
  setLeadOff(positive: boolean, negative: boolean): void {
    this.#held = (positive ? LINE_FLAGS.leadOffPositive : 0) | (negative ? LINE_FLAGS.leadOffNegative : 0);
  }

  /** A pulse on the marker pin: the next sample carries it. */
  marker(): void {
    this.#once |= LINE_FLAGS.marker;
  }

  #power(now: number): void {
    if (!Number.isNaN(this.#poweredAt)) return;
    if (!this.#options.streaming) {
      this.reset(now);
      return;
    }
    this.#poweredAt = now;
    this.#readyAt = now;
    this.#start(now);
  }

  #start(now: number): void {
    if (this.#streaming) return;
    this.#streaming = true;
    this.#startsAt = now;
    this.#sampleIndex = 0;
    this.#firstSeq = this.#options.firstSeq ?? 0;
  }

  #bootHeader(): string {
    if (!this.#headerDue) return "";
    this.#headerDue = false;
    return `${formatHeader(this.#options.header)}\n`;
  }

  #take(out: number[]): void {
    const { sample, header, firstMicros = 0 } = this.#options;
    if (this.#stalled) return;
    if (this.#loseNext > 0) {
      this.#loseNext--;
      return;
    }
    this.#numbers.fill(header.unit === "adc" ? 2 ** (header.bits - 1) : 0);
    sample?.(this.#sampleIndex, this.#numbers);
    // The board's own clock runs with the same crystal as its timer: sample k lies exactly k / nominal rate after the start.
    const sinceStart = ((this.#sampleIndex + 1) * 1e6) / header.samplingRate;
    const micros = Math.round((firstMicros + (this.#startsAt - this.#poweredAt) * 1e6 + sinceStart) / 4) * 4;
    const flags = this.#held | this.#once | (this.#overrun ? LINE_FLAGS.overrun : 0);
    this.#once = 0;
    this.#overrun = false;
    const seq = (this.#firstSeq + this.#sampleIndex) % LINE_MODULUS;
    const line = ascii(encodeDataLine(seq, micros % LINE_MODULUS, this.#numbers, flags));
    for (const byte of damagedFrame(line, this.#damages.shift())) out.push(byte);
    this.#linesSent++;
  }
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
