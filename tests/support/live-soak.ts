import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CausalClock } from "@attune/core";
import { ManualTime } from "@attune/device-kit";
import { LiveSession, parseSession } from "@attune/live";
import type { SampleChunk } from "@attune/signal";

export interface SoakOptions {
  readonly hours: number;
  readonly seed: number;
  readonly recordingFolder: string;
}

export interface SoakReport {
  readonly simulatedHours: number;
  readonly speed: number;
  /** Memory in use after a collection, MB: a tenth into the run and at its end. */
  readonly heapEarly: number;
  readonly heapLate: number;
  readonly residentEarly: number;
  readonly residentLate: number;
  /** Largest error of a sample's session time after the first minute, ms, by stream. */
  readonly worstTimingMs: Readonly<Record<string, number>>;
  readonly longestQueueSeconds: number;
  readonly nWindows: number;
  readonly nLate: number;
  readonly nLeftOut: number;
  readonly bytesWritten: number;
  readonly recordingPath: string;
}

const session = (seed: number, hours: number): string => `
session: soak
people: [{ id: adult, role: adult }, { id: infant, role: infant }]
devices: { dyad: { kind: simulated, seed: ${seed}, minutes: ${60 * hours + 5} } }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
markers: [dyad]
`;

/**
 * A session of many hours on time that passes as fast as it is worked off, recorded and analysed as a real one: does memory
 * stay flat, do queues stay short, do the two people stay aligned?
 */
export async function liveSoak({ hours, seed, recordingFolder }: SoakOptions): Promise<SoakReport> {
  const collect = collector();
  const time = new ManualTime();
  const loaded = {
    path: "soak.yaml",
    file: parseSession(session(seed, hours), "soak.yaml"),
    recordingFolder,
  };
  const live = new LiveSession(loaded, { record: true, analyse: true, context: time.context });
  const timing = new TimingWatch();
  live.outputs.subscribe((output) => {
    if (output.kind === "clock-offset") timing.offset(output.streamId, output.collectedAt, output.offset);
    else if (output.kind === "samples") timing.samples(output, live.now());
  });
  await live.connect();
  await live.begin();
  const started = process.hrtime.bigint();
  const nSteps = Math.ceil(hours * 3600);
  let early: NodeJS.MemoryUsage | undefined;
  let longestQueueSeconds = 0;
  for (let second = 0; second < nSteps; second++) {
    await time.advance(1);
    for (let i = 0; i < 4000 && live.analysisDelay > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 1));
    longestQueueSeconds = Math.max(longestQueueSeconds, live.analysisDelay);
    if (second === Math.floor(nSteps / 10)) {
      collect();
      early = process.memoryUsage();
    }
  }
  collect();
  const late = process.memoryUsage();
  const elapsed = Number(process.hrtime.bigint() - started) / 1e9;
  const { path, health } = live.recording!;
  const { nLeftOut } = health;
  await live.end();
  return {
    simulatedHours: hours,
    speed: (hours * 3600) / elapsed,
    heapEarly: early!.heapUsed / 1e6,
    heapLate: late.heapUsed / 1e6,
    residentEarly: early!.rss / 1e6,
    residentLate: late.rss / 1e6,
    worstTimingMs: timing.worstMs,
    longestQueueSeconds,
    nWindows: live.totals.nWindows,
    nLate: live.totals.nLate,
    nLeftOut,
    bytesWritten: health.bytesWritten,
    recordingPath: path,
  };
}

const SETTLING_SECONDS = 60;

/** Session time as the analysis learns it, against the moment at which the simulated device really sent each chunk. */
class TimingWatch {
  readonly #clocks = new Map<string, { clock: CausalClock; worst: number; next: number }>();

  offset(streamId: string, collectedAt: number, offset: number): void {
    this.#of(streamId).clock.addOffset(collectedAt, offset);
  }

  samples({ streamId, deviceTime, nSamples, firstSample }: SampleChunk, now: number): void {
    const stream = this.#of(streamId);
    if (firstSample > stream.next && stream.next > 0) stream.clock.skip(firstSample - stream.next);
    stream.next = firstSample + nSamples;
    const times = new Float64Array(nSamples);
    const flags = new Uint8Array(nSamples);
    stream.clock.push(deviceTime, nSamples, times, flags);
    const last = nSamples - 1;
    if (now > SETTLING_SECONDS && flags[last] === 0)
      stream.worst = Math.max(stream.worst, Math.abs(times[last]! - now));
  }

  get worstMs(): Record<string, number> {
    return Object.fromEntries([...this.#clocks].map(([id, { worst }]) => [id, 1000 * worst]));
  }

  #of(streamId: string): { clock: CausalClock; worst: number; next: number } {
    const known = this.#clocks.get(streamId) ?? {
      clock: new CausalClock({ nominalSamplingRate: streamId.includes("adult") ? 500 : 250 }),
      worst: 0,
      next: 0,
    };
    this.#clocks.set(streamId, known);
    return known;
  }
}

/** A full collection, so that garbage is not mistaken for growth. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
