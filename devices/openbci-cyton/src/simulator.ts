import { type BoardSimulator, type Damage, Damager } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { CYTON_GAINS, inputOfSelector, microvoltsPerCount } from "./channel-setup.ts";
import { G_PER_COUNT } from "./codec.ts";
import { LEAD_OFF_AMPERES, LEAD_OFF_HZ, SERIES_OHMS } from "./impedance.ts";

/** The board's sampling rate; its radio carries no more. */
const FRAME_RATE = 250;
const MAX_COUNT = 2 ** 23 - 1;
const FOOTERS = { acceleration: 0xc0, stampedFirst: 0xc3, stamped: 0xc4 };

export interface CytonSimulatorOptions {
  readonly daisyAttached?: boolean;
  /** The board is switched off: the dongle answers alone. */
  readonly boardOff?: boolean;
  /** A board that an earlier session left running. */
  readonly startsStreaming?: boolean;
  /** How much the board's crystal is too fast, parts per million. */
  readonly driftPpm?: number;
  /** Microvolts at the 16 inputs and g on the three axes of sample `sampleIndex` at 250 Hz: `out` is `[19]`. */
  readonly signal?: (sampleIndex: number, out: Float64Array) => void;
  /** `[16]`, of the electrodes, for the measuring current. */
  readonly electrodeKilohms?: readonly number[];
  /** Commands that the board refuses with `Failure:`, by their first letter. */
  readonly refuses?: string;
  readonly firmware?: string;
}

/** A 10 Hz sine of 20 uV, another phase on each input, and gravity. */
function restingSignal(sampleIndex: number, out: Float64Array): void {
  const angle = (2 * Math.PI * 10 * sampleIndex) / FRAME_RATE;
  for (let c = 0; c < 16; c++) out[c] = 20 * Math.sin(angle + (2 * Math.PI * c) / 16);
  out[16] = 0;
  out[17] = 0;
  out[18] = 1;
}

/**
 * Behaves like an OpenBCI Cyton behind its dongle (firmware 3.1.2): commands in, replies and frames out. Time comes from
 * the caller. What it sends can be damaged on request.
 */
export class CytonSimulator implements BoardSimulator {
  readonly #options: CytonSimulatorOptions;
  readonly #signal: (sampleIndex: number, out: Float64Array) => void;
  readonly #period: Seconds;
  readonly #damager = new Damager();
  readonly #sample = new Float64Array(19);
  readonly #previous = new Float64Array(16);
  readonly #gains = new Float64Array(16).fill(24);
  readonly #on = new Array<boolean>(16).fill(true);
  readonly #leadOff = new Array<boolean>(16).fill(false);

  #daisy: boolean;
  #streaming: boolean;
  #stamps = false;
  #stampsFirst = false;
  #stalled = false;
  #skip = 0;
  #command = "";
  #n = 0;
  #sampleIndex = 0;
  /** Samples due since `#since`, of which `#sampleIndex - #firstIndex` were sent. */
  #since = Number.NaN;
  #firstIndex = 0;

  constructor(options: CytonSimulatorOptions = {}) {
    this.#options = options;
    this.#signal = options.signal ?? restingSignal;
    this.#period = 1 / FRAME_RATE / (1 + (options.driftPpm ?? 0) * 1e-6);
    this.#daisy = options.daisyAttached ?? false;
    this.#streaming = options.startsStreaming ?? false;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  /** Inputs whose measuring current is on, 0 to 15. */
  get leadOffInputs(): readonly number[] {
    return this.#leadOff.flatMap((on, input) => (on ? [input] : []));
  }

  /** Go silent with the port open; samples go on being taken and are lost. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** The next `n` frames are taken and counted by the board and never arrive, as when its radio fails. */
  loseFrames(n: number): void {
    this.#skip += n;
  }

  /** Damage to the bytes of the frames to come. */
  damage(damage: Damage): void {
    this.#damager.add(damage);
  }

  receive(bytes: Uint8Array, now: Seconds): Uint8Array {
    if (this.#options.boardOff)
      return ascii("Failure: Communications timeout - Device failed to poll Host$$$");
    let reply = "";
    for (const byte of bytes) reply += this.#receiveCharacter(String.fromCharCode(byte), now);
    return ascii(reply);
  }

  produce(now: Seconds): Uint8Array {
    if (!this.#streaming || this.#options.boardOff) return new Uint8Array(0);
    if (Number.isNaN(this.#since)) {
      this.#since = now;
      this.#firstIndex = this.#sampleIndex;
    }
    const due = Math.floor((now - this.#since) / this.#period + 1e-6);
    const nNew = Math.max(0, due - (this.#sampleIndex - this.#firstIndex));
    const frames = new Uint8Array(33 * nNew);
    let length = 0;
    for (let k = 0; k < nNew; k++) {
      const frame = frames.subarray(length, length + 33);
      this.#writeFrame(frame);
      if (this.#skip > 0) this.#skip--;
      else if (!this.#stalled) length += 33;
    }
    return this.#damager.apply(frames.subarray(0, length));
  }

  #receiveCharacter(character: string, now: Seconds): string {
    this.#command += character;
    const command = this.#command;
    if (command[0] === "x" && command.length < 9) return "";
    if (command[0] === "z" && command.length < 5) return "";
    this.#command = "";
    if (this.#options.refuses?.includes(command[0]!)) return "Failure: refused by request$$$";
    if (command[0] === "x" || command[0] === "z") return this.#setChannel(command);
    switch (command) {
      case "v":
        this.#reset();
        this.#daisy = this.#options.daisyAttached ?? false;
        this.#gains.fill(24);
        this.#on.fill(true);
        this.#leadOff.fill(false);
        return this.#banner();
      case "V":
        return `${this.#options.firmware ?? "v3.1.2"}$$$`;
      case "d":
        this.#gains.fill(24);
        this.#on.fill(true);
        return this.#unlessStreaming("updating channel settings to default$$$");
      case "b":
        this.#streaming = true;
        this.#n = 0;
        this.#since = now;
        this.#firstIndex = this.#sampleIndex;
        return "";
      case "s":
        this.#reset();
        return "";
      case "c":
        if (!this.#daisy) return "";
        this.#daisy = false;
        return "daisy removed$$$";
      case "C":
        if (this.#daisy) return "16$$$";
        this.#daisy = this.#options.daisyAttached ?? false;
        return this.#daisy ? "daisy attached16$$$" : "no daisy to attach!8$$$";
      case "<":
        this.#stamps = true;
        this.#stampsFirst = true;
        return `,${this.#unlessStreaming("Time stamp ON$$$")}`;
      case ">":
        this.#stamps = false;
        return this.#unlessStreaming("Time stamp OFF$$$");
      default:
        return "";
    }
  }

  #reset(): void {
    this.#streaming = false;
    this.#since = Number.NaN;
  }

  #unlessStreaming(reply: string): string {
    return this.#streaming ? "" : reply;
  }

  #banner(): string {
    return [
      "OpenBCI V3 8-16 channel",
      "On Board ADS1299 Device ID: 0x3E",
      ...(this.#daisy ? ["On Daisy ADS1299 Device ID: 0x3E"] : []),
      "LIS3DH Device ID: 0x33",
      `Firmware: ${this.#options.firmware ?? "v3.1.2"}`,
      "$$$",
    ].join("\r\n");
  }

  #setChannel(command: string): string {
    const input = inputOfSelector(command[1]!);
    const isSetup = command[0] === "x";
    if (!command.endsWith(isSetup ? "X" : "Z"))
      return isSetup ? "Failure: 9th char not X$$$" : "Failure: 5th char not Z$$$";
    if (input < 0) return "Failure: too few chars$$$";
    if (isSetup) {
      this.#on[input] = command[2] === "0";
      this.#gains[input] = CYTON_GAINS[Number(command[3])] ?? 24;
      return this.#unlessStreaming(`Success: Channel set for ${input + 1}$$$`);
    }
    this.#leadOff[input] = command[2] === "1";
    return this.#unlessStreaming(`Success: Lead off set for ${input + 1}$$$`);
  }

  #writeFrame(frame: Uint8Array): void {
    const index = this.#sampleIndex++;
    const n = this.#n;
    this.#n = (n + 1) & 255;
    this.#signal(index, this.#sample);
    this.#addMeasuringCurrent(index);
    frame[0] = 0xa0;
    frame[1] = n;
    const first = this.#daisy && n % 2 === 0 ? 8 : 0;
    for (let c = 0; c < 8; c++) {
      const input = first + c;
      // With a Daisy each half carries the mean of this sample and the one before it.
      const microvolts = this.#daisy
        ? (this.#sample[input]! + this.#previous[input]!) / 2
        : this.#sample[input]!;
      const counts = this.#on[input] ? Math.round(microvolts / microvoltsPerCount(this.#gains[input]!)) : 0;
      const held = Math.max(-MAX_COUNT - 1, Math.min(MAX_COUNT, counts));
      frame[2 + 3 * c] = held >> 16;
      frame[3 + 3 * c] = held >> 8;
      frame[4 + 3 * c] = held;
    }
    for (let c = 0; c < 16; c++) this.#previous[c] = this.#sample[c]!;
    this.#writeAux(frame, index, n);
  }

  #writeAux(frame: Uint8Array, index: number, n: number): void {
    frame.fill(0, 26, 32);
    frame[32] = FOOTERS.acceleration;
    if (this.#stamps) {
      const milliseconds = Math.floor((index * 1000) / FRAME_RATE);
      writeInt16(frame, 28, Math.floor(milliseconds / 65536));
      writeInt16(frame, 30, milliseconds);
      if (n % 10 >= 7) writeInt16(frame, 26, Math.round(this.#sample[9 + (n % 10)]! / G_PER_COUNT));
      frame[32] = this.#stampsFirst ? FOOTERS.stampedFirst : FOOTERS.stamped;
      this.#stampsFirst = false;
    } else if (index % 10 === 0)
      for (let axis = 0; axis < 3; axis++)
        writeInt16(frame, 26 + 2 * axis, Math.round(this.#sample[16 + axis]! / G_PER_COUNT));
  }

  #addMeasuringCurrent(index: number): void {
    const sine = Math.sin((2 * Math.PI * LEAD_OFF_HZ * index) / FRAME_RATE);
    for (let c = 0; c < 16; c++) {
      if (!this.#leadOff[c]) continue;
      const ohms = 1000 * (this.#options.electrodeKilohms?.[c] ?? 10) + SERIES_OHMS;
      this.#sample[c] = this.#sample[c]! + LEAD_OFF_AMPERES * ohms * 1e6 * sine;
    }
  }
}

function writeInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
