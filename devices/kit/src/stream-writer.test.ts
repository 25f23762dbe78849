import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME_FLAGS } from "./codec.ts";
import { batchOf, offBy, play, writerOf } from "./test-support/writer.ts";

describe("StreamWriter", () => {
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
