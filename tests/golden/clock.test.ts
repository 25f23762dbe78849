import { CausalClock, fitClockHuber, LslDejitter } from "@attune/core";
import { type ContinuousRecording, openRecording } from "@attune/recording";
import { beforeAll, describe, expect, test } from "vitest";
import { describeWithShared, readSharedJson, sharedPath } from "../support/shared.ts";

interface TrueStream {
  stream_id: number;
  name: string;
  true_rate: number;
  n: number;
  gaps?: { start: number; length: number }[];
  events?: [number, string][];
}

/** When every recorded sample was really taken: an even grid without what lies in the gaps. */
function trueTimes(stream: TrueStream, start: number): Float64Array {
  const times = new Float64Array(stream.n);
  let n = 0;
  for (let k = 0; n < stream.n; k++) {
    const t = start + k / stream.true_rate;
    const missing = stream.gaps?.some((g) => t >= g.start - 1e-9 && t < g.start + g.length - 1e-9);
    if (!missing) times[n++] = t;
  }
  return times;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const spreadOf = (errors: number[]): number => {
  const middle = median(errors);
  return errors.reduce((max, e) => Math.max(max, Math.abs(e - middle)), 0);
};

async function openContinuous(path: string): Promise<ContinuousRecording> {
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error("not continuous");
  return recording;
}

describeWithShared("clocks against the truth of the composite recording", () => {
  const path = sharedPath("recordings", "composite-null-dyad", "composite-null-dyad.xdf");
  let truth: { T0: number; streams: TrueStream[] };
  let recording: ContinuousRecording;
  beforeAll(async () => {
    truth = readSharedJson("recordings", "composite-null-dyad", "truth.json");
    recording = await openContinuous(path);
    return () => recording.close();
  });

  test("every sample and marker is within 0.1 ms of the truth, up to a constant per stream", async () => {
    for (const expected of truth.streams) {
      const id = `${expected.stream_id}`;
      const { sessionTime } = await recording.read(id, { fromSample: 0, nSamples: expected.n });
      const times = expected.events?.map(([t]) => t) ?? trueTimes(expected, truth.T0);
      const errors = Array.from(sessionTime, (t, k) => t + recording.epochSeconds - times[k]!);
      expect(spreadOf(errors)).toBeLessThan(1e-4);
      // The mean network delay of 3 ms cannot be seen from inside; the coder's key press has none.
      expect(median(errors)).toBeCloseTo(expected.events ? 0 : 0.003, 3);
    }
  });

  test("both gaps are found, and no others", () => {
    for (const expected of truth.streams) {
      const { gaps } = recording.streams.find((s) => s.id === `${expected.stream_id}`)!;
      expect(gaps.map((g) => g.kind)).toEqual(
        (expected.gaps ?? []).map((g) => (g.length > 1 ? "break" : "loss")),
      );
      gaps.forEach((gap, i) => {
        const { start, length } = expected.gaps![i]!;
        expect(Math.abs(gap.start + recording.epochSeconds - 0.003 - start)).toBeLessThan(4e-3);
        expect(Math.abs(gap.duration - length)).toBeLessThan(4e-3);
      });
    }
  });

  test("drift and offset of every computer are recovered", () => {
    const clocks = recording.streams.map((s) => s.clock);
    expect(clocks.every((c) => c.model === "huber" && c.nOffsets === 36 && c.nResets === 0)).toBe(true);
    [40, 40, 0, 0, -15].forEach((ppm, i) => {
      expect(Math.abs(clocks[i]!.driftPpm - ppm)).toBeLessThan(0.5);
    });
  });

  test("causal time is within 1.5 ms of the truth once it is not flagged, up to a constant", async () => {
    const clocks = new Map(
      recording.streams.map((s) => [s.id, new CausalClock({ nominalSamplingRate: s.nominalSamplingRate })]),
    );
    const times = new Map<string, number[]>(recording.streams.map((s) => [s.id, []]));
    const flags = new Map<string, number[]>(recording.streams.map((s) => [s.id, []]));
    const events: number[] = [];
    for await (const input of recording.play({ alignment: "causal" })) {
      if (input.kind === "clock-offset")
        clocks.get(input.streamId)!.addOffset(input.collectedAt, input.offset);
      if (input.kind === "event") events.push(input.at);
      if (input.kind !== "samples") continue;
      const time = new Float64Array(input.nSamples);
      const flag = new Uint8Array(input.nSamples);
      clocks.get(input.streamId)!.push(input.deviceTime, input.nSamples, time, flag);
      times.get(input.streamId)!.push(...time);
      flags.get(input.streamId)!.push(...flag);
    }
    for (const expected of truth.streams.filter((s) => !s.events)) {
      const id = `${expected.stream_id}`;
      const all = trueTimes(expected, truth.T0);
      const errors: number[] = [];
      times.get(id)!.forEach((t, k) => {
        if (flags.get(id)![k] === 0) errors.push(t + recording.epochSeconds - all[k]!);
      });
      expect(spreadOf(errors)).toBeLessThan(1.5e-3);
      // 5 s before the first offset is known, and about a second at each gap.
      expect(errors.length / expected.n).toBeGreaterThan(0.95);
    }
    const marked = truth.streams.find((s) => s.events)!.events!;
    expect(events.length).toBe(marked.length);
    const errors = events.map((t, i) => t + recording.epochSeconds - marked[i]![0]);
    expect(spreadOf(errors)).toBeLessThan(1e-3);
  });
});

describeWithShared("LSL stamp smoothing", () => {
  const golden: Record<string, { srate: number; halftime: number; in: number[]; dejitter: number[] }> =
    readSharedJson("golden", "lsl", "dejitter-monotonize.json");
  test.each(Object.keys(golden))("is liblsl's to the bit at %s Hz", (name) => {
    const { srate, halftime, in: stamps, dejitter } = golden[name]!;
    const smoother = new LslDejitter({ samplingRate: srate, halftimeSeconds: halftime });
    expect(stamps.map((stamp) => smoother.push(stamp))).toEqual(dejitter);
  });
});

describe("fitClockHuber", () => {
  test("is not moved by outliers that would move least squares by milliseconds", () => {
    const times = Float64Array.from({ length: 36 }, (_, i) => 53_000 + 5 * i);
    const offsets = times.map((t, i) => -3021.75 - 40e-6 * (t - 53_000) + (i % 9 === 4 ? 0.02 : 0));
    const line = fitClockHuber(times, offsets)!;
    expect(line.slope * 1e6).toBeCloseTo(-40, 0);
    expect(line.offset + line.slope * (53_000 - line.referenceTime)).toBeCloseTo(-3021.75, 3);
  });
});
