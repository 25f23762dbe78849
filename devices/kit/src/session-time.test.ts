import { CausalClock, mulberry32 } from "@attune/core";
import type { SampleChunk } from "@attune/signal";
import { describe, expect, test } from "vitest";
import type { FrameBatch } from "./codec.ts";
import type { DeviceEvent } from "./device.ts";
import { StreamWriter } from "./stream-writer.ts";

const RATE = 250;

interface Options {
  readonly ppm: number;
  readonly seed: number;
  /** Frames that never arrive: [second, number]. */
  readonly losses?: readonly (readonly [number, number])[];
  /** The host stands still: [second, seconds]. */
  readonly stalls?: readonly (readonly [number, number])[];
  /** Unplugged at a second, for seconds; the counter and the sampling start anew. */
  readonly outage?: readonly [number, number];
  readonly counterModulus?: number;
}

/**
 * A device through `StreamWriter` and the causal clock of the analysis, as a session runs it: error of each sample's session
 * time, by second of the truth.
 */
function run(seconds: number, options: Options) {
  const { ppm, seed, losses = [], stalls = [], outage, counterModulus = 256 } = options;
  const uniform = mulberry32(seed);
  const interval = 1 / (RATE * (1 + ppm * 1e-6));
  const phase = 3000 + 0.01 * uniform();
  const causal = new CausalClock({ nominalSamplingRate: RATE });
  const errors: { at: number; error: number; good: boolean }[] = [];
  const events: DeviceEvent[] = [];
  const jumps: number[] = [];
  let next = 0;
  let last = Number.NaN;
  const take = (chunk: SampleChunk): void => {
    if (chunk.firstSample > next) causal.skip(chunk.firstSample - next);
    next = chunk.firstSample + chunk.nSamples;
    const time = new Float64Array(chunk.nSamples);
    const flags = new Uint8Array(chunk.nSamples);
    causal.push(chunk.deviceTime, chunk.nSamples, time, flags);
    for (let n = 0; n < chunk.nSamples; n++) {
      errors.push({ at: chunk.data[n]! - phase, error: time[n]! - chunk.data[n]!, good: flags[n] === 0 });
      if (time[n]! - last > 1.5 / RATE) jumps.push(time[n]! - last);
      last = time[n]!;
    }
  };
  const writer = new StreamWriter({
    stream: {
      id: "s",
      name: "S",
      type: "EEG",
      channels: [{ label: "1", unit: "uV" }],
      nominalSamplingRate: RATE,
    },
    hasDeviceClock: false,
    declaredLatencySeconds: 0.0073,
    counterModulus,
    emit: (output) => {
      if (output.kind === "clock-offset") causal.addOffset(output.collectedAt, output.offset);
      if (output.kind === "samples") take(output);
    },
    report: (event) => events.push(event),
  });

  let waiting: { value: number; counter: number }[] = [];
  let busyUntil = 0;
  let bytes = 0;
  let handedOverAt = phase;
  let counter = 0;
  let interrupted = false;
  let sampledAt = phase;
  const handOver = (at: number): void => {
    if (uniform() < 0.016 / 7) busyUntil = at + 0.05 + 0.3 * uniform();
    for (const [second, length] of stalls)
      if (at - phase >= second && at - phase < second + length) busyUntil = phase + second + length;
    if (at < busyUntil || waiting.length === 0) return;
    const arrived = at + 0.0005 * -Math.log(1 - uniform());
    // What waited comes in pieces of at most 124 frames (4095 bytes).
    const whole = waiting.splice(0, bytes > 0 ? waiting.length - 1 : waiting.length);
    for (let k = 0; k < whole.length; k += 124) writer.write(batchOf(whole.slice(k, k + 124)), arrived);
  };
  for (let n = 0; sampledAt - phase < seconds; n++, sampledAt += interval) {
    const second = sampledAt - phase;
    if (outage && second >= outage[0] && second < outage[0] + outage[1]) {
      if (!interrupted) writer.interrupted({ paused: false });
      interrupted = true;
      waiting = [];
      bytes = 0;
      counter = 0;
      handedOverAt = sampledAt;
      continue;
    }
    if (interrupted) {
      interrupted = false;
      // Sampling begins between two of the old sample times.
      sampledAt += 0.3 * interval;
    }
    const isLost = losses.some(([at, count]) => n >= at * RATE && n < at * RATE + count);
    if (!isLost) waiting.push({ value: sampledAt, counter: counter % counterModulus });
    counter++;
    const complete = sampledAt + 0.003;
    if (handedOverAt + 0.016 < complete) {
      handedOverAt += 0.016;
      bytes = 0;
      const newest = isLost ? undefined : waiting.pop();
      handOver(handedOverAt);
      if (newest) waiting.push(newest);
    }
    if (isLost) continue;
    bytes += 33;
    if (bytes < 62) continue;
    bytes -= 62;
    handedOverAt = complete;
    handOver(complete);
  }
  writer.flush();
  return { errors, events, jumps, statistics: writer.statistics() };
}

const batchOf = (frames: readonly { value: number; counter: number }[]): FrameBatch => ({
  nFrames: frames.length,
  values: Float64Array.from(frames, (f) => f.value),
  counter: Float64Array.from(frames, (f) => f.counter),
  deviceTime: new Float64Array(frames.length).fill(Number.NaN),
  flags: new Uint8Array(frames.length),
});

const worst = (errors: readonly { at: number; error: number }[], from: number, to: number): number =>
  errors.reduce((most, { at, error }) => (at >= from && at < to ? Math.max(most, Math.abs(error)) : most), 0);

describe("session time of a device's samples", () => {
  test("two devices with clocks 300 ppm apart, host stalls and losses agree within 1 ms after 60 s", () => {
    for (const seed of [1, 2, 3]) {
      const a = run(240, {
        ppm: 160,
        seed,
        losses: [
          [90, 10],
          [120, 300],
        ],
      });
      const b = run(240, { ppm: -140, seed: seed + 50, stalls: [[100, 0.7]], losses: [[150, 57]] });
      // Both are within half a millisecond of the truth, so of each other within one.
      expect(worst(a.errors, 60, 240)).toBeLessThan(0.5e-3);
      expect(worst(b.errors, 60, 240)).toBeLessThan(0.5e-3);
      expect(Math.abs(a.statistics.driftPpm - 160)).toBeLessThan(5);
      expect(Math.abs(b.statistics.driftPpm + 140)).toBeLessThan(5);
      expect(a.statistics.nLost).toBe(310);
      expect(b.statistics.nLost).toBe(57);
    }
  });

  test("a stall of 700 ms leaves no gap and no doubt", () => {
    const { jumps, errors, events } = run(120, {
      ppm: 50,
      seed: 5,
      stalls: [
        [70, 0.7],
        [80, 0.35],
      ],
    });
    expect(jumps).toEqual([]);
    expect(events.filter((event) => event.kind === "loss")).toEqual([]);
    expect(errors.filter(({ at, good }) => at > 3 && !good)).toEqual([]);
  });

  test("a counted loss is a gap of its size, at once and without doubt", () => {
    const { jumps, errors } = run(120, { ppm: 50, seed: 6, losses: [[70, 25]] });
    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeCloseTo(26 / RATE, 4);
    expect(errors.filter(({ at, good }) => at > 3 && !good)).toEqual([]);
  });

  test("after 6 s unplugged the samples lie within 2.5 ms of the truth at once, and better with time", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { errors, events } = run(300, { ppm: 90, seed, outage: [100, 6] });
      const losses = events.filter((event) => event.kind === "loss");
      expect(losses).toHaveLength(1);
      expect(Math.abs(losses[0]!.nSamples - 6 * RATE)).toBeLessThanOrEqual(1);
      expect(worst(errors, 60, 100)).toBeLessThan(0.5e-3);
      expect(worst(errors, 106, 300)).toBeLessThan(2.5e-3);
      expect(worst(errors, 200, 300)).toBeLessThan(1.5e-3);
    }
  });
});
