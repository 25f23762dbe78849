import { afterEach, describe, expect, test } from "vitest";
import { type CytonBench, cytonOnBench, outOfPlace, steps, written } from "./test-support/cyton-bench.ts";

let made: CytonBench | undefined;
afterEach(async () => {
  await made?.bench.close();
  expect(made?.bench.time.nTimers ?? 0).toBe(0);
  made = undefined;
});

function board(...given: Parameters<typeof cytonOnBench>): CytonBench {
  made = cytonOnBench(...given);
  return made;
}

describe("what is lost", () => {
  test("is counted exactly, and moves the number of the next sample", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(5);
    simulator.loseFrames(37);
    await bench.time.advance(3);
    expect(bench.nLost()).toBe(37);
    expect(outOfPlace(bench.channel(0))).toBe(0);
  });

  test.each([255, 256, 257, 356, 500, 512, 900])(
    "of %d frames is counted and placed exactly",
    async (nFrames) => {
      const { bench, simulator } = board();
      await bench.start();
      await bench.time.advance(10);
      simulator.loseFrames(nFrames);
      await bench.time.advance(8);
      expect(bench.nLost()).toBe(nFrames);
      expect(outOfPlace(bench.channel(0))).toBe(0);
    },
  );

  test("with a Daisy is whole samples, whichever half was missing", async () => {
    const { bench, simulator } = board({ daisyAttached: true }, { daisy: true });
    await bench.start();
    await bench.time.advance(5);
    for (const frames of [1, 2, 3]) {
      simulator.loseFrames(frames);
      await bench.time.advance(1.004);
    }
    await bench.time.advance(2);
    expect(outOfPlace(bench.channel(0), 2)).toBe(0);
    // One, one or two, and two: which of the last two depends on the half at which the loss begins.
    expect(bench.nLost()).toBe(bench.channel(0).filter(Number.isNaN).length);
    expect([4, 5]).toContain(bench.nLost());
  });

  test("by damaged bytes is one sample each, and no sample is wrong", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(5);
    simulator.damage({ kind: "drop", after: 100 });
    await bench.time.advance(1);
    simulator.damage({ kind: "insert", after: 50, byte: 7 });
    await bench.time.advance(3);
    expect(bench.nLost()).toBeGreaterThanOrEqual(2);
    expect(bench.nLost()).toBeLessThanOrEqual(4);
    expect(outOfPlace(bench.channel(0))).toBe(0);
    expect(bench.device.statistics().codec).toMatchObject({ resyncs: 2 });
  });
});

describe("the connection", () => {
  test("can be stopped and started again", async () => {
    const { bench, simulator } = board();
    for (let round = 0; round < 3; round++) {
      await bench.start();
      await bench.time.advance(3);
      await bench.time.until(bench.device.stop());
      expect(simulator.streaming).toBe(false);
      await bench.time.advance(1);
    }
    expect(written(bench)).toEqual(["s", "v", "d", "b", "s", "b", "s", "b", "s"]);
    expect(bench.nLost()).toBe(0);
    const numbers = bench.chunks.map((chunk) => chunk.firstSample);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("that is pulled in the middle of a frame comes back with the full handshake", async () => {
    const { bench } = board();
    await bench.start();
    await bench.time.advance(5);
    bench.transport.deliver(Uint8Array.of(0xa0, 1, 2, 3));
    bench.transport.unplug();
    bench.transport.present = false;
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("reconnecting");
    bench.transport.present = true;
    await bench.time.advance(8);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(1);
    expect(written(bench).filter((command) => command === "v")).toHaveLength(2);
    expect(bench.nLost()).toBeGreaterThan(400);
    // Nothing of the torn frame came out.
    expect([...steps(bench.channel(0))].every((step) => step === 1)).toBe(true);
  });

  test("on which nothing comes is stalled, and streams again when data come", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(5);
    simulator.stall(true);
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("stalled");
    simulator.stall(false);
    await bench.time.advance(5);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.nLost()).toBe(500);
    expect(outOfPlace(bench.channel(0))).toBe(0);
  });
});

describe("two minutes without a break", () => {
  test.each([200, -200])(
    "of a crystal %d ppm off lose nothing, and its rate is found to 5 ppm",
    async (driftPpm) => {
      const { bench } = board({ driftPpm });
      await bench.start();
      await bench.time.advance(120);
      const [statistics] = bench.device.statistics().streams;
      expect(statistics!.nLost).toBe(0);
      expect(statistics!.nSamples).toBeGreaterThan(119 * 250);
      expect(Math.abs((statistics!.measuredSamplingRate / 250 - 1) * 1e6 - driftPpm)).toBeLessThan(5);
      expect(outOfPlace(bench.channel(0))).toBe(0);
      expect(bench.device.statistics().codec).toMatchObject({ resyncs: 0, bytesSkipped: 0 });
    },
  );
});
