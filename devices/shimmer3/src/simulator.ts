import { type BoardSimulator, type Damage, Damager } from "@attune/device-kit";
import type { Seconds } from "@attune/signal";
import { type ChecksumBytes, CODES, TICKS_PER_SECOND, withChecksum } from "./commands.ts";
import { gainOf, millivoltsPerCount, REGISTERS_PER_CHIP } from "./exg.ts";

const MAX_COUNT = 2 ** 23 - 1;
/** Ids of an inquiry reply: status and two channels of each chip. */
const EXG_IDS = [
  [0x1d, 0x1e, 0x1f],
  [0x20, 0x21, 0x22],
] as const;
const SENSOR_BITS = [0x10, 0x08] as const;
/** How many argument bytes follow each command; commands with a length of their own are not listed. */
const ARGUMENTS: Readonly<Record<number, number>> = {
  [CODES.setSensors]: 3,
  [CODES.setSamplingRate]: 2,
  [CODES.getExgRegisters]: 3,
  [CODES.setChecksum]: 1,
  [CODES.setInStreamAcknowledgement]: 1,
};

export interface Shimmer3SimulatorOptions {
  /** 3 for a Shimmer3, 10 for a Shimmer3R. */
  readonly hardware?: number;
  /** LogAndStream version, `[0, 16, 9]` by default; before 0.13.7 it knows no checksum. */
  readonly firmware?: readonly [number, number, number];
  /** A sensor that an earlier session left running. */
  readonly startsStreaming?: boolean;
  /** How much the sensor's crystal is too fast, parts per million. */
  readonly driftPpm?: number;
  /** Ticks of its clock at the first sample; near 2^24 it wraps soon. */
  readonly startTicks?: number;
  /** Millivolt of `[exg1-ch1, exg1-ch2, exg2-ch1, exg2-ch2]` at sample `sampleIndex`: `out` is `[4]`. */
  readonly signal?: (sampleIndex: number, out: Float64Array) => void;
  /** Sends no ExG, as a Shimmer3 without the ExG board. */
  readonly withoutExg?: boolean;
}

function slowSines(sampleIndex: number, out: Float64Array): void {
  for (let c = 0; c < 4; c++) out[c] = 0.5 * Math.sin(sampleIndex / 50 + c);
}

/**
 * Behaves like a Shimmer3 with LogAndStream firmware: commands in, acknowledgements, responses and data packets out. Time
 * comes from the caller. What it sends can be damaged on request.
 */
export class Shimmer3Simulator implements BoardSimulator {
  readonly #options: Shimmer3SimulatorOptions;
  readonly #signal: (sampleIndex: number, out: Float64Array) => void;
  readonly #speed: number;
  readonly #damager = new Damager();
  readonly #sample = new Float64Array(4);
  readonly #registers = [0, 1].map(() => Uint8Array.of(2, 0xa0, 0x10, 0x40, 0x40, 0x2d, 0, 0, 2, 3)) as [
    Uint8Array,
    Uint8Array,
  ];
  #sensors = 0x18;
  #divider = 64;
  #checksum: ChecksumBytes = 0;
  #acknowledgesStatus = true;
  #streaming: boolean;
  #stalled = false;
  #skip = 0;
  #sampleIndex = 0;
  #firstIndex = 0;
  #since = Number.NaN;
  #ticks: number;
  #received: number[] = [];
  #pending: number[] = [];

  constructor(options: Shimmer3SimulatorOptions = {}) {
    this.#options = options;
    this.#signal = options.signal ?? slowSines;
    this.#speed = 1 + (options.driftPpm ?? 0) * 1e-6;
    this.#streaming = options.startsStreaming ?? false;
    this.#ticks = options.startTicks ?? 0;
  }

  get streaming(): boolean {
    return this.#streaming;
  }

  get checksumBytes(): ChecksumBytes {
    return this.#checksum;
  }

  /** The ten registers of ExG chip 1 or 2. */
  registers(chip: 1 | 2): Uint8Array {
    return this.#registers[chip - 1]!;
  }

  /** Go silent with the port open; samples go on being taken and are lost. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** The next `n` packets are taken and never arrive, as when Bluetooth is congested. */
  loseFrames(n: number): void {
    this.#skip += n;
  }

  /** Damage to the bytes of the packets to come. */
  damage(damage: Damage): void {
    this.#damager.add(damage);
  }

  /** An unasked status message, as on docking, in front of the next packet. */
  sendStatus(): void {
    const acknowledged = this.#acknowledgesStatus ? [CODES.acknowledged] : [];
    this.#pending.push(
      ...this.#message([...acknowledged, CODES.inStreamResponse, CODES.statusResponse, 0x01]),
    );
  }

  receive(bytes: Uint8Array, now: Seconds): Uint8Array {
    const replies: number[] = [];
    this.#received.push(...bytes);
    for (;;) {
      const command = this.#takeCommand();
      if (!command) return Uint8Array.from(replies);
      const reply = this.#answer(command, now);
      if (reply.length === 0) continue;
      // The acknowledgement of a stop comes after the packets that were sampled before it.
      replies.push(...this.#pending.splice(0), ...this.#message(reply));
    }
  }

  produce(now: Seconds): Uint8Array {
    if (!this.#streaming) return Uint8Array.from(this.#pending.splice(0));
    return Uint8Array.from([...this.#pending.splice(0), ...this.#due(now)]);
  }

  #message(bytes: readonly number[]): Uint8Array {
    return withChecksum(Uint8Array.from(bytes), this.#checksum);
  }

  #takeCommand(): readonly number[] | undefined {
    const code = this.#received[0];
    if (code === undefined) return undefined;
    const length =
      1 + (code === CODES.setExgRegisters ? 3 + (this.#received[3] ?? 0) : (ARGUMENTS[code] ?? 0));
    if (this.#received.length < length) return undefined;
    if (code === CODES.setExgRegisters && this.#received.length < 4) return undefined;
    return this.#received.splice(0, length);
  }

  #answer(command: readonly number[], now: Seconds): readonly number[] {
    const [code, a = 0, b = 0, c = 0] = command;
    const [major, minor, patch] = this.#options.firmware ?? [0, 16, 9];
    const isNew = major > 0 || minor > 13 || (minor === 13 && patch >= 7);
    const ok = CODES.acknowledged;
    switch (code) {
      case CODES.getHardwareVersion:
        return [ok, CODES.hardwareVersionResponse, this.#options.hardware ?? 3];
      case CODES.getFirmwareVersion:
        return [ok, CODES.firmwareVersionResponse, 3, 0, major & 255, major >> 8, minor, patch];
      case CODES.setInStreamAcknowledgement:
        if (!isNew) return [];
        this.#acknowledgesStatus = a !== 0;
        return [ok];
      case CODES.setChecksum:
        if (!isNew) return [];
        this.#checksum = a as ChecksumBytes;
        return [ok];
      case CODES.setSensors:
        this.#sensors = a | (b << 8) | (c << 16);
        return [ok];
      case CODES.setSamplingRate:
        this.#divider = a | (b << 8);
        return [ok];
      case CODES.setExgRegisters:
        this.#registers[a === 0 ? 0 : 1].set(command.slice(4, 4 + REGISTERS_PER_CHIP - b), b);
        return [ok];
      case CODES.getExgRegisters:
        return [ok, CODES.exgRegistersResponse, c, ...this.#registers[a === 0 ? 0 : 1].subarray(b, b + c)];
      case CODES.inquiry:
        return this.#inquiry();
      case CODES.startStreaming:
        this.#streaming = true;
        this.#begin(now);
        return [ok];
      case CODES.stopStreaming:
        if (this.#streaming) this.#pending.push(...this.#due(now));
        this.#streaming = false;
        this.#since = Number.NaN;
        return [ok];
      default:
        return [];
    }
  }

  #chips(): readonly (0 | 1)[] {
    if (this.#options.withoutExg) return [];
    return ([0, 1] as const).filter((chip) => this.#sensors & SENSOR_BITS[chip]!);
  }

  #inquiry(): readonly number[] {
    const ids = this.#chips().flatMap((chip) => [...EXG_IDS[chip]!]);
    const configuration = [0x01, 0xff, 0x00, 0x08];
    return [
      CODES.acknowledged,
      CODES.inquiryResponse,
      this.#divider & 255,
      this.#divider >> 8,
      ...configuration,
      ids.length,
      1,
      ...ids,
    ];
  }

  #begin(now: Seconds): void {
    this.#since = now;
    this.#firstIndex = this.#sampleIndex;
  }

  #due(now: Seconds): Uint8Array {
    if (Number.isNaN(this.#since)) this.#begin(now);
    const rate = (TICKS_PER_SECOND / this.#divider) * this.#speed;
    const due = Math.floor((now - this.#since) * rate + 1e-6);
    const out: number[] = [];
    while (this.#sampleIndex - this.#firstIndex < due) {
      const packet = this.#packet();
      if (this.#skip > 0) this.#skip--;
      else if (!this.#stalled) out.push(...packet);
    }
    return this.#damager.apply(Uint8Array.from(out));
  }

  #packet(): Uint8Array {
    this.#signal(this.#sampleIndex++, this.#sample);
    const stamp = this.#ticks & 0xffffff;
    this.#ticks += this.#divider;
    const bytes = [CODES.dataPacket, stamp & 255, (stamp >> 8) & 255, stamp >> 16];
    for (const chip of this.#chips()) {
      bytes.push(0x80);
      for (const channel of [1, 2] as const) {
        const scale = millivoltsPerCount(gainOf(this.#registers[chip], channel));
        const count = Math.round(this.#sample[2 * chip + channel - 1]! / scale);
        const held = Math.max(-MAX_COUNT - 1, Math.min(MAX_COUNT, count));
        bytes.push((held >> 16) & 255, (held >> 8) & 255, held & 255);
      }
    }
    return this.#message(bytes);
  }
}
