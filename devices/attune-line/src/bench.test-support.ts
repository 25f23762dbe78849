import {
  type BoardSimulator,
  type ByteProtocol,
  createByteDevice,
  type Device,
  type DeviceContext,
  type DeviceEvent,
  type Lifecycle,
  ManualTime,
  MemoryTransport,
} from "@attune/device-kit";
import type { DeviceOutput, SampleChunk, Stream } from "@attune/signal";

/** A board that boots anew when its port is opened, as an Uno does. */
export interface ResettableBoard extends BoardSimulator {
  reset(now: number): void;
}

/** A device over a port in memory with a simulated board at its other end, on time that passes when told to. */
export interface Bench {
  readonly device: Device;
  readonly time: ManualTime;
  readonly transport: MemoryTransport;
  readonly chunks: SampleChunk[];
  readonly output: DeviceOutput[];
  readonly events: DeviceEvent[];
  readonly states: Lifecycle[];
  streams(): readonly Stream[];
  warnings(): string[];
  nLost(): number;
  /** Numbers of all samples that were delivered. */
  sampleNumbers(): number[];
  close(): Promise<void>;
}

export function makeBench(
  board: ResettableBoard | undefined,
  protocol: (context: DeviceContext) => ByteProtocol,
  { resetsOnOpen = true }: { resetsOnOpen?: boolean } = {},
): Bench {
  const time = new ManualTime();
  const transport = new MemoryTransport({ name: "the test port", now: () => time.now });
  const device = createByteDevice({
    id: "heart",
    transport,
    protocol: protocol(time.context),
    context: time.context,
  });
  const chunks: SampleChunk[] = [];
  const output: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const states: Lifecycle[] = [];
  let streams: readonly Stream[] = [];
  device.output.subscribe((item) => {
    output.push(item);
    if (item.kind === "samples") chunks.push(item);
  });
  device.events.subscribe((event) => events.push(event));
  device.lifecycle.subscribe((state) => states.push(state));
  device.streams.subscribe((now) => {
    streams = now;
  });
  let nOpened = 0;
  let timer = time.context.setTimer(tick, 0.01);
  function tick(): void {
    timer = time.context.setTimer(tick, 0.01);
    if (transport.nOpened > nOpened && resetsOnOpen) board?.reset(time.now);
    nOpened = transport.nOpened;
    if (board) transport.deliver(board.produce(time.now));
  }
  transport.onWrite((bytes) => {
    if (board) transport.deliver(board.receive(bytes, time.now));
  });
  return {
    device,
    time,
    transport,
    chunks,
    output,
    events,
    states,
    streams: () => streams,
    warnings: () => events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])),
    nLost: () => events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0),
    sampleNumbers: () =>
      chunks.flatMap((chunk) => Array.from({ length: chunk.nSamples }, (_, i) => chunk.firstSample + i)),
    close: async () => {
      timer.cancel();
      await time.until(device.close());
    },
  };
}
