import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SimulatedDyad } from "@attune/device-simulated";
import { encodeState, STATES_STREAM, XdfWriter } from "@attune/recording";
import { attuneVersion } from "@attune/study";

/** What the recorder's clock shows at session time 0, seconds: a computer that has been up for a while. */
const RECORDER_START = 10_000;
const SECONDS_BETWEEN_BOUNDARIES = 10;
const CHUNK_SECONDS = 0.5;

/**
 * Writes a simulated session as LabRecorder would have recorded it: one EEG stream per person on that device's own clock, the
 * measured clock offsets, and the coded states as a marker stream. The file appears under its name when it is whole.
 *
 * @param onProgress told the session time that has been written
 */
export async function writeRecording(
  dyad: SimulatedDyad,
  path: string,
  onProgress: (seconds: number) => void,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}-${process.pid}.partial`);
  const interrupted = (): void => {
    void rm(partial, { force: true }).finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupted);
  try {
    await rm(partial, { force: true });
    await writeSession(dyad, await XdfWriter.create(partial), onProgress);
    await rename(partial, path);
  } finally {
    process.off("SIGINT", interrupted);
    await rm(partial, { force: true });
  }
}

async function writeSession(
  dyad: SimulatedDyad,
  writer: XdfWriter,
  onProgress: (seconds: number) => void,
): Promise<void> {
  try {
    await writeStreams(dyad, writer, onProgress);
  } finally {
    await writer.close();
  }
}

async function writeStreams(
  dyad: SimulatedDyad,
  writer: XdfWriter,
  onProgress: (seconds: number) => void,
): Promise<void> {
  const numbers = new Map(dyad.streams.map(({ id }, i) => [id, i + 1]));
  const states = dyad.streams.length + 1;
  for (const { id, name, type, channels, nominalSamplingRate, person } of dyad.streams) {
    await writer.addStream(numbers.get(id)!, {
      name,
      type,
      channels,
      nominalSamplingRate,
      format: "float32",
      sourceId: id,
      desc: { ...(person === undefined ? {} : { participant: { id: person } }), acquisition: acquisition },
    });
  }
  await writer.addStream(states, {
    name: STATES_STREAM,
    type: "Markers",
    channels: [{ label: "state", unit: "" }],
    nominalSamplingRate: 0,
    format: "string",
    sourceId: "attune-states",
    desc: { acquisition },
  });
  await writer.writeClockOffset(states, RECORDER_START, 0);
  let nextBoundary = SECONDS_BETWEEN_BOUNDARIES;
  for (const input of dyad.inputs({ chunkSeconds: CHUNK_SECONDS, withSessionTime: true })) {
    if (input.kind === "samples") {
      const stamps = input.deviceTime.map((time) => time + RECORDER_START);
      await writer.writeSamples(numbers.get(input.streamId)!, stamps, { data: input.data });
      const now = input.sessionTime?.at(-1) ?? 0;
      onProgress(now);
      if (now >= nextBoundary) {
        await writer.boundary();
        nextBoundary = now + SECONDS_BETWEEN_BOUNDARIES;
      }
    } else if (input.kind === "clock-offset") {
      await writer.writeClockOffset(
        numbers.get(input.streamId)!,
        input.collectedAt + RECORDER_START,
        input.offset,
      );
    } else if (input.kind === "state") {
      await writer.writeSamples(states, Float64Array.of(input.at + RECORDER_START), {
        text: [encodeState(input)],
      });
    }
  }
}

const acquisition = { manufacturer: "Attune", model: "simulated dyad", software_version: attuneVersion };
