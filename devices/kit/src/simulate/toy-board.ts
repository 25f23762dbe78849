import type { Seconds, Stream } from "@attune/signal";
import type { ByteProtocol, Layout } from "../byte-protocol.ts";
import type { Codec, FrameBatch } from "../codec.ts";
import { FRAME_FLAGS } from "../codec.ts";
import { DeviceError } from "../errors.ts";
import type { Link } from "../link.ts";
import type { BoardSimulator } from "./board-simulator.ts";

/**
 * A made-up board, the least that has everything: an example for who writes an adapter, and what tests of the kit and load
 * tests of serial ports run on. On its wire `v` answers `TOY 1$`, `b` and `s` start and stop, and a frame is
 * `A5 | counter | channels (int16, big-endian) | XOR of the bytes before`. 15 channels make 33 bytes.
 */
export interface ToyOptions {
  readonly nChannels: number;
  readonly samplingRate: number;
  /** The counter is taken modulo this on the wire; 256 by default. */
  readonly modulus?: number;
  /** The protocol looks at the counter. */
  readonly counts?: boolean;
  readonly channelsInReply?: number;
}

export class ToyCodec implements Codec {
  readonly #nChannels: number;
  readonly #counts: boolean;
  readonly #counters = { framesOk: 0, bytesSkipped: 0, resyncs: 0, checksumErrors: 0, duplicates: 0 };
  #rest = new Uint8Array(0);
  #isLocked = true;

  constructor({ nChannels, counts = true }: ToyOptions) {
    this.#nChannels = nChannels;
    this.#counts = counts;
  }

  get counters() {
    return this.#counters;
  }

  push(bytes: Uint8Array): FrameBatch {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const length = 2 * this.#nChannels + 3;
    const most = Math.floor(all.length / length);
    const values = new Float64Array(most * this.#nChannels);
    const counter = new Float64Array(most).fill(Number.NaN);
    const flags = new Uint8Array(most);
    const view = new DataView(all.buffer);
    let nFrames = 0;
    let at = 0;
    while (at + length <= all.length) {
      let sum = 0;
      for (let k = 0; k < length - 1; k++) sum ^= all[at + k]!;
      if (all[at] !== 0xa5 || sum !== all[at + length - 1]) {
        at++;
        this.#counters.bytesSkipped++;
        this.#isLocked = false;
        continue;
      }
      if (this.#counts) counter[nFrames] = all[at + 1]!;
      for (let c = 0; c < this.#nChannels; c++)
        values[nFrames * this.#nChannels + c] = view.getInt16(at + 2 + 2 * c);
      if (!this.#isLocked) {
        flags[nFrames] = FRAME_FLAGS.resynchronised;
        this.#counters.resyncs++;
        this.#isLocked = true;
      }
      this.#counters.framesOk++;
      nFrames++;
      at += length;
    }
    this.#rest = all.slice(at);
    return { nFrames, values, counter, flags, deviceTime: new Float64Array(nFrames).fill(Number.NaN) };
  }

  reset(): void {
    this.#rest = new Uint8Array(0);
    this.#isLocked = true;
  }
}

export class ToyProtocol implements ByteProtocol {
  readonly #options: ToyOptions;
  nHandshakes = 0;
  constructor(options: ToyOptions) {
    this.#options = options;
  }

  async configure(link: Link): Promise<Layout> {
    const { nChannels, samplingRate, modulus = 256, counts = true } = this.#options;
    this.nHandshakes++;
    await link.write("s");
    await link.pause(0.05);
    await link.discard();
    await link.write("v");
    const reply = await link.readText(/\$/, 1);
    const found = /TOY 1 nch=(\d+)\$/.exec(reply);
    if (!found)
      throw new DeviceError(`This is no toy board (it said "${reply}"); choose another port.`, {
        retryable: false,
      });
    const stream: Omit<Stream, "id"> = {
      name: "Toy",
      type: "EEG",
      channels: Array.from({ length: Number(found[1]) }, (_, c) => ({ label: `${c + 1}`, unit: "uV" })),
      nominalSamplingRate: samplingRate,
    };
    const codec = new ToyCodec({ ...this.#options, nChannels });
    return {
      stream,
      codec,
      hasDeviceClock: false,
      declaredLatencySeconds: 0,
      ...(counts && { counterModulus: modulus }),
    };
  }

  start = (link: Link): Promise<void> => link.write("b");
  /** Waits for what was on its way, so that no old frame is taken for a new one after the next start. */
  stop = async (link: Link): Promise<void> => {
    await link.write("s");
    await link.pause(0.05);
    await link.discard();
  };

  /** `z` and `Z` switch a current; a channel's impedance is the size of its signal. */
  readonly impedance = {
    begin: (link: Link): Promise<void> => link.write("z"),
    end: (link: Link): Promise<void> => link.write("Z"),
    kilohms: (values: Float64Array, nSamples: number): number[] =>
      Array.from({ length: values.length / nSamples }, (_, c) => {
        const channel = values.subarray(c * nSamples, (c + 1) * nSamples);
        return Math.max(...channel) - Math.min(...channel);
      }),
  };
}

/** The board. The first channel of a frame is its sample number modulo 10 000, so that a reader can check what it got. */
export class ToyBoard implements BoardSimulator {
  readonly #options: ToyOptions;
  streaming = false;
  /** Neither frames nor answers. */
  dead = false;
  /** What it says to `v`. */
  reply: string;
  nProduced = 0;
  readonly received: string[] = [];
  #sample = 0;
  #counter = 0;
  #nextAt: Seconds = 0;
  #toDrop = 0;

  constructor(options: ToyOptions) {
    this.#options = options;
    this.reply = `TOY 1 nch=${options.channelsInReply ?? options.nChannels}$`;
  }

  /** The next frames are taken and never sent. */
  drop(nFrames: number): void {
    this.#toDrop += nFrames;
  }

  begin(now: Seconds): void {
    this.streaming = true;
    this.#counter = 0;
    this.#nextAt = now + 1 / this.#options.samplingRate;
  }

  receive(bytes: Uint8Array, now: Seconds): Uint8Array {
    const text = Buffer.from(bytes).toString("latin1");
    this.received.push(text);
    let reply = "";
    for (const command of this.dead ? "" : text) {
      if (command === "v") reply += this.reply;
      if (command === "b") this.begin(now);
      if (command === "s") this.streaming = false;
    }
    return Buffer.from(reply, "latin1");
  }

  produce(now: Seconds): Uint8Array {
    const { nChannels, samplingRate, modulus = 256 } = this.#options;
    const length = 2 * nChannels + 3;
    const frames: Uint8Array[] = [];
    for (; this.streaming && this.#nextAt <= now; this.#nextAt += 1 / samplingRate) {
      const frame = new Uint8Array(length);
      const view = new DataView(frame.buffer);
      frame[0] = 0xa5;
      frame[1] = this.#counter;
      for (let c = 0; c < nChannels; c++) view.setInt16(2 + 2 * c, (this.#sample + c) % 10_000);
      for (let k = 0; k < length - 1; k++) frame[length - 1]! ^= frame[k]!;
      this.#counter = (this.#counter + 1) % modulus;
      this.#sample++;
      if (this.#toDrop > 0) this.#toDrop--;
      else if (!this.dead) {
        frames.push(frame);
        this.nProduced++;
      }
    }
    return Buffer.concat(frames);
  }
}
