import { mulberry32 } from "@attune/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lostBetween } from "./frame-positions.ts";
import { batchOf, offBy, play, writerOf } from "./test-support/writer.ts";

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

describe("losses in a StreamWriter", () => {
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

  /** One frame a read; frame k is delivered when k + 1 comes, as by a codec that looks ahead. */
  function playHeldBack(
    target: ReturnType<typeof writerOf>,
    { modulus, lost, saysSo }: { modulus: number; lost: number; saysSo: boolean },
  ): void {
    const at = 2503;
    for (let n = 1; n < 5000; n++) {
      if (n >= at && n < at + lost) continue;
      const before = n === at + lost ? at - 1 : n - 1;
      const frame = { value: before, counter: before % modulus };
      const batch = batchOf([frame]);
      target.writer.write({ ...batch, ...(saysSo && { nHeldBack: 1 }) }, 500 + n / 250);
    }
    target.writer.flush();
  }

  test("a frame that its codec held back lies before the loss that delayed it, whole turns of the counter or not", () => {
    fc.assert(
      fc.property(fc.constantFrom(16, 256), fc.integer({ min: 20, max: 1500 }), (modulus, lost) => {
        const target = writerOf({ counterModulus: modulus });
        playHeldBack(target, { modulus, lost, saysSo: true });
        expect(target.lost()).toBe(lost);
        expect(offBy(target.chunks())).toEqual(new Set([0]));
      }),
    );
  });

  test("where the codec does not say so, the counter gap of the following read shows it, but not whole turns alone", () => {
    for (const lost of [257, 356, 1000, 256, 512]) {
      const target = writerOf({ counterModulus: 256 });
      playHeldBack(target, { modulus: 256, lost, saysSo: false });
      expect(target.lost()).toBe(lost);
      const misplaced = target
        .chunks()
        .flatMap((chunk) => Array.from(chunk.data, (value, n) => chunk.firstSample + n - value))
        .filter((off) => off !== 0);
      expect(misplaced).toEqual(lost % 256 === 0 ? [lost] : []);
    }
  });
});
