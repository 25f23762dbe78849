import { CausalClock, counterRandom, GridResampler, normal, RPeakDetector } from "@attune/core";
import type { Beat, SampleChunk, SessionInput } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { outputs } from "./example-data.test-support.ts";
import {
  beatTimes,
  distanceTo,
  ecgAt,
  ecgChunk,
  heartOf,
  quantile,
  slowDrive,
} from "./example-hearts.test-support.ts";
import { findBeats } from "./find-beats.ts";
import type { HeartEvent } from "./heart-events.ts";

describe("times of beats on a clock that drifts and jitters", () => {
  const OFFSET = 1000;
  const seconds = 300;
  const beats = beatTimes(seconds, "infant", slowDrive(7));

  /** Sampled by a device whose clock runs 50 ppm fast, stamped with half a millisecond of jitter; offsets as LSL measures them. */
  function recorded(rate: number): SessionInput[] {
    const draw = normal(counterRandom("jitter", rate));
    const nSamples = rate * seconds;
    const ppm = 50e-6;
    const truth = Float64Array.from({ length: nSamples }, (_, n) => n / rate / (1 + ppm));
    const data = ecgAt(truth, beats, "infant");
    const out: SessionInput[] = [];
    const size = rate / 10;
    for (let n = 0; n < nSamples; n += size) {
      const deviceTime = truth.slice(n, n + size).map((at) => at * (1 + ppm) - OFFSET + 0.0005 * draw());
      const collectedAt = truth[n]! * (1 + ppm) - OFFSET;
      if (n % (5 * rate) === 0)
        out.push({
          kind: "clock-offset",
          streamId: "infant-ecg",
          collectedAt,
          offset: truth[n]! - collectedAt + 0.0002 * draw(),
        });
      out.push({
        kind: "samples",
        streamId: "infant-ecg",
        firstSample: n,
        nSamples: size,
        data: data.slice(n, n + size),
        deviceTime,
      });
    }
    return out;
  }

  test.each([250, 500])(
    "the times of R peaks are right to half a millisecond, their distances to less (%d Hz)",
    (rate) => {
      const inputs = recorded(rate) as SampleChunk[];
      const found = outputs(inputs, findBeats(heartOf("infant", "infant", rate))).filter(
        (event): event is Beat => event.kind === "beat" && event.at > 30,
      );
      expect(found.length).toBeGreaterThan(550);
      const errors = found.map(({ at }) => 1000 * distanceTo(beats, at));
      const spread = (values: readonly number[]) => (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;
      // Their common part is the error of the clock's offset; distances between beats do not have it.
      expect(Math.abs(quantile(errors, 0.5))).toBeLessThan(0.5);
      expect(spread(errors)).toBeLessThan(rate === 250 ? 0.5 : 0.25);

      // Beats found on the session grid, as EEG is put there, are no better and known later.
      const onGrid = gridErrors(inputs, rate);
      expect(spread(errors)).toBeLessThanOrEqual(1.05 * spread(onGrid.errors));
      expect(onGrid.latencySeconds).toBeGreaterThan(0.01);
    },
  );

  /** The way not taken: onto a grid of 500 Hz first. */
  function gridErrors(
    inputs: readonly SessionInput[],
    rate: number,
  ): { errors: number[]; latencySeconds: number } {
    const clock = new CausalClock({ nominalSamplingRate: rate });
    const resampler = new GridResampler({ nChannels: 1, inputRate: rate, gridRate: 500 });
    const detector = new RPeakDetector({ samplingRate: 500, population: "infant" });
    const errors: number[] = [];
    let origin = Number.NaN;
    for (const input of inputs) {
      if (input.kind === "clock-offset") clock.addOffset(input.collectedAt, input.offset);
      if (input.kind !== "samples") continue;
      const time = new Float64Array(input.nSamples);
      const flags = new Uint8Array(input.nSamples);
      clock.push(input.deviceTime, input.nSamples, time, flags);
      const known = time.findIndex((at, n) => flags[n] === 0 && !Number.isNaN(at));
      if (known !== 0) continue;
      const { firstIndex, nSamples, data } = resampler.push(input.data, time, input.nSamples);
      if (nSamples === 0) continue;
      if (Number.isNaN(origin)) origin = firstIndex / 500;
      detector.push(data, nSamples, (beat) => {
        const at = origin + beat.time;
        if (at > 30) errors.push(1000 * distanceTo(beats, at));
      });
    }
    return { errors, latencySeconds: resampler.latencySeconds };
  }
});

describe("an electrocardiogram that is not there all the time", () => {
  const infant = heartOf("infant", "infant", 250);
  const chunk = ecgChunk("infant-ecg", 250, 60, beatTimes(60, "infant"), "infant");
  const find = (inputs: readonly SessionInput[]): HeartEvent[] =>
    outputs(inputs as SampleChunk[], findBeats(infant));
  const until = (events: readonly HeartEvent[]) =>
    events.flatMap((event) => (event.kind === "heart-gap" ? [event.until] : []));

  test("while nothing is heard what is lost is told every second, 3 s late, and beats come in the order of time", () => {
    const silent = { ...chunk, data: chunk.data.slice().fill(0, 20 * 250, 40 * 250) };
    const events = find([silent]);
    const gaps = until(events);
    expect(gaps.length).toBeGreaterThan(14);
    expect(gaps[0]).toBe(20);
    for (const [i, gap] of gaps.entries()) expect(gap).toBe(20 + i);
    const times = events.flatMap((event) => (event.kind === "beat" ? [event.at] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.filter((at) => at > 20.1 && at < 40)).toEqual([]);
    expect(times.filter((at) => at > 41).length).toBeGreaterThan(30);
  });

  test("more than 2 s without a sample are lost, less are not; a second ticks once", () => {
    const cut = (from: number, to: number): SampleChunk => ({
      ...chunk,
      firstSample: from,
      nSamples: to - from,
      data: chunk.data.slice(from, to),
      deviceTime: chunk.deviceTime.slice(from, to),
      sessionTime: chunk.sessionTime!.slice(from, to),
    });
    expect(until(find([cut(0, 5000), cut(5400, 15_000)]))).toEqual([]);
    const events = find([cut(0, 5000), cut(5600, 15_000)]);
    expect(until(events)).toEqual([5600 / 250]);
    const ticks = events.flatMap((event) => (event.kind === "heart-tick" ? [event.at] : []));
    expect(ticks).toEqual(
      [...Array.from({ length: 60 }, (_, second) => second)].filter((at) => at < 20 || at > 21),
    );
  });

  test("a rate that the detector does not take, and a clock that jumps by hours, are errors", () => {
    expect(() => outputs([chunk], findBeats(heartOf("infant", "infant", 130)))).toThrow(/200/);
    const jumping = { ...chunk, sessionTime: chunk.sessionTime!.map((at) => (at < 30 ? at : at + 7200)) };
    expect(() => find([jumping])).toThrow(/infant's heart: session time jumped to 7230 s/);
  });
});
