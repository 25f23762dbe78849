import { join } from "node:path";
import {
  createByteDevice,
  type DeviceContext,
  SerialTransport,
  type StreamStatistics,
  servePty,
  systemContext,
  ToyBoard,
  ToyProtocol,
} from "@attune/device-kit";

/** What one device of a soak delivered. */
export interface SoakResult {
  readonly id: string;
  readonly nominalSamplingRate: number;
  /** Frames that the board put on the wire, up to the last one that arrived. */
  readonly nSent: number;
  readonly nSamples: number;
  readonly nLost: number;
  /** Samples whose value or number is not the one that the board gave them. */
  readonly nWrong: number;
  readonly statistics: StreamStatistics;
}

/**
 * Several simulated boards on real pseudo-terminals through real serial ports at once: 33-byte frames, 2 boards at 250 Hz and 2 at
 * 1 kHz unless said otherwise. Nothing may be lost.
 * @param folder where the pseudo-terminals appear
 */
export async function soakSerial({
  folder,
  durationSeconds,
  samplingRates = [250, 250, 1000, 1000],
  context = systemContext,
}: {
  folder: string;
  durationSeconds: number;
  samplingRates?: readonly number[];
  context?: DeviceContext;
}): Promise<SoakResult[]> {
  const runs = await Promise.all(
    samplingRates.map(async (samplingRate, k) => {
      const options = { nChannels: 15, samplingRate };
      const board = new ToyBoard(options);
      const port = await servePty({ simulator: board, link: join(folder, `board-${k}`), context });
      const device = createByteDevice({
        id: `board-${k}`,
        transport: new SerialTransport({ path: port.path, baudRate: 115_200 }),
        protocol: new ToyProtocol(options),
        context,
      });
      let next = 0;
      let nWrong = 0;
      device.output.subscribe((output) => {
        if (output.kind !== "samples") return;
        for (let n = 0; n < output.nSamples; n++, next++)
          if (output.data[n] !== next % 10_000 || output.firstSample + n !== next) nWrong++;
      });
      return { board, port, device, samplingRate, nWrong: () => nWrong };
    }),
  );
  try {
    await Promise.all(runs.map(({ device }) => device.connect()));
    await Promise.all(runs.map(({ device }) => device.start()));
    await new Promise((resolve) => setTimeout(resolve, durationSeconds * 1000));
    // The boards fall silent; what is on its way arrives.
    for (const { board } of runs) board.streaming = false;
    const giveUpAt = context.now() + 2;
    const isComplete = (): boolean =>
      runs.every(({ board, device }) => device.statistics().streams[0]?.nSamples === board.nProduced);
    while (!isComplete() && context.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 10));
    return await Promise.all(
      runs.map(async ({ board, device, samplingRate, nWrong }) => {
        await device.stop();
        const statistics = device.statistics().streams[0]!;
        const { nSamples, nLost } = statistics;
        const { id } = device;
        return {
          id,
          nominalSamplingRate: samplingRate,
          nSent: board.nProduced,
          nSamples,
          nLost,
          nWrong: nWrong(),
          statistics,
        };
      }),
    );
  } finally {
    for (const { device, port } of runs) {
      await device.close();
      await port.close();
    }
  }
}
