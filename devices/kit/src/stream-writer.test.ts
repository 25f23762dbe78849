import { mulberry32 } from "@attune/core";
import type { DeviceOutput, SampleChunk } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME_FLAGS, type FrameBatch } from "./codec.ts";
import type { DeviceEvent } from "./device.ts";
import { lostBetween } from "./frame-positions.ts";
import { StreamWriter, type StreamWriterOptions } from "./stream-writer.ts";

interface Frame {
  readonly value: number;
  readonly counter?: number;
  readonly deviceTime?: number;
  readonly flags?: number;
}

const batchOf = (frames: readonly Frame[]): FrameBatch => ({
  nFrames: frames.length,
  values: Float64Array.from(frames, (f) => f.value),
  counter: Float64Array.from(frames, (f) => f.counter ?? Number.NaN),
  deviceTime: Float64Array.from(frames, (f) => f.deviceTime ?? Number.NaN),
  flags: Uint8Array.from(frames, (f) => f.flags ?? 0),
});

function writerOf(options: Partial<StreamWriterOptions> & { rate?: number } = {}) {
  const { rate = 250, ...rest } = options;
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const writer = new StreamWriter({
    stream: {
      id: "s",
      name: "S",
      type: "ECG",
      channels: [{ label: "1", unit: "mV" }],
      nominalSamplingRate: rate,
    },
    hasDeviceClock: false,
    declaredLatencySeconds: 0,
    emit: (output) => outputs.push(output),
    report: (event) => events.push(event),
    ...rest,
  });
  return {
    writer,
    outputs,
    events,
    chunks: () => outputs.filter((output): output is SampleChunk => output.kind === "samples"),
    lost: () => events.reduce((sum, event) => sum + (event.kind === "loss" ? event.nSamples : 0), 0),
  };
}

/** Host number of each sample minus the number it bears as its value. */
const offBy = (chunks: readonly SampleChunk[]): Set<number> =>
  new Set(chunks.flatMap((chunk) => Array.from(chunk.data, (value, n) => chunk.firstSample + n - value)));

describe("lostBetween", () => {
  test("finds any loss from its remainder and a time that is off by less than half the modulus", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1024 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: -0.49, max: 0.49, noNaN: true }),
        (modulus, lost, error) => {
          expect(lostBetween(lost % modulus, modulus, lost + 1 + error * modulus)).toBe(lost);
        },
      ),
    );
  });
});

describe("StreamWriter", () => {
  /** 60 s of reads of 4 samples with a little jitter; losses at the given times. */
  function play(
    target: ReturnType<typeof writerOf>,
    options: {
      modulus?: number;
      deviceTime?: (n: number) => number;
      losses: readonly { at: number; n: number }[];
      seconds?: number;
      rate?: number;
    },
  ): void {
    const { modulus, deviceTime, losses, seconds = 45, rate = 250 } = options;
    const uniform = mulberry32(9);
    let frames: Frame[] = [];
    for (let n = 0; n < seconds * rate; n++) {
      const isLost = losses.some((loss) => n >= loss.at * rate && n < loss.at * rate + loss.n);
      if (!isLost)
        frames.push({
          value: n,
          ...(modulus !== undefined && { counter: n % modulus }),
          ...(deviceTime && { deviceTime: deviceTime(n) }),
        });
      if (n % 4 !== 3 || frames.length === 0) continue;
      target.writer.write(batchOf(frames), 500 + n / rate + 0.003 + 0.002 * uniform());
      frames = [];
    }
    target.writer.flush();
  }

  test("device time is sample number / rate, and the first offset comes with the first chunk", () => {
    const target = writerOf({ counterModulus: 256 });
    play(target, { modulus: 256, losses: [], seconds: 10 });
    expect(target.outputs[0]).toMatchObject({ kind: "clock-offset", streamId: "s" });
    const offsets = target.outputs.filter((output) => output.kind === "clock-offset");
    expect(offsets.length).toBeGreaterThanOrEqual(9);
    expect(offsets.length).toBeLessThanOrEqual(11);
    for (const { collectedAt, offset } of offsets.slice(2)) {
      expect(offset).toBeCloseTo(500.004, 2);
      expect(collectedAt).toBeLessThan(10);
    }
    for (const chunk of target.chunks()) {
      expect(chunk.deviceTime[0]).toBe(chunk.firstSample / 250);
      expect(chunk.receivedAt).toBeGreaterThanOrEqual(500);
    }
    expect(target.writer.statistics()).toMatchObject({ nSamples: 2500, nLost: 0, streamId: "s" });
  });

  test("the declared latency is taken off the offsets", () => {
    const plain = writerOf({ counterModulus: 256 });
    const late = writerOf({ counterModulus: 256, declaredLatencySeconds: 0.04 });
    for (const target of [plain, late]) play(target, { modulus: 256, losses: [], seconds: 5 });
    expect(late.writer.statistics().lastOffset).toBeCloseTo(plain.writer.statistics().lastOffset - 0.04, 9);
  });

  test("every counted loss from 1 to 3000 samples is found and placed exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 5, max: 25 }), (n, at) => {
        const target = writerOf({ counterModulus: 256 });
        play(target, { modulus: 256, losses: [{ at, n }] });
        expect(target.lost()).toBe(n);
        expect(offBy(target.chunks())).toEqual(new Set([0]));
        for (const chunk of target.chunks())
          expect(chunk.data.at(-1)! - chunk.data[0]!).toBe(chunk.nSamples - 1);
      }),
      { numRuns: 25 },
    );
  });

  test("without a counter a loss from 40 ms on is found to the sample on a link of 2 ms jitter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1000 }), fc.integer({ min: 5, max: 25 }), (n, at) => {
        const target = writerOf();
        // Reads of 4 samples: a loss of whole reads, as a link loses packets.
        play(target, { losses: [{ at, n: 4 * Math.ceil(n / 4) }] });
        expect(Math.abs(target.lost() - 4 * Math.ceil(n / 4))).toBeLessThanOrEqual(0);
        expect(offBy(target.chunks())).toEqual(new Set([0]));
      }),
      { numRuns: 25 },
    );
  });

  test("a device clock that counts places losses exactly, wherever it starts", () => {
    const deviceTime = (n: number): number => Math.round((7 + n / 250) * 32_768) / 32_768;
    const target = writerOf({ hasDeviceClock: true });
    play(target, {
      deviceTime,
      losses: [
        { at: 5, n: 1 },
        { at: 9, n: 77 },
        { at: 20, n: 2000 },
      ],
    });
    expect(target.lost()).toBe(2078);
    expect(offBy(target.chunks())).toEqual(new Set([0]));
    for (const chunk of target.chunks()) expect(chunk.deviceTime[0]).toBe(deviceTime(chunk.firstSample));
  });

  test("device clock and counter together find losses beyond the modulus", () => {
    const uniform = mulberry32(4);
    const target = writerOf({ hasDeviceClock: true, counterModulus: 128, rate: 128 });
    play(target, {
      modulus: 128,
      rate: 128,
      deviceTime: (n) => 1.5e9 + n / 128 + 0.01 * uniform(),
      losses: [
        { at: 6, n: 128 },
        { at: 20, n: 1000 },
      ],
    });
    expect(target.lost()).toBe(1128);
    expect(offBy(target.chunks())).toEqual(new Set([0]));
  });

  test("a counter that begins anew while the device's clock runs on makes no gap", () => {
    for (const lost of [0, 40, 900]) {
      const target = writerOf({ hasDeviceClock: true, counterModulus: 128, rate: 128 });
      for (let n = 0; n < 2000; n++) {
        if (n >= 1000 && n < 1000 + lost) continue;
        const counter = (n < 1000 ? n : n - 1000 - lost + 37) % 128;
        target.writer.write(batchOf([{ value: n, counter, deviceTime: 9 + n / 128 }]), 500 + n / 128);
      }
      target.writer.flush();
      expect(target.lost()).toBe(lost);
      expect(offBy(target.chunks())).toEqual(new Set([0]));
    }
  });

  test("a device clock that steps once per packet is no counter: nothing is lost, and a real loss still shows", () => {
    const target = writerOf({ hasDeviceClock: true });
    play(target, { deviceTime: (n) => 3 + Math.floor(n / 12) * 0.048, losses: [] });
    expect(target.lost()).toBe(0);
    const holed = writerOf({ hasDeviceClock: true });
    play(holed, { deviceTime: (n) => 3 + Math.floor(n / 12) * 0.048, losses: [{ at: 30, n: 120 }] });
    expect(Math.abs(holed.lost() - 120)).toBeLessThanOrEqual(6);
  });

  test("a device clock that starts anew is followed: the number goes on by the time that went by", () => {
    const target = writerOf({ hasDeviceClock: true, counterModulus: 256 });
    const feed = (from: number, to: number, bootedAt: number): void => {
      for (let n = from; n < to; n++)
        target.writer.write(
          batchOf([{ value: n, counter: (n - from) % 256, deviceTime: (n - from) / 250 }]),
          bootedAt + (n - from) / 250,
        );
    };
    feed(0, 2500, 500);
    target.writer.interrupted({ paused: false });
    // 2 s away; the board's clock and counter are at zero again.
    feed(3000, 5500, 512);
    target.writer.flush();
    expect(target.lost()).toBe(500);
    expect(offBy(target.chunks())).toEqual(new Set([0]));
    expect(target.writer.statistics().lastOffset).toBeCloseTo(512, 6);
  });

  test("a device clock that ran on while data were interrupted says exactly what is missing; a pause is no loss", () => {
    for (const paused of [false, true]) {
      const target = writerOf({ hasDeviceClock: true, counterModulus: 256 });
      const feed = (from: number, to: number): void => {
        for (let n = from; n < to; n++)
          target.writer.write(
            batchOf([{ value: n, counter: (n - from) % 256, deviceTime: n / 250 }]),
            500 + n / 250,
          );
      };
      feed(0, 2500);
      target.writer.interrupted({ paused });
      feed(3333, 5000);
      target.writer.flush();
      expect(target.lost()).toBe(paused ? 0 : 833);
      expect(offBy(target.chunks())).toEqual(new Set([0]));
    }
  });

  test("a counter that was damaged on the wire makes no gap", () => {
    const target = writerOf({ counterModulus: 256 });
    for (let n = 0; n < 5000; n++) {
      const counter = n === 3000 ? (n + 64) % 256 : n % 256;
      target.writer.write(batchOf([{ value: n, counter }]), 500 + n / 250);
    }
    target.writer.flush();
    expect(target.lost()).toBe(0);
    expect(offBy(target.chunks())).toEqual(new Set([0]));
  });

  test("invented frames are NaN and count as lost; their number and time go on", () => {
    const target = writerOf({ counterModulus: 256 });
    for (let n = 0; n < 100; n++) {
      const flags = n >= 40 && n < 43 ? FRAME_FLAGS.invented : 0;
      target.writer.write(batchOf([{ value: n, counter: n, flags }]), 500 + n / 250);
    }
    target.writer.flush();
    const values = target.chunks().flatMap((chunk) => Array.from(chunk.data));
    expect(values).toHaveLength(100);
    expect(values.flatMap((value, n) => (Number.isNaN(value) ? [n] : []))).toEqual([40, 41, 42]);
    expect(target.events.filter((event) => event.kind === "loss" && event.cause === "invented")).toHaveLength(
      3,
    );
    expect(target.writer.statistics()).toMatchObject({ nSamples: 97, nLost: 3 });
  });

  test("a marker is one event at its sample's time on the host; a lead that comes off changes the quality once", () => {
    const target = writerOf({ counterModulus: 256 });
    for (let n = 0; n < 1000; n++) {
      const marker = n >= 750 && n < 760 ? FRAME_FLAGS.marker : 0;
      const leadOff = n >= 500 && n < 600 ? FRAME_FLAGS.leadOff : 0;
      target.writer.write(batchOf([{ value: n, counter: n % 256, flags: marker | leadOff }]), 500 + n / 250);
    }
    const markers = target.outputs.filter((output) => output.kind === "event");
    expect(markers).toHaveLength(1);
    expect(markers[0]).toMatchObject({ label: "marker", source: "s" });
    expect(markers[0]!.at).toBeCloseTo(503, 6);
    expect(target.events.flatMap((event) => (event.kind === "quality" ? [event.channels] : []))).toEqual([
      ["off"],
      ["unknown"],
    ]);
  });

  test("any way of cutting reads into batches gives the same samples", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }), (cuts) => {
        const target = writerOf({ counterModulus: 256 });
        let n = 0;
        for (const cut of cuts) {
          const frames = Array.from({ length: cut }, () => ({ value: n, counter: n++ % 256 }));
          target.writer.write(batchOf(frames), 500 + n / 250);
        }
        target.writer.flush();
        expect(offBy(target.chunks())).toEqual(new Set([0]));
        expect(target.chunks().reduce((sum, chunk) => sum + chunk.nSamples, 0)).toBe(n);
        expect(
          target
            .chunks()
            .slice(0, -1)
            .every((chunk) => chunk.nSamples === 5),
        ).toBe(true);
      }),
    );
  });

  test("an irregular stream takes its arrival as its time, or the device's where it has a clock", () => {
    const target = writerOf({ rate: 0 });
    for (const at of [10, 10.3, 14]) target.writer.write(batchOf([{ value: 1 }]), at);
    expect(target.chunks().map((chunk) => chunk.deviceTime[0])).toEqual([10, 10.3, 14]);
    expect(target.writer.statistics().lastOffset).toBeCloseTo(0, 9);
    const clocked = writerOf({ rate: 0, hasDeviceClock: true });
    for (const at of [10, 10.3, 14]) clocked.writer.write(batchOf([{ value: 1, deviceTime: at - 8 }]), at);
    expect(clocked.chunks().map((chunk) => chunk.firstSample)).toEqual([0, 1, 2]);
    expect(clocked.writer.statistics().lastOffset).toBeCloseTo(8, 9);
    expect(clocked.lost()).toBe(0);
  });

  test("a rate that is wrong by 0.5 % is said once, after a minute, with the rate that was measured", () => {
    const target = writerOf({ counterModulus: 256 });
    for (let n = 0; n < 250 * 150; n++)
      target.writer.write(batchOf([{ value: n, counter: n % 256 }]), 500 + n / 248.75);
    const warnings = target.events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/s delivers 248\.75\d samples\/s instead of 250/);
    expect(target.writer.statistics().measuredSamplingRate).toBeCloseTo(248.75, 2);
    expect(target.events.some((event) => event.kind === "clock")).toBe(true);
    expect(target.lost()).toBe(0);
  });
});
