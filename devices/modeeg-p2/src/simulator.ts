import { type BoardSimulator, damagedFrame, type FrameDamage } from "@attune/device-kit";
import { encodeP2Frame, P2_CHANNELS, P2_FRAME_BYTES, P2_MIDSCALE } from "./frame.ts";

/** Harm to one frame; `offset` is 0..16. */
export type P2Damage = FrameDamage;

export interface P2SimulatorOptions {
  readonly samplingRate: number;
  /** Writes the six counts (0..1023) of sample `sampleIndex` into `out`. Mid-scale when absent. */
  readonly sample?: (sampleIndex: number, out: Float64Array) => void;
  /** How much faster than nominal its crystal runs. */
  readonly driftPpm?: number;
  /** Silence after power or reset, as of an Uno's boot loader; 0 for a board that is streaming already. */
  readonly bootSeconds?: number;
  /** Sent when the boot loader hands over, before the first frame. */
  readonly bootJunk?: Uint8Array;
  readonly firstCount?: number;
}

/**
 * A ModularEEG P2 board: powered at the first `produce`, silent while it boots, then frames at its rate, whatever it is
 * told. Time is whatever the caller says.
 */
export class P2Simulator implements BoardSimulator {
  readonly #options: P2SimulatorOptions;
  readonly #counts = new Float64Array(P2_CHANNELS);
  readonly #damages: P2Damage[] = [];
  #streamsFrom = Number.NaN;
  #sampleIndex = 0;
  #framesSent = 0;
  #loseNext = 0;
  #stalled = false;
  #switches = 0x0f;
  #junkDue = false;

  constructor(options: P2SimulatorOptions) {
    this.#options = options;
  }

  /** Samples taken since power-on or reset, sent or not. */
  get sampleIndex(): number {
    return this.#sampleIndex;
  }

  get framesSent(): number {
    return this.#framesSent;
  }

  /** The firmware takes no commands. */
  receive(_bytes: Uint8Array, _now: number): Uint8Array {
    return new Uint8Array(0);
  }

  /** Frames that fell due since the last call. */
  produce(now: number): Uint8Array {
    if (Number.isNaN(this.#streamsFrom)) this.reset(now);
    const { samplingRate, driftPpm = 0, sample, firstCount = 0, bootJunk } = this.#options;
    if (now < this.#streamsFrom) return new Uint8Array(0);
    const rate = samplingRate * (1 + driftPpm * 1e-6);
    const due = Math.floor((now - this.#streamsFrom) * rate + 1e-9);
    const out: number[] = this.#junkDue && bootJunk ? [...bootJunk] : [];
    this.#junkDue = false;
    const frame = new Uint8Array(P2_FRAME_BYTES);
    for (; this.#sampleIndex < due; this.#sampleIndex++) {
      if (this.#stalled) continue;
      if (this.#loseNext > 0) {
        this.#loseNext--;
        continue;
      }
      this.#counts.fill(P2_MIDSCALE);
      sample?.(this.#sampleIndex, this.#counts);
      encodeP2Frame(frame, 0, (firstCount + this.#sampleIndex) % 256, this.#counts, this.#switches);
      for (const byte of damagedFrame(frame, this.#damages.shift())) out.push(byte);
      this.#framesSent++;
    }
    return Uint8Array.from(out);
  }

  /** As when DTR rises: the board boots anew and counts from the beginning. */
  reset(now: number): void {
    this.#streamsFrom = now + (this.#options.bootSeconds ?? 0);
    this.#sampleIndex = 0;
    this.#junkDue = true;
  }

  /** The next `n` frames are taken but never sent. */
  loseFrames(n: number): void {
    this.#loseNext += n;
  }

  /** A stalled board goes on sampling and sends nothing. */
  stall(on: boolean): void {
    this.#stalled = on;
  }

  /** Each damage harms one frame, in the order asked for. */
  damage(...damages: readonly P2Damage[]): void {
    this.#damages.push(...damages);
  }

  setSwitches(switches: number): void {
    this.#switches = switches;
  }
}
