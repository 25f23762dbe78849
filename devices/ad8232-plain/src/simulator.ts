import type { BoardSimulator } from "@attune/device-kit";

const BITS_PER_BYTE = 10;
/** `analogRead` (0.11 ms) and `delay(1)`. */
const LOOP_SECONDS = 0.00111;

export interface PlainSimulatorOptions {
  /** The count (0..1023) of sample `sampleIndex`; 512 when absent. */
  readonly sample?: (sampleIndex: number) => number;
  /** Default 9600, at which the port and not the program sets the pace. */
  readonly baudRate?: number;
  /** Silence after power or reset. */
  readonly bootSeconds?: number;
  readonly driftPpm?: number;
}

/**
 * An Uno with SparkFun's example: reads, writes a line, waits 1 ms, and waits for the port when that is slower. The pace
 * therefore changes with the number of digits: 192 lines/s with three, 160 with four, 320 while an electrode is off.
 */
export class PlainSimulator implements BoardSimulator {
  readonly #options: PlainSimulatorOptions;
  #poweredAt = Number.NaN;
  #nextAt = Number.NaN;
  #sampleIndex = 0;
  #leadOff = false;
  #stalled = false;
  #loseNext = 0;
  readonly #substitutes: string[] = [];

  constructor(options: PlainSimulatorOptions = {}) {
    this.#options = options;
  }

  get sampleIndex(): number {
    return this.#sampleIndex;
  }

  /** The sketch takes no commands. */
  receive(_bytes: Uint8Array, _now: number): Uint8Array {
    return new Uint8Array(0);
  }

  produce(now: number): Uint8Array {
    if (Number.isNaN(this.#poweredAt)) this.reset(now);
    const { sample, baudRate = 9600, driftPpm = 0 } = this.#options;
    let text = "";
    while (this.#nextAt <= now) {
      const count = Math.min(1023, Math.max(0, Math.round(sample?.(this.#sampleIndex) ?? 512)));
      const line = this.#substitutes.shift() ?? (this.#leadOff ? "!\r\n" : `${count}\r\n`);
      this.#sampleIndex++;
      if (this.#loseNext > 0) this.#loseNext--;
      else if (!this.#stalled) text += line;
      const onWire = (line.length * BITS_PER_BYTE) / baudRate;
      this.#nextAt += Math.max(onWire, LOOP_SECONDS) / (1 + driftPpm * 1e-6);
    }
    return Uint8Array.from(text, (c) => c.charCodeAt(0));
  }

  reset(now: number): void {
    this.#poweredAt = now;
    this.#nextAt = now + (this.#options.bootSeconds ?? 0) + LOOP_SECONDS;
    this.#sampleIndex = 0;
  }

  setLeadOff(off: boolean): void {
    this.#leadOff = off;
  }

  /** A stalled board is read but nothing comes out. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** The next `n` lines are lost on the way. */
  loseLines(n: number): void {
    this.#loseNext += n;
  }

  /** In place of the next lines these texts are sent, such as `51` without its end. */
  damage(...texts: readonly string[]): void {
    this.#substitutes.push(...texts);
  }
}
