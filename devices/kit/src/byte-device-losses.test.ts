import { describe, expect, test } from "vitest";
import { streamingToy, worstMisnumbering } from "./test-support/bench.ts";

describe("what a byte device loses", () => {
  test("sample losses are counted and placed exactly, also beyond the modulus", async () => {
    const bench = await streamingToy();
    await bench.time.advance(20);
    for (const n of [1, 10, 255, 256, 300, 700, 900]) {
      bench.board.drop(n);
      await bench.time.advance(8);
    }
    expect(bench.losses().reduce((sum, loss) => sum + loss.nSamples, 0)).toBe(
      1 + 10 + 255 + 256 + 300 + 700 + 900,
    );
    expect(worstMisnumbering(bench)).toBe(0);
    expect(bench.device.statistics().streams[0]!.nLost).toBe(2422);
    await bench.close();
  });

  test("a counter of 4 bits at 1 kHz counts every loss of 40 ms and more", async () => {
    const bench = await streamingToy({ modulus: 16, samplingRate: 1000 });
    await bench.time.advance(20);
    let total = 0;
    for (const n of [3, 15, 40, 47, 48, 100, 333, 1600]) {
      bench.board.drop(n);
      total += n;
      await bench.time.advance(6);
    }
    expect(bench.losses().reduce((sum, loss) => sum + loss.nSamples, 0)).toBe(total);
    expect(worstMisnumbering(bench)).toBe(0);
    await bench.close();
  });

  test("a device that does not count: losses of 40 ms and more are found within 2 ms, and a warning was given", async () => {
    const bench = await streamingToy({ counts: false, samplingRate: 500 });
    expect(
      bench.events.some((e) => e.kind === "warning" && /does not number its samples/.test(e.message)),
    ).toBe(true);
    await bench.time.advance(20);
    for (const n of [20, 50, 200, 450]) {
      bench.board.drop(n);
      await bench.time.advance(10);
    }
    expect(bench.losses().map((loss) => loss.cause)).toEqual(["time", "time", "time", "time"]);
    expect(worstMisnumbering(bench)).toBeLessThanOrEqual(1);
    await bench.close();
  });

  test("a stall of the host is no loss, counted or not", async () => {
    for (const options of [{}, { counts: false }, { modulus: 16, samplingRate: 1000 }]) {
      const bench = await streamingToy(options);
      await bench.time.advance(10);
      for (const seconds of [0.05, 0.35, 0.7, 0.7, 0.9]) {
        bench.flow(false);
        await bench.time.advance(seconds);
        bench.flow(true);
        await bench.time.advance(2);
      }
      expect(bench.losses()).toEqual([]);
      expect(worstMisnumbering(bench)).toBe(0);
      await bench.close();
    }
  });

  test("damaged bytes cost their frames and nothing else", async () => {
    const bench = await streamingToy();
    await bench.time.advance(5);
    for (let k = 0; k < 20; k++) {
      bench.transport.deliver(Uint8Array.of(0xa5, 0xff, k), bench.time.now);
      await bench.time.advance(0.3);
    }
    expect(worstMisnumbering(bench)).toBe(0);
    expect(bench.device.statistics().codec!.resyncs).toBeGreaterThan(0);
    await bench.close();
  });
});
