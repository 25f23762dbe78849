import type { ClockOffset, DeviceOutput, SampleChunk, Seconds, Stream } from "@attune/signal";
import { createByteDevice } from "../byte-device.ts";
import type { ByteProtocol } from "../byte-protocol.ts";
import type { Device, DeviceEvent } from "../device.ts";
import type { DeviceContext } from "../device-type.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { ManualTime } from "../manual-time.ts";
import { MemoryTransport } from "../memory-transport.ts";
import type { BoardSimulator } from "../simulate/board-simulator.ts";

export interface DeviceBenchOptions {
  /** At the other end of the port; nothing answers when it is absent. */
  readonly board?: (BoardSimulator & { reset?(now: Seconds): void }) | undefined;
  readonly protocol: ByteProtocol | ((context: DeviceContext) => ByteProtocol);
  /** Of the device, default `board`. */
  readonly id?: string;
  /** Of the port, for messages; default `the test port`. */
  readonly port?: string;
  /** How often the simulated adapter hands bytes over, default 0.004. */
  readonly readEverySeconds?: Seconds;
  /** The board boots anew when its port is opened, as an Uno does. */
  readonly resetsOnOpen?: boolean;
}

/**
 * A device on a port in memory with a simulated board at its other end, on time that passes when a test says so, and
 * everything that the device said. Nothing in it asks for `this`: it can be taken apart.
 */
export interface DeviceBench {
  readonly device: Device;
  readonly time: ManualTime;
  readonly transport: MemoryTransport;
  readonly output: DeviceOutput[];
  readonly chunks: SampleChunk[];
  readonly offsets: ClockOffset[];
  readonly events: DeviceEvent[];
  /** From `idle` on. */
  readonly states: Lifecycle[];
  streams(): readonly Stream[];
  warnings(): string[];
  losses(): Extract<DeviceEvent, { kind: "loss" }>[];
  /** Sum of the losses. */
  nLost(): number;
  nSamples(): number;
  /** Numbers of all samples that were delivered. */
  sampleNumbers(): number[];
  /** Everything between the first and the last sample of a channel; NaN where samples are missing. */
  channel(c: number): Float64Array;
  /** Let another board answer. */
  use(board: BoardSimulator): void;
  /** False: bytes wait on their way to the host, as when it is busy. */
  flow(on: boolean): void;
  /** Start the device, with all that goes before. */
  start(): Promise<void>;
  /** Close the device, and let time pass until nothing of the bench is left behind. */
  close(): Promise<void>;
}

export function onBench(options: DeviceBenchOptions): DeviceBench {
  const { protocol, id = "board", port = "the test port" } = options;
  const { readEverySeconds = 0.004, resetsOnOpen = false } = options;
  let board: DeviceBenchOptions["board"] = options.board;
  const time = new ManualTime();
  const { context } = time;
  const transport = new MemoryTransport({ name: port, now: () => time.now });
  const device = createByteDevice({
    id,
    transport,
    protocol: typeof protocol === "function" ? protocol(context) : protocol,
    context,
  });

  const output: DeviceOutput[] = [];
  const chunks: SampleChunk[] = [];
  const offsets: ClockOffset[] = [];
  const events: DeviceEvent[] = [];
  const states: Lifecycle[] = [];
  let streams: readonly Stream[] = [];
  device.output.subscribe((item) => {
    output.push(item);
    if (item.kind === "samples") chunks.push(item);
    if (item.kind === "clock-offset") offsets.push(item);
  });
  device.events.subscribe((event) => events.push(event));
  device.lifecycle.subscribe((state) => states.push(state));
  device.streams.subscribe((now) => {
    streams = now;
  });

  let waiting: Uint8Array[] = [];
  let isFlowing = true;
  let nOpened = 0;
  let timer = context.setTimer(readOnce, readEverySeconds);
  function readOnce(): void {
    timer = context.setTimer(readOnce, readEverySeconds);
    if (transport.nOpened > nOpened && resetsOnOpen) board?.reset?.(time.now);
    nOpened = transport.nOpened;
    const bytes = board?.produce(time.now);
    if (!transport.isOpen) waiting = [];
    else if (bytes && bytes.length > 0) waiting.push(bytes);
    if (isFlowing) for (const piece of waiting.splice(0)) transport.deliver(piece);
  }
  transport.onWrite((bytes) => {
    if (board) transport.deliver(board.receive(bytes, time.now));
  });

  const losses = () => events.filter((event) => event.kind === "loss");
  return {
    device,
    time,
    transport,
    output,
    chunks,
    offsets,
    events,
    states,
    streams: () => streams,
    warnings: () => events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])),
    losses,
    nLost: () => losses().reduce((sum, { nSamples }) => sum + nSamples, 0),
    nSamples: () => chunks.reduce((sum, { nSamples }) => sum + nSamples, 0),
    sampleNumbers: () =>
      chunks.flatMap(({ firstSample, nSamples }) =>
        Array.from({ length: nSamples }, (_, n) => firstSample + n),
      ),
    channel: (c) => channelOf(chunks, c),
    use(other) {
      board = other;
    },
    flow(on) {
      isFlowing = on;
    },
    start: () => time.until(device.start()),
    async close() {
      await time.until(device.close());
      timer.cancel();
    },
  };
}

function channelOf(chunks: readonly SampleChunk[], c: number): Float64Array {
  const first = chunks[0]?.firstSample ?? 0;
  const last = chunks.at(-1);
  const values = new Float64Array(last ? last.firstSample + last.nSamples - first : 0).fill(Number.NaN);
  for (const { firstSample, nSamples, data } of chunks)
    values.set(data.subarray(c * nSamples, (c + 1) * nSamples), firstSample - first);
  return values;
}
