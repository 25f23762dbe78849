import type { ContinuousRecording, RecordedStream, RecordingGap } from "@attune/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PlayClock } from "./play-clock.ts";
import { cut, runsOf, SampleBlocks } from "./sample-blocks.ts";
import { StreamTimes } from "./stream-times.ts";
import { TraceFeed } from "./trace-feed.ts";

/** A stream of one channel whose values are its sample numbers, with gaps after given samples. */
function streamWith(
  nSamples: number,
  rate: number,
  gaps: readonly (readonly [sample: number, seconds: number])[],
) {
  const time = new Float64Array(nSamples);
  const list: RecordingGap[] = [];
  let shift = 3;
  for (let n = 0; n < nSamples; n++) {
    const gap = gaps.find(([sample]) => sample === n && n > 0);
    if (gap !== undefined) {
      list.push({ start: shift + n / rate, duration: gap[1], kind: "loss", sample: n });
      shift += gap[1];
    }
    time[n] = shift + n / rate;
  }
  const stream: RecordedStream = {
    id: "s",
    name: "s",
    type: "EEG",
    channels: [{ label: "a", unit: "uV" }],
    nominalSamplingRate: rate,
    nSamples,
    firstTime: time[0]!,
    lastTime: time[nSamples - 1]!,
    effectiveSamplingRate: rate,
    gaps: list,
    clock: { model: "none", offset: 0, driftPpm: 0, nOffsets: 0, residual: 0, nResets: 0 },
    format: "float32",
  };
  return { stream, time };
}

const example = fc
  .record({
    nSamples: fc.integer({ min: 1, max: 3000 }),
    rate: fc.constantFrom(10, 128, 250, 500),
    gaps: fc.array(
      fc.tuple(fc.integer({ min: 1, max: 2999 }), fc.double({ min: 0.05, max: 4, noNaN: true })),
      {
        maxLength: 5,
      },
    ),
  })
  .map(({ nSamples, rate, gaps }) => {
    const unique = [...new Map(gaps.filter(([sample]) => sample < nSamples))];
    return { rate, ...streamWith(nSamples, rate, unique) };
  });

/** The recording as far as blocks need it; `read` counts. */
function recordingOf(stream: RecordedStream, isBroken: (from: number) => boolean = () => false) {
  const reads: number[] = [];
  const recording = {
    read: async (_id: string, { fromSample, nSamples }: { fromSample: number; nSamples: number }) => {
      reads.push(fromSample);
      if (isBroken(fromSample)) throw new Error("a bad sector");
      const n = Math.max(0, Math.min(nSamples, stream.nSamples - fromSample));
      return {
        data: Float64Array.from({ length: n }, (_, k) => fromSample + k),
        deviceTime: new Float64Array(n),
        sessionTime: new Float64Array(n),
      };
    },
  } as unknown as ContinuousRecording;
  return { recording, reads };
}

describe("where samples lie", () => {
  test("times of samples and samples of times are those of the recording, whatever its gaps", () => {
    fc.assert(
      fc.property(example, ({ stream, time, rate }) => {
        const times = new StreamTimes(stream);
        for (let n = 0; n < time.length; n += 7) {
          expect(times.timeOf(n)).toBeCloseTo(time[n]!, 7);
          expect(times.sampleAt(time[n]!)).toBe(n);
          expect(times.sampleAt(time[n]! - 0.4 / rate)).toBe(n);
          expect(times.lastBefore(time[n]! + 0.4 / rate)).toBeCloseTo(time[n]!, 7);
        }
        expect(times.sampleAt(1e9)).toBe(time.length);
        expect(times.lastBefore(0)).toBeNaN();
      }),
      { numRuns: 40 },
    );
  });

  test("stretches that follow each other hold every sample once, with runs that gaps cut", () => {
    fc.assert(
      fc.property(
        example,
        fc.array(fc.double({ min: 0, max: 25, noNaN: true }), { maxLength: 8 }),
        (each, cuts) => {
          const { stream, time } = each;
          const times = new StreamTimes(stream);
          const data = Float64Array.from({ length: stream.nSamples }, (_, n) => n);
          const runs = runsOf(times, 0, stream.nSamples, 1, data);
          expect(runs).toHaveLength(stream.gaps.length + 1);
          const borders = [-1, ...cuts.toSorted((a, b) => a - b), 1e6];
          const shown = borders
            .slice(1)
            .flatMap((to, k) => runs.flatMap((run) => cut(run, borders[k]!, to) ?? []));
          const bySample = shown.toSorted((a, b) => a.start - b.start).flatMap((run) => [...run.data]);
          expect(bySample).toEqual([...data]);
          for (const { start, data: values } of shown) expect(start).toBeCloseTo(time[values[0]!]!, 6);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("blocks are read once, a stretch that cannot be read is told and empty, and the feed passes over it", async () => {
    const { stream } = streamWith(4000, 100, [[1234, 2]]);
    const { recording, reads } = recordingOf(stream, (from) => from === 800);
    const problems: unknown[] = [];
    const blocks = new SampleBlocks(recording, [new StreamTimes(stream)], (problem) =>
      problems.push(problem),
    );
    const feed = new TraceFeed(blocks, 3);
    const seen: number[] = [];
    for (let position = 3; position <= 46; position += 0.25) {
      for (const run of feed.take(position, 1)) seen.push(...run.data);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const run of feed.take(46, 1)) seen.push(...run.data);
    expect(new Set(reads).size).toBe(reads.length);
    expect(problems).toHaveLength(1);
    const expected = Array.from({ length: 4000 }, (_, n) => n).filter((n) => n < 800 || n >= 1200);
    expect(seen).toEqual(expected);
    expect(blocks.bytes).toBe(4 * expected.length);
    // A jump shows what a screen holds: twenty seconds, less the gap and what cannot be read.
    feed.jump(33);
    expect([...feed.take(33, 1)].reduce((sum, run) => sum + run.nSamples, 0)).toBe(2000 - 200 - 200);
  });
});

describe("the clock of a replay", () => {
  test("never leaves the recording, and stands where it was put", () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant("play" as const) }),
      fc.record({ kind: fc.constant("stop" as const) }),
      fc.record({ kind: fc.constant("wait" as const), by: fc.double({ min: 0, max: 30, noNaN: true }) }),
      fc.record({ kind: fc.constant("seek" as const), by: fc.double({ min: -10, max: 80, noNaN: true }) }),
      fc.record({ kind: fc.constant("speed" as const), by: fc.double({ min: 0.1, max: 32, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        let now = 100;
        const clock = new PlayClock({ from: 5, to: 65 }, () => now, 1);
        for (const each of acts) {
          const before = clock.position;
          const wasPlaying = clock.isPlaying;
          if (each.kind === "play") clock.play();
          else if (each.kind === "stop") clock.stop();
          else if (each.kind === "seek") clock.seek(each.by);
          else if (each.kind === "speed") clock.setSpeed(each.by);
          else now += each.by;
          if (each.kind === "seek") expect(clock.position).toBe(Math.min(65, Math.max(5, each.by)));
          else if (each.kind !== "wait") expect(clock.position).toBeCloseTo(before, 9);
          else
            expect(clock.position).toBeCloseTo(
              wasPlaying ? Math.min(65, before + each.by * clock.speed) : before,
              6,
            );
          expect(clock.isAtEnd).toBe(clock.position >= 65);
          if (clock.isAtEnd) expect(clock.isPlaying).toBe(false);
        }
      }),
    );
  });
});
