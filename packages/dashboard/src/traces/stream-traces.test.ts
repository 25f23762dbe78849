import type { PageStream, Traces } from "@attune/wire/page";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Appearance, referenceGroups, StreamTraces } from "./stream-traces.ts";

const RATE = 250;
const STEP = 1 / RATE;
const SECONDS_PER_COLUMN = 0.007;
const stream: PageStream = {
  id: "eeg",
  name: "EEG",
  device: "test",
  type: "EEG",
  samplingRate: RATE,
  channels: [
    { label: "Fz", unit: "uV", person: "adult", signal: "eeg" },
    { label: "Cz", unit: "uV", person: "adult", signal: "eeg" },
    { label: "Pz", unit: "uV", person: "infant", signal: "eeg" },
  ],
};
const plain: Appearance = {
  filter: { highPass: false, lowPass: false, notch: 0 },
  isReferenced: false,
  poor: new Set(),
};
const filtered: Appearance = {
  filter: { highPass: true, lowPass: true, notch: 50 },
  isReferenced: true,
  poor: new Set(),
};

const valueAt = (n: number, c: number): number =>
  100 * c + 30 * Math.sin(n * 0.11 * (c + 1)) + 10 * Math.cos(n * 1.7);

function frame(first: number, end: number, isPast = false): Traces {
  const nSamples = end - first;
  const data = new Float32Array(3 * nSamples);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < nSamples; i++) data[c * nSamples + i] = valueAt(first + i, c);
  return {
    kind: "traces",
    streamId: "eeg",
    start: 100 + first * STEP,
    step: STEP,
    nChannels: 3,
    nSamples,
    data,
    isEnvelope: false,
    isPast,
  };
}

/** What is on the screen between two times: least and greatest of each channel and whether it is a gap. */
function screen(traces: StreamTraces, from: number, to: number): (number | null)[][] {
  const { columns } = traces;
  const out: (number | null)[][] = [];
  for (let k = Math.ceil(from / SECONDS_PER_COLUMN); k < Math.floor(to / SECONDS_PER_COLUMN); k++) {
    const slot = k % columns.capacity;
    const range = [0, 1, 2].flatMap((c) => [
      columns.low[c * columns.capacity + slot]!,
      columns.high[c * columns.capacity + slot]!,
    ]);
    out.push([
      ...range.map((v) => (Number.isNaN(v) ? null : Math.round(v * 1e4) / 1e4)),
      columns.gaps[slot]!,
    ]);
  }
  return out;
}

/** Times are sums of parts, which round otherwise when they are cut otherwise. */
function expectSame(a: (number | null)[][], b: (number | null)[][]): void {
  expect(a.length).toBe(b.length);
  const different = a.filter((column, k) =>
    column.some(
      (v, c) => (v === null) !== (b[k]![c] === null) || Math.abs((v ?? 0) - (b[k]![c] ?? 0)) > 1e-3,
    ),
  );
  expect(different).toEqual([]);
}

function live(
  cuts: readonly number[],
  appearance: Appearance,
  lost: readonly [number, number],
): StreamTraces {
  const traces = new StreamTraces(stream, 4000);
  traces.refill(100, null, SECONDS_PER_COLUMN, appearance, []);
  for (let n = 0, k = 0; n < 3000; k++) {
    const end = Math.min(3000, n + cuts[k % cuts.length]!);
    if (n < lost[0]) traces.append(frame(n, Math.min(end, lost[0])), false);
    if (end > lost[1]) traces.append(frame(Math.max(n, lost[1]), end), false);
    n = end;
  }
  return traces;
}

describe("traces of one stream", () => {
  test("look the same however they were cut, and the same when they are painted again from what is kept", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (cuts, isPlain) => {
          const appearance = isPlain ? plain : filtered;
          const followed = live(cuts, appearance, [1200, 1260]);
          const whole = live([3000], appearance, [1200, 1260]);
          expectSame(screen(followed, 100, 112), screen(whole, 100, 112));
          whole.refill(100, null, SECONDS_PER_COLUMN, appearance, []);
          expectSame(screen(whole, 100, 112), screen(followed, 100, 112));
        },
      ),
      { numRuns: 15 },
    );
  });

  test("a stretch of the past looks as it did when it was live", () => {
    const traces = live([50], filtered, [1200, 1260]);
    const before = screen(traces, 106, 110);
    traces.refill(106, 110, SECONDS_PER_COLUMN, filtered, []);
    const after = screen(traces, 106, 110);
    const isClose = after.every((column, k) =>
      column.every(
        (v, c) =>
          (v === null) === (before[k]![c] === null) && Math.abs((v ?? 0) - (before[k]![c] ?? 0)) < 0.5,
      ),
    );
    expect(isClose).toBe(true);
    // What comes meanwhile does not move it.
    traces.append(frame(3000, 3100), false);
    expect(screen(traces, 106, 110)).toEqual(after);
  });

  test("answers about the past fill what the page missed, also in the middle, and only that", () => {
    const complete = live([50], plain, [0, 0]);
    const missed = live([50], plain, [1000, 1500]);
    expect(screen(missed, 104.1, 105.9).every((column) => column[6] === 1)).toBe(true);
    missed.refill(100, null, SECONDS_PER_COLUMN, plain, [frame(900, 1250, true), frame(1250, 1600, true)]);
    expectSame(screen(missed, 100, 112), screen(complete, 100, 112));
  });

  test("an envelope of the past is shown around its middle", () => {
    const traces = new StreamTraces(stream, 4000);
    const data = new Float32Array(3 * 2 * 10);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < 10; i++) {
        data[c * 20 + i] = 1000 - 5;
        data[c * 20 + 10 + i] = 1000 + 5;
      }
    const past: Traces = {
      kind: "traces",
      streamId: "eeg",
      start: 100,
      step: 0.05,
      nChannels: 3,
      nSamples: 10,
      data,
      isEnvelope: true,
      isPast: true,
    };
    traces.refill(100, 101, SECONDS_PER_COLUMN, plain, [past]);
    expect(screen(traces, 100, 100.49).every((column) => column[0] === -5 && column[1] === 5)).toBe(true);
    expect(
      screen(traces, 100.6, 101).every(
        (column) => column[0] === null || column[0] === undefined || Number.isNaN(column[0]),
      ),
    ).toBe(true);
  });

  test("each person has a reference of the own electrodes, without those that are poor", () => {
    expect(referenceGroups(stream, new Set(["Cz"]))).toEqual([
      { channels: [0, 1], members: [0] },
      { channels: [2], members: [2] },
    ]);
  });
});
