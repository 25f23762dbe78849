import { type Device, type DeviceEvent, systemContext } from "@attune/device-kit";
import { createOutlet, type Outlet, type StreamDeclaration } from "@attune/lsl";
import type { ClockOffset, DeviceOutput, SampleChunk, Stream } from "@attune/signal";
import { lslStream } from "./index.ts";

/** Ports of this process: tests run beside each other. */
const discoveryPort = 10_000 + (process.pid % 150) * 40;
const network = { loopbackOnly: true, discoveryPort, basePort: discoveryPort + 1, portRange: 32 };
export const configuration = {
  ports: { multicastPort: discoveryPort, basePort: discoveryPort + 1, portRange: 32, ipv6: "disable" },
  loopbackOnly: true,
} as const;
export const RATE = 200;

const closings: (() => Promise<void>)[] = [];
/** Closes every outlet and device of a test, last first. */
export async function closeAll(): Promise<void> {
  for (const close of closings.splice(0).reverse()) await close();
}

export interface Sender {
  readonly outlet: Outlet;
  /** Ends the flow of samples. */
  pause(): void;
  close(): Promise<void>;
}

/** An outlet of ours that counts on every channel, 10 samples every 50 ms where it has a rate. */
export async function send(
  declaration: Partial<StreamDeclaration> = {},
  options: { clockOffsetSeconds?: number } = {},
): Promise<Sender> {
  const full: StreamDeclaration = {
    name: "cap",
    type: "EEG",
    channelCount: 2,
    nominalSamplingRate: RATE,
    channelFormat: "float32",
    sourceId: "cap-1",
    ...declaration,
  };
  const outlet = await createOutlet(full, { configuration, ...options });
  let n = 0;
  const timer =
    full.nominalSamplingRate > 0
      ? setInterval(() => {
          const values = Float32Array.from(
            { length: 10 * full.channelCount },
            (_, k) => n + Math.floor(k / full.channelCount) + 0.5 * (k % full.channelCount),
          );
          n += 10;
          outlet.pushChunk(values);
        }, 50)
      : undefined;
  const sender = {
    outlet,
    pause: () => clearInterval(timer),
    close: async () => {
      clearInterval(timer);
      await outlet.close();
    },
  };
  closings.push(sender.close);
  return sender;
}

export interface Watched {
  readonly device: Device;
  readonly outputs: DeviceOutput[];
  readonly events: DeviceEvent[];
  readonly states: string[];
  readonly streams: (readonly Stream[])[];
  chunks(): SampleChunk[];
  offsets(): ClockOffset[];
  warnings(): string[];
}

export function watch(settings: Record<string, unknown>): Watched {
  const device = lslStream.create(
    "adult",
    lslStream.settings.parse({ network, timeoutSeconds: 5, stalledAfterSeconds: 0.5, ...settings }),
    systemContext,
  );
  closings.push(() => device.close());
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const states: string[] = [];
  const streams: (readonly Stream[])[] = [];
  device.output.subscribe((output) => outputs.push(output));
  device.events.subscribe((event) => events.push(event));
  device.lifecycle.subscribe((state) => states.push(state));
  device.streams.subscribe((list) => streams.push(list));
  return {
    device,
    outputs,
    events,
    states,
    streams,
    chunks: () => outputs.filter((output) => output.kind === "samples"),
    offsets: () => outputs.filter((output) => output.kind === "clock-offset"),
    warnings: () => events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])),
  };
}

export const soon = { timeout: 10_000, interval: 20 };
