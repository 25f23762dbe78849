import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SimulatedHearts } from "@attune/device-simulated";
import { encodeState, STATES_STREAM, stateIntervalsToChanges, XdfWriter } from "@attune/recording";
import { attuneVersion } from "@attune/study";

/** What the recorder's clock shows at session time 0, seconds. */
const RECORDER_START = 10_000;
const SECONDS_BETWEEN_OFFSETS = 5;
const SECONDS_BETWEEN_BOUNDARIES = 10;
/** Layers that rest between their events; in the others something always holds. */
const RESTING = new Set(["touch", "voice"]);

/**
 * Writes two simulated hearts as LabRecorder would have recorded them: a stream with ECG and respiration per person, each on
 * its own device's clock with measured offsets, and the coded states as a marker stream. The file appears when it is whole.
 */
export async function writeHearts(
  hearts: SimulatedHearts,
  path: string,
  onProgress: (seconds: number) => void,
): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}-${process.pid}.partial`);
  try {
    await rm(partial, { force: true });
    const writer = await XdfWriter.create(partial);
    try {
      await writeStreams(hearts, writer, onProgress);
    } finally {
      await writer.close();
    }
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

async function writeStreams(
  hearts: SimulatedHearts,
  writer: XdfWriter,
  onProgress: (seconds: number) => void,
): Promise<void> {
  const { samplingRate } = hearts.options;
  const roles = ["adult", "infant"] as const;
  const states = roles.length + 1;
  const acquisition = { manufacturer: "Attune", model: "simulated hearts", software_version: attuneVersion };
  for (const [k, role] of roles.entries())
    await writer.addStream(k + 1, {
      name: `${role === "adult" ? "Adult" : "Infant"} heart`,
      type: "ECG",
      channels: [
        { label: "ECG", unit: "mV" },
        { label: "RESP", unit: "" },
      ],
      nominalSamplingRate: samplingRate,
      format: "float32",
      sourceId: `hearts-${role}`,
      desc: { participant: { id: role }, acquisition },
    });
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
  const changes = [true, false].flatMap((rests) =>
    stateIntervalsToChanges(
      hearts.states.filter(({ layer }) => RESTING.has(layer) === rests),
      rests ? "none" : "unknown",
    ),
  );
  changes.sort((a, b) => a.at - b.at);
  let next = 0;
  for (let block = 0; block < hearts.nBlocks; block++) {
    for (const [k, role] of roles.entries()) {
      const { clockOffsetSeconds, driftPpm, gaps } = hearts.options[role];
      // Stamps are the device's own: session time runs on the recorder's clock.
      const deviceTime = (session: number): number =>
        RECORDER_START + session + clockOffsetSeconds + session * driftPpm * 1e-6;
      if (block % SECONDS_BETWEEN_OFFSETS === 0)
        await writer.writeClockOffset(k + 1, deviceTime(block), RECORDER_START + block - deviceTime(block));
      const ecg = hearts.ecg(role, block);
      const belt = hearts.belt(role, block);
      const kept: number[] = [];
      for (let n = 0; n < ecg.length; n++) {
        const at = block + n / samplingRate;
        if (!gaps.some(([start, duration]) => at >= start && at < start + duration)) kept.push(n);
      }
      if (kept.length === 0) continue;
      const data = new Float64Array(2 * kept.length);
      kept.forEach((n, i) => {
        data[i] = ecg[n]!;
        data[kept.length + i] = belt[n]!;
      });
      const stamps = Float64Array.from(kept, (n) => deviceTime(block + n / samplingRate));
      await writer.writeSamples(k + 1, stamps, { data });
    }
    for (; next < changes.length && changes[next]!.at < block + 1; next++) {
      const change = changes[next]!;
      await writer.writeSamples(states, Float64Array.of(RECORDER_START + change.at), {
        text: [encodeState(change)],
      });
    }
    if (block % SECONDS_BETWEEN_BOUNDARIES === SECONDS_BETWEEN_BOUNDARIES - 1) await writer.boundary();
    onProgress(block + 1);
  }
}
