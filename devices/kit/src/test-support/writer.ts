import { mulberry32 } from "@attune/core";
import type { DeviceOutput, SampleChunk } from "@attune/signal";
import type { FrameBatch } from "../codec.ts";
import type { DeviceEvent } from "../device.ts";
import { StreamWriter, type StreamWriterOptions } from "../stream-writer.ts";

export interface Frame {
  readonly value: number;
  readonly counter?: number;
  readonly deviceTime?: number;
  readonly flags?: number;
}

export const batchOf = (frames: readonly Frame[]): FrameBatch => ({
  nFrames: frames.length,
  values: Float64Array.from(frames, (f) => f.value),
  counter: Float64Array.from(frames, (f) => f.counter ?? Number.NaN),
  deviceTime: Float64Array.from(frames, (f) => f.deviceTime ?? Number.NaN),
  flags: Uint8Array.from(frames, (f) => f.flags ?? 0),
});

export function writerOf(options: Partial<StreamWriterOptions> & { rate?: number } = {}) {
  const { rate = 250, ...rest } = options;
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const writer = new StreamWriter({
    stream: {
      id: "s",
      name: "S",
      type: "ECG",
      channels: [{ label: "1", unit: "mV" }],
      nominalSamplingRate: rate,
    },
    hasDeviceClock: false,
    declaredLatencySeconds: 0,
    emit: (output) => outputs.push(output),
    report: (event) => events.push(event),
    ...rest,
  });
  return {
    writer,
    outputs,
    events,
    chunks: () => outputs.filter((output): output is SampleChunk => output.kind === "samples"),
    lost: () => events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0),
  };
}

/** Host number of each sample minus the number it bears as its value. */
export const offBy = (chunks: readonly SampleChunk[]): Set<number> =>
  new Set(chunks.flatMap((chunk) => Array.from(chunk.data, (value, n) => chunk.firstSample + n - value)));

/** 60 s of reads of 4 samples with a little jitter; losses at the given times. */
export function play(
  target: ReturnType<typeof writerOf>,
  options: {
    modulus?: number;
    deviceTime?: (n: number) => number;
    losses: readonly { at: number; n: number }[];
    seconds?: number;
    rate?: number;
  },
): void {
  const { modulus, deviceTime, losses, seconds = 45, rate = 250 } = options;
  const uniform = mulberry32(9);
  let frames: Frame[] = [];
  for (let n = 0; n < seconds * rate; n++) {
    const isLost = losses.some((loss) => n >= loss.at * rate && n < loss.at * rate + loss.n);
    if (!isLost)
      frames.push({
        value: n,
        ...(modulus !== undefined && { counter: n % modulus }),
        ...(deviceTime && { deviceTime: deviceTime(n) }),
      });
    if (n % 4 !== 3 || frames.length === 0) continue;
    target.writer.write(batchOf(frames), 500 + n / rate + 0.003 + 0.002 * uniform());
    frames = [];
  }
  target.writer.flush();
}
