import { type BoardSimulator, type Damage, Damager } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { encodeFrame } from "./frame.ts";

const RATES = [1, 10, 100, 1000] as const;
const ALL_INPUTS = 63;

export interface BitalinoSimulatorOptions {
  /** As the board names itself; `5.2` by default. */
  readonly firmware?: string;
  /** A board that an earlier session left running, with all inputs at 1000 Hz. */
  readonly startsStreaming?: boolean;
  /** How much the board's clock is too fast, parts per million. */
  readonly driftPpm?: number;
  /** Share of full scale, 0 to 1, at the six inputs, then I1, I2, O1 and O2 (0 or 1): `out` is `[10]`. */
  readonly signal?: (sampleIndex: number, out: Float64Array) => void;
}

/** Half of full scale with a slow triangle, another phase on each input. */
function testSignal(sampleIndex: number, out: Float64Array): void {
  for (let c = 0; c < 6; c++) out[c] = 0.25 + Math.abs(((sampleIndex + 150 * c) % 1000) - 500) / 1000;
  out.fill(0, 6);
}

/**
 * Behaves like a BITalino (r)evolution: command bytes in, replies and frames out. Time comes from the caller. What it
 * sends can be damaged on request.
 */
export class BitalinoSimulator implements BoardSimulator {
  readonly #firmware: string;
  readonly #signal: (sampleIndex: number, out: Float64Array) => void;
  readonly #speed: number;
  readonly #damager = new Damager();
  readonly #sample = new Float64Array(10);
  #rate = 1000;
  #mask = 0;
  #simulated = false;
  #outputs = 0;
  #awaitsPwm = false;
  #stalled = false;
  #skip = 0;
  #sequence = 0;
  #sampleIndex = 0;
  #firstIndex = 0;
  #since = Number.NaN;
  #pending: Uint8Array = new Uint8Array(0);
  #lastCommandAt = Number.NEGATIVE_INFINITY;
  #shortestGap = Number.POSITIVE_INFINITY;

  constructor(options: BitalinoSimulatorOptions = {}) {
    this.#firmware = options.firmware ?? "5.2";
    this.#signal = options.signal ?? testSignal;
    this.#speed = 1 + (options.driftPpm ?? 0) * 1e-6;
    this.#mask = options.startsStreaming ? ALL_INPUTS : 0;
  }

  get streaming(): boolean {
    return this.#mask !== 0;
  }

  /** Samples per second that it was set to. */
  get samplingRate(): number {
    return this.#rate;
  }

  /** Enabled inputs, bit i for A(i + 1). */
  get inputMask(): number {
    return this.#mask;
  }

  get simulated(): boolean {
    return this.#simulated;
  }

  /** The shortest time between two commands so far. The board asks for 0.1 s. */
  get shortestCommandGap(): Seconds {
    return this.#shortestGap;
  }

  /** Go silent with the port open; samples go on being taken and are lost. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** The next `n` frames are counted by the board and never arrive, as when the radio link fails. */
  loseFrames(n: number): void {
    this.#skip += n;
  }

  /** Damage to the bytes of the frames to come. */
  damage(damage: Damage): void {
    this.#damager.add(damage);
  }

  receive(bytes: Uint8Array, now: Seconds): Uint8Array {
    const replies: number[] = [];
    for (const byte of bytes) {
      this.#shortestGap = Math.min(this.#shortestGap, now - this.#lastCommandAt);
      this.#lastCommandAt = now;
      replies.push(...this.#receiveByte(byte, now));
    }
    return Uint8Array.from(replies);
  }

  produce(now: Seconds): Uint8Array {
    const pending = this.#pending;
    this.#pending = new Uint8Array(0);
    if (!this.streaming) return pending;
    return Uint8Array.from([...pending, ...this.#due(now)]);
  }

  #due(now: Seconds): Uint8Array {
    if (Number.isNaN(this.#since)) this.#begin(now);
    const due = Math.floor((now - this.#since) * this.#rate * this.#speed + 1e-6);
    const out: number[] = [];
    for (let k = this.#sampleIndex - this.#firstIndex; k < due; k++) {
      const frame = this.#frame();
      if (this.#skip > 0) this.#skip--;
      else if (!this.#stalled) out.push(...frame);
    }
    return this.#damager.apply(Uint8Array.from(out));
  }

  #begin(now: Seconds): void {
    this.#since = now;
    this.#firstIndex = this.#sampleIndex;
  }

  #receiveByte(byte: number, now: Seconds): readonly number[] {
    if (this.#awaitsPwm) {
      this.#awaitsPwm = false;
      return [];
    }
    if (byte === 0xa3) this.#awaitsPwm = true;
    else if ((byte & 0xf3) === 0xb3) this.#outputs = (byte >> 2) & 3;
    else if (this.streaming) {
      if (byte !== 0x00 && byte !== 0xff) return [];
      // What was sampled before the command is still on its way.
      this.#pending = this.#due(now);
      this.#mask = 0;
      this.#since = Number.NaN;
    } else if (byte === 0x07)
      return [...`BITalino_v${this.#firmware}\n`].map((character) => character.charCodeAt(0));
    else if ((byte & 0x3f) === 0x03) this.#rate = RATES[(byte >> 6) as 0 | 1 | 2 | 3];
    else if ((byte & 3) === 1 || (byte & 3) === 2) {
      this.#mask = byte >> 2;
      this.#simulated = (byte & 3) === 2;
      this.#sequence = 0;
      this.#begin(now);
    }
    return [];
  }

  #frame(): Uint8Array {
    this.#signal(this.#sampleIndex++, this.#sample);
    const inputs = [0, 1, 2, 3, 4, 5].filter((input) => this.#mask & (1 << input));
    const counts = inputs.map((input, place) => {
      const full = place < 4 ? 1024 : 64;
      return Math.max(0, Math.min(full - 1, Math.round(this.#sample[input]! * full)));
    });
    const digital = (this.#sample[6]! << 3) | (this.#sample[7]! << 2) | this.#outputs;
    const frame = encodeFrame(this.#sequence, digital, counts);
    this.#sequence = (this.#sequence + 1) & 15;
    return frame;
  }
}
