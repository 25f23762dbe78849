import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XdfWriter } from "./xdf-writer.ts";

/** Run `work` with a path in a folder of its own, which is removed afterwards. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "attune-test-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const CHANNELS = 5;
export const RATE = 200;

/** What sample `k` of the synthetic recording holds: no two samples are alike, no byte of a value is zero often. */
export const sampleValue = (streamId: number, k: number, channel: number): number =>
  Math.fround(1 + streamId * 1000 + channel * 0.37 + Math.sin(k * 0.1 + channel) * 0.3 + k * 1.0001);

/**
 * 20 s of two float32 streams, one int16 stream and markers, in chunks of half a second with a boundary every two
 * seconds. One stream has a stamp for every sample, the others mostly deduced ones.
 */
export function syntheticFile(): Promise<Uint8Array> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "synthetic.xdf");
    const writer = await XdfWriter.create(path);
    const channels = Array.from({ length: CHANNELS }, (_, c) => ({ label: `C${c}`, unit: "uV" }));
    for (const streamId of [1, 2])
      await writer.addStream(streamId, {
        name: `EEG-${streamId}`,
        type: "EEG",
        channels,
        nominalSamplingRate: RATE,
        format: "float32",
      });
    await writer.addStream(3, {
      name: "ECG",
      type: "ECG",
      channels: [{ label: "II", unit: "mV" }],
      nominalSamplingRate: RATE,
      format: "int16",
    });
    await writer.addStream(4, {
      name: "Markers",
      type: "Markers",
      channels: [{ label: "m", unit: "" }],
      nominalSamplingRate: 0,
      format: "string",
    });
    const perChunk = RATE / 2;
    for (let chunk = 0; chunk < 40; chunk++) {
      for (const streamId of [1, 2, 3]) {
        const nChannels = streamId === 3 ? 1 : CHANNELS;
        const data = new Float64Array(nChannels * perChunk);
        const stamps = new Float64Array(perChunk);
        let stamp = 100 * streamId + chunk * 0.5 + (chunk % 3) * 1e-4;
        for (let n = 0; n < perChunk; n++) {
          const k = chunk * perChunk + n;
          stamps[n] = streamId === 1 ? 100 + k / RATE + ((k * 7) % 11) * 1e-5 : stamp;
          stamp += 1 / RATE;
          for (let c = 0; c < nChannels; c++)
            data[c * perChunk + n] = streamId === 3 ? (k % 30_000) + 257 : sampleValue(streamId, k, c);
        }
        await writer.writeSamples(streamId, stamps, { data });
        if (chunk % 4 === 0)
          await writer.writeClockOffset(streamId, 100 * streamId + chunk * 0.5, -100 * streamId);
      }
      await writer.writeSamples(4, Float64Array.of(chunk * 0.5), { text: [`event ${chunk}`] });
      if (chunk % 4 === 3) await writer.boundary();
    }
    await writer.close();
    return new Uint8Array(await readFile(path));
  });
}
