import { simulateDyad } from "@attune/device-simulated";
import { encodeState, STATES_STREAM, type XdfStreamInfo, XdfWriter } from "@attune/recording";

const N_CHANNELS = 32;
const RATE = 500;
const STATES_ID = 1;
/** Session clock of the recorder: offsets measured against it are written as LabRecorder would. */
const BOUNDARY_SECONDS = 10;

/** Two heads of 32 channels at 500 Hz whose coupling the adult's gaze switches. */
export const simulateSession = (durationSeconds: number) =>
  simulateDyad({
    seed: 11,
    durationSeconds,
    persons: (["adult", "infant"] as const).map((role) => ({
      id: role,
      role,
      channels: N_CHANNELS,
      device: { nominalSamplingRate: RATE },
    })),
  });

/**
 * Writes a simulated session as an XDF file, chunk by chunk: float32 samples with device stamps, measured clock offsets,
 * and gaze as a stream of states.
 *
 * @returns bytes written
 */
export async function writeRecording(path: string, durationSeconds: number): Promise<number> {
  const dyad = simulateSession(durationSeconds);
  const writer = await XdfWriter.create(path);
  await writer.addStream(STATES_ID, {
    name: STATES_STREAM,
    type: "Markers",
    channels: [{ label: "state", unit: "" }],
    nominalSamplingRate: 0,
    format: "string",
  });
  const numbers = new Map<string, number>();
  for (const [i, { id, name, type, channels, nominalSamplingRate }] of dyad.streams.entries()) {
    numbers.set(id, STATES_ID + 1 + i);
    const info: XdfStreamInfo = { name, type, channels, nominalSamplingRate, format: "float32" };
    await writer.addStream(STATES_ID + 1 + i, info);
  }
  await writer.writeClockOffset(STATES_ID, 0, 0);
  let nextBoundary = BOUNDARY_SECONDS;
  for (const input of dyad.inputs({ chunkSeconds: 0.2 })) {
    if (input.kind === "samples")
      await writer.writeSamples(numbers.get(input.streamId)!, input.deviceTime, { data: input.data });
    else if (input.kind === "clock-offset")
      await writer.writeClockOffset(numbers.get(input.streamId)!, input.collectedAt, input.offset);
    else if (input.kind === "state") {
      await writer.writeSamples(STATES_ID, Float64Array.of(input.at), { text: [encodeState(input)] });
      if (input.at >= nextBoundary) {
        await writer.boundary();
        nextBoundary = input.at + BOUNDARY_SECONDS;
      }
    }
  }
  await writer.close();
  return writer.bytesWritten;
}
