import { simulateHearts } from "@attune/device-simulated";
import { type ContinuousRecording, type RecordedStream, XdfWriter } from "@attune/recording";

const RECORDER_START = 10_000;
const SECONDS_BETWEEN_OFFSETS = 5;

/** Two simulated ECGs as an XDF without coded states, a second a chunk. */
export async function writeDayOfHearts(path: string, durationSeconds: number): Promise<void> {
  const hearts = simulateHearts({ seed: 24, durationSeconds });
  const writer = await XdfWriter.create(path);
  try {
    for (const [k, role] of (["adult", "infant"] as const).entries())
      await writer.addStream(k + 1, {
        name: `${role} heart`,
        type: "ECG",
        channels: [{ label: "ECG", unit: "mV" }],
        nominalSamplingRate: hearts.options.samplingRate,
        format: "float32",
        sourceId: role,
        desc: { participant: { id: role } },
      });
    for (let block = 0; block < hearts.nBlocks; block++)
      for (const [k, role] of (["adult", "infant"] as const).entries()) {
        const data = hearts.ecg(role, block);
        const first = RECORDER_START + block;
        const stamps = Float64Array.from(data, (_, n) => first + n / hearts.options.samplingRate);
        if (block % SECONDS_BETWEEN_OFFSETS === 0) await writer.writeClockOffset(k + 1, first, 0);
        await writer.writeSamples(k + 1, stamps, { data });
      }
  } finally {
    await writer.close();
  }
}

/** The same two hearts as an open recording whose samples are made while they are read: no file, and no memory of what was read. */
export function generatedHearts(durationSeconds: number): ContinuousRecording {
  const hearts = simulateHearts({ seed: 24, durationSeconds });
  const { samplingRate } = hearts.options;
  const nSamples = hearts.nBlocks * samplingRate;
  const roles = ["adult", "infant"] as const;
  const streams = roles.map(
    (role): RecordedStream => ({
      id: role,
      name: `${role} heart`,
      type: "ECG",
      person: role,
      channels: [{ label: "ECG", unit: "mV" }],
      nominalSamplingRate: samplingRate,
      nSamples,
      firstTime: 0,
      lastTime: (nSamples - 1) / samplingRate,
      effectiveSamplingRate: samplingRate,
      gaps: [],
      clock: { model: "none", offset: 0, driftPpm: 0, nOffsets: 0, residual: 0, nResets: 0 },
      format: "double64",
    }),
  );
  return {
    kind: "continuous",
    path: "generated",
    format: "generated",
    damage: [],
    streams,
    epochSeconds: 0,
    durationSeconds: nSamples / samplingRate,
    // Whole seconds are asked for: blocks of the analysis are.
    read: async (streamId, { fromSample, nSamples: wanted }) => {
      const n = Math.min(wanted, nSamples - fromSample);
      const data = new Float64Array(n);
      for (let at = 0; at < n; at += samplingRate)
        data.set(hearts.ecg(streamId === "adult" ? "adult" : "infant", (fromSample + at) / samplingRate), at);
      const sessionTime = Float64Array.from(data, (_, k) => (fromSample + k) / samplingRate);
      return { data, deviceTime: sessionTime, sessionTime };
    },
    events: async () => [],
    stateChanges: async () => [],
    play: () => {
      throw new Error("Generated hearts are read, not played.");
    },
    sha256: async () => "",
    close: async () => {},
  };
}
