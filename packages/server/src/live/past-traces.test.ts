import type { SampleChunk, Stream } from "@attune/signal";
import type { Traces } from "@attune/wire/page";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EnvelopeLevel } from "./envelope-level.ts";
import { type StreamGap, StreamPlacer } from "./stream-placer.ts";
import { TraceStore } from "./trace-store.ts";

const run = (start: number, data: number[], step = 0.01): Traces => ({
  kind: "traces",
  streamId: "s",
  start,
  step,
  nChannels: 1,
  nSamples: data.length,
  data: Float32Array.from(data),
  isEnvelope: false,
  isPast: false,
});
const stream: Stream = {
  id: "s",
  name: "s",
  type: "EEG",
  channels: [{ label: "a", unit: "uV" }],
  nominalSamplingRate: 100,
};
const chunk = (firstSample: number, nSamples: number, stamp = firstSample): SampleChunk => ({
  kind: "samples",
  streamId: "s",
  firstSample,
  nSamples,
  data: Float64Array.from({ length: nSamples }, (_, n) => firstSample + n),
  deviceTime: Float64Array.from({ length: nSamples }, (_, n) => (stamp + n) / 100),
  receivedAt: 7 + (stamp + nSamples) / 100,
});

describe("envelopes", () => {
  test("hold the least and the greatest of every stretch, however the samples were cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 17 }),
        (values, cut) => {
          const level = new EnvelopeLevel("s", 1, 1 / 16, 1e6);
          for (let n = 0; n < values.length; n += cut)
            level.push(run(3 + n * 0.01, values.slice(n, n + cut)));
          const stretches = new Map<number, number[]>();
          values.forEach((value, n) => {
            const k = Math.floor((3 + n * 0.01) * 16);
            stretches.set(k, [...(stretches.get(k) ?? []), value]);
          });
          const [all] = level.between(3, 3 + values.length * 0.01);
          for (const [k, own] of stretches) {
            const place = k - Math.round(all!.start * 16);
            expect(all!.data[place]).toBe(Math.min(...own.map(Math.fround)));
            expect(all!.data[all!.nSamples + place]).toBe(Math.max(...own.map(Math.fround)));
          }
        },
      ),
    );
  });

  test("stretches without samples are missing, and old ones go when there is no room", () => {
    const level = new EnvelopeLevel("s", 1, 1, 8 * 256 * 3);
    level.push(run(0, [1, 2], 0.5));
    level.push(run(3, [5], 0.5));
    const [first] = level.between(0, 4);
    expect([...first!.data]).toEqual([1, Number.NaN, Number.NaN, 5, 2, Number.NaN, Number.NaN, 5]);
    for (let block = 1; block < 10; block++) level.push(run(256 * block, [block], 0.5));
    expect(level.from).toBe(256 * 7);
    expect(level.between(0, 256 * 7)).toEqual([]);
  });
});

describe("the past of a stream", () => {
  const seconds = 400;
  const store = new TraceStore("s", 1);
  for (let second = 0; second < seconds; second++)
    store.push(
      run(
        second,
        Array.from({ length: 100 }, (_, n) => second + n / 100),
      ),
    );

  test("is at full rate for the last five minutes, in few pieces, and an envelope before", () => {
    const recent = store.between(350, 360);
    expect(recent).toHaveLength(1);
    expect(recent[0]).toMatchObject({ isEnvelope: false, isPast: true, nSamples: 1000, start: 350 });
    const [old] = store.between(20, 30);
    expect(old).toMatchObject({ isEnvelope: true, step: 1 / 16, start: 20, nSamples: 160 });
    expect(old!.data[0]).toBeCloseTo(20, 5);
    const both = store.between(95, 105);
    const border = both.findIndex(({ isEnvelope }) => !isEnvelope);
    expect(both.slice(0, border).every(({ isEnvelope }) => isEnvelope)).toBe(true);
    expect(both.slice(0, border).reduce((sum, { nSamples }) => sum + nSamples, 0)).toBe(16 * 4);
    expect(both.slice(border)).toMatchObject([{ isEnvelope: false, start: 99 }]);
    expect(store.between(30, 20)).toEqual([]);
    expect(store.between(1000, 1010)).toEqual([]);
  });

  test("a long stretch is coarser and never more points than a screen has", () => {
    const fast = new TraceStore("s", 1);
    for (let second = 0; second < seconds; second++)
      fast.push(
        run(
          second,
          Array.from({ length: 2000 }, () => second),
          0.0005,
        ),
      );
    const all = fast.between(0, seconds);
    expect(all.every(({ isEnvelope, step }) => isEnvelope && step === 0.5)).toBe(true);
    expect(all.reduce((sum, { nSamples }) => sum + nSamples, 0)).toBe(2 * seconds);
  });
});

describe("samples on the session clock", () => {
  const placed = (chunks: SampleChunk[], isKnown = true): { runs: Traces[]; gaps: StreamGap[] } => {
    const gaps: StreamGap[] = [];
    const placer = new StreamPlacer(stream, (gap) => gaps.push(gap));
    if (isKnown) placer.offset({ kind: "clock-offset", streamId: "s", collectedAt: -1, offset: 7 });
    for (const each of chunks) placer.push(each, 0);
    return { runs: [...placer.take()], gaps };
  };

  test("chunks that follow one another become one run", () => {
    const { runs, gaps } = placed([chunk(0, 20), chunk(20, 30), chunk(50, 10)]);
    expect(gaps).toEqual([]);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ nSamples: 60, nChannels: 1 });
    expect(runs[0]!.start).toBeCloseTo(7, 6);
    expect(runs[0]!.step).toBeCloseTo(0.01, 9);
    expect([...runs[0]!.data]).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  test("what the device counted as lost is a gap between two runs", () => {
    const { runs, gaps } = placed([chunk(0, 300), chunk(400, 20)]);
    expect(runs.map(({ nSamples }) => nSamples)).toEqual([300, 20]);
    expect(runs[1]!.start).toBeCloseTo(11, 3);
    expect(gaps).toEqual([
      { streamId: "s", from: expect.closeTo(9.99, 3), to: expect.closeTo(11, 3), nLost: 100 },
    ]);
  });

  test("before the clock is known they stand where the first chunk arrived, evenly", () => {
    const late = { ...chunk(20, 20), receivedAt: 9 };
    const { runs, gaps } = placed([chunk(0, 20), late], false);
    expect(gaps).toEqual([]);
    expect(runs).toHaveLength(1);
    expect(runs[0]!.start).toBeCloseTo(7.01, 6);
  });
});
