import {
  type BoardSimulator,
  type ByteProtocol,
  createByteDevice,
  type Device,
  type DeviceEvent,
  ManualTime,
  MemoryTransport,
} from "@attune/device-kit";
import type { ClockOffset, SampleChunk } from "@attune/signal";

/** A device on a simulated board, on time that passes when a test says so. */
export interface Bench {
  readonly time: ManualTime;
  readonly transport: MemoryTransport;
  readonly device: Device;
  readonly chunks: SampleChunk[];
  readonly offsets: ClockOffset[];
  readonly events: DeviceEvent[];
  /** Everything between the first and the last sample; NaN where samples are missing. */
  channel(c: number): Float64Array;
  /** Sum of `nSamples` of the loss events. */
  readonly nLost: number;
  /** Let another board answer. */
  use(board: BoardSimulator): void;
  run<T>(promise: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param paceSeconds how often the simulated adapter hands bytes over */
export function onBench(simulator: BoardSimulator, protocol: ByteProtocol, paceSeconds = 0.004): Bench {
  const time = new ManualTime();
  const transport = new MemoryTransport({ now: () => time.now });
  let board = simulator;
  transport.onWrite((bytes) => transport.deliver(board.receive(bytes, time.now)));
  const tick = () => {
    pump = time.context.setTimer(tick, paceSeconds);
    transport.deliver(board.produce(time.now));
  };
  let pump = time.context.setTimer(tick, paceSeconds);
  const device = createByteDevice({ id: "board", transport, protocol, context: time.context });
  const chunks: SampleChunk[] = [];
  const offsets: ClockOffset[] = [];
  const events: DeviceEvent[] = [];
  device.output.subscribe((output) => {
    if (output.kind === "samples") chunks.push(output);
    if (output.kind === "clock-offset") offsets.push(output);
  });
  device.events.subscribe((event) => events.push(event));
  return {
    time,
    transport,
    device,
    chunks,
    offsets,
    events,
    channel(c) {
      const first = chunks[0]!.firstSample;
      const last = chunks.at(-1)!;
      const values = new Float64Array(last.firstSample + last.nSamples - first).fill(Number.NaN);
      for (const { firstSample, nSamples, data } of chunks)
        values.set(data.subarray(c * nSamples, (c + 1) * nSamples), firstSample - first);
      return values;
    },
    get nLost() {
      return events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0);
    },
    use(other) {
      board = other;
    },
    run: (promise) => time.until(promise),
    async close() {
      await time.until(device.close());
      pump.cancel();
    },
  };
}
