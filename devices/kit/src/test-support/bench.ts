import type { SampleChunk, Seconds } from "@attune/signal";
import { createByteDevice } from "../byte-device.ts";
import type { Device, DeviceEvent } from "../device.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { ManualTime } from "../manual-time.ts";
import { MemoryTransport } from "../memory-transport.ts";
import { ToyBoard, type ToyOptions, ToyProtocol } from "../simulate/toy-board.ts";

/** A toy board on a port in memory, on time that passes when told to, and everything that its device said. */
export class Bench {
  readonly time = new ManualTime();
  readonly transport = new MemoryTransport({ name: "/dev/ttyTOY", now: () => this.time.now });
  readonly board: ToyBoard;
  readonly protocol: ToyProtocol;
  readonly device: Device;
  readonly events: DeviceEvent[] = [];
  readonly states: Lifecycle[] = [];
  readonly chunks: SampleChunk[] = [];
  readonly offsets: { collectedAt: Seconds; offset: Seconds }[] = [];
  /** Between board and host: false stops the bytes, which wait. */
  flowing = true;
  #waiting: Uint8Array[] = [];
  #pumping = true;

  constructor(options: Partial<ToyOptions> = {}, readEverySeconds = 0.016) {
    const toy = { nChannels: 2, samplingRate: 250, ...options };
    this.board = new ToyBoard(toy);
    this.protocol = new ToyProtocol(toy);
    this.device = createByteDevice({
      id: "toy",
      transport: this.transport,
      protocol: this.protocol,
      context: this.time.context,
    });
    this.transport.onWrite((bytes) => this.transport.deliver(this.board.receive(bytes, this.time.now)));
    this.device.events.subscribe((event) => this.events.push(event));
    this.device.lifecycle.subscribe((state) => this.states.push(state));
    this.device.output.subscribe((output) => {
      if (output.kind === "samples") this.chunks.push(output);
      if (output.kind === "clock-offset") this.offsets.push(output);
    });
    const pump = (): void => {
      const bytes = this.board.produce(this.time.now);
      if (!this.transport.isOpen) this.#waiting = [];
      else if (bytes.length > 0) this.#waiting.push(bytes);
      if (this.flowing) for (const piece of this.#waiting.splice(0)) this.transport.deliver(piece);
      if (this.#pumping) this.time.context.setTimer(pump, readEverySeconds);
    };
    pump();
  }

  async run(): Promise<this> {
    await this.time.until(this.device.connect());
    await this.time.until(this.device.start());
    return this;
  }

  /** Close the device; nothing may be left behind. */
  async end(): Promise<void> {
    await this.time.until(this.device.close());
    this.#pumping = false;
    await this.time.advance(0.1);
  }

  get losses(): Extract<DeviceEvent, { kind: "loss" }>[] {
    return this.events.filter((event) => event.kind === "loss");
  }

  get nSamples(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.nSamples, 0);
  }
}

/** Number of the board's own sample against the number that the host gave it; one entry a sample. */
export function numbering(chunks: readonly SampleChunk[]): { board: number; host: number }[] {
  return chunks.flatMap((chunk) =>
    Array.from({ length: chunk.nSamples }, (_, n) => ({
      board: chunk.data[n]!,
      host: chunk.firstSample + n,
    })),
  );
}
