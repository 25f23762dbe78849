import { systemContext } from "@attune/device-kit";
import { type DeviceBench, hasSocat, misplaced, onBench, onPty } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { modeegP2 } from "./device-type.ts";
import { p2Protocol } from "./protocol.ts";
import { type P2Settings, p2Settings } from "./settings.ts";
import { P2Simulator, type P2SimulatorOptions } from "./simulator.ts";

const countOf = (index: number, channel: number): number => (index * 7 + channel * 100) % 1024;
const settings = (given: Partial<P2Settings> = {}): P2Settings =>
  p2Settings.parse({
    port: "/dev/null",
    samplingRate: 256,
    vrefVolts: 5,
    gain: 2848,
    channels: ["A1", "A2"],
    ...given,
  });
const makeBoard = (options: Partial<P2SimulatorOptions> = {}): P2Simulator =>
  new P2Simulator({
    samplingRate: 256,
    bootSeconds: 1.7,
    bootJunk: Uint8Array.of(0xff, 0xa5, 0x5a, 0x00, 0x17),
    sample: (index, out) => {
      for (let c = 0; c < 6; c++) out[c] = countOf(index, c);
    },
    ...options,
  });

const benches: DeviceBench[] = [];
function bench(
  board: P2Simulator | undefined,
  given: Partial<P2Settings> = {},
  resetsOnOpen = true,
): DeviceBench {
  const made = onBench({
    board,
    protocol: (context) => p2Protocol(settings(given), context),
    id: "heart",
    resetsOnOpen,
  });
  benches.push(made);
  return made;
}
afterEach(async () => {
  for (const made of benches.splice(0)) await made.close();
});

describe("the handshake", () => {
  test("waits while the Uno boots, skips its junk and measures the rate: no warning where it is right", async () => {
    const { device, time, streams, warnings } = bench(makeBoard());
    const began = time.now;
    await time.until(device.connect());
    expect(time.now - began).toBeGreaterThan(6.5);
    expect(time.now - began).toBeLessThan(7.5);
    expect(warnings()).toEqual([]);
    const [stream] = streams();
    expect(stream).toMatchObject({ id: "heart", type: "EEG", nominalSamplingRate: 256 });
    expect(stream?.channels).toEqual([
      { label: "A1", unit: "uV", unitsPerCount: (5 / 1024 / 2848) * 1e6 },
      { label: "A2", unit: "uV", unitsPerCount: (5 / 1024 / 2848) * 1e6 },
    ]);
    expect(stream?.description?.measuredSamplingRate).toBeCloseTo(256, 0);
  });

  test.each([
    [4000, 0],
    [-4000, 0],
    [6500, 1],
    [-6500, 1],
  ])("a board %i ppm off gives %i warnings", async (driftPpm, nWarnings) => {
    const { device, time, warnings } = bench(makeBoard({ driftPpm }));
    await time.until(device.connect());
    expect(warnings().length).toBe(nWarnings);
    if (nWarnings > 0)
      expect(warnings()[0]).toMatch(/sends 25[47]\.\d\d samples per second, the settings say 256/);
  });

  test("lost frames do not spoil the measurement", async () => {
    const board = makeBoard({ bootSeconds: 0 });
    const { device, time, streams } = bench(board);
    const connected = device.connect();
    await time.advance(2);
    board.loseFrames(30);
    await time.until(connected);
    expect(streams()[0]?.description?.measuredSamplingRate).toBeCloseTo(256, 0);
  });

  test("what waited in the port's buffers does not count as rate", async () => {
    const { device, time, transport, warnings } = bench(makeBoard({ bootSeconds: 0 }));
    const connected = device.connect();
    await time.advance(0.01);
    const stale = makeBoard({ bootSeconds: 0, bootJunk: new Uint8Array(0) });
    stale.produce(0);
    transport.deliver(stale.produce(3));
    await time.until(connected);
    expect(warnings()).toEqual([]);
  });

  test("silence can be tried again; other bytes are the wrong device or the wrong baud rate", async () => {
    const silent = bench(undefined);
    const timeout = await silent.time.until(silent.device.connect().catch((e: unknown) => e));
    expect(timeout).toMatchObject({ retryable: true });
    const other = {
      receive: () => new Uint8Array(0),
      produce: () => Uint8Array.from({ length: 40 }, (_, i) => (i * 37) % 256),
      reset: () => undefined,
    };
    const made = onBench({ board: other, protocol: (context) => p2Protocol(settings(), context) });
    benches.push(made);
    const wrong = await made.time.until(made.device.connect().catch((e: unknown) => e));
    expect(wrong).toMatchObject({ retryable: false });
    expect((wrong as Error).message).toMatch(/no ModularEEG P2 frames at 57600 baud/);
    expect(made.states.at(-1)).toBe("failed");
  });

  test("settings: described throughout, gain absent gives volts, ECG gives mV", async () => {
    for (const field of Object.values(p2Settings.shape)) expect(field.description).toMatch(/\w/);
    expect(p2Settings.safeParse({ port: "x", samplingRate: 256 }).success).toBe(false);
    const { device, time, streams } = bench(makeBoard(), { gain: undefined, rateCheckSeconds: 0 });
    await time.until(device.connect());
    expect(streams()[0]?.channels[0]).toMatchObject({ unit: "V", unitsPerCount: 5 / 1024 });
    const heart = bench(makeBoard(), { type: "ECG", rateCheckSeconds: 0 });
    await heart.time.until(heart.device.connect());
    expect(heart.streams()[0]?.channels[0]).toMatchObject({ unit: "mV" });
    expect(modeegP2.name).toBe("modeeg-p2");
  });
});

test("the declared latency is added to that of the protocol, and stands in the description", async () => {
  const { device, time, streams } = bench(makeBoard(), { declaredLatencySeconds: 0.02, rateCheckSeconds: 0 });
  await time.until(device.connect());
  expect(streams()[0]?.description?.declaredLatencySeconds).toBeCloseTo(0.02 + 1 / 256 + 30 / 57_600, 12);
});

describe("streaming", () => {
  async function streaming(
    options: Partial<P2SimulatorOptions> = {},
  ): Promise<DeviceBench & { board: P2Simulator }> {
    const board = makeBoard({ bootSeconds: 0, ...options });
    const made = bench(board, { rateCheckSeconds: 0 });
    await made.time.until(made.device.connect());
    await made.time.until(made.device.start());
    return { ...made, board };
  }

  test("delivers every sample, scaled, in channel-major chunks", async () => {
    const { time, chunks, nLost, sampleNumbers } = await streaming();
    await time.advance(10);
    const numbers = sampleNumbers();
    expect(numbers.length).toBeGreaterThan(2500);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    const counts = chunks.map(({ data, nSamples }) =>
      Array.from(data, (v) => Math.round((v * 2848 * 1024) / 5e6 + 512)).map((count, i) => [
        i < nSamples ? 0 : 1,
        count,
      ]),
    );
    const first = counts[0]![0]![1]!;
    const offset = Array.from({ length: 1024 }, (_, i) => i).find((i) => countOf(i, 0) === first)!;
    for (const [k, { firstSample, nSamples }] of chunks.entries())
      for (let n = 0; n < nSamples; n++) {
        expect(counts[k]![n]![1]).toBe(countOf(offset + firstSample + n, 0));
        expect(counts[k]![nSamples + n]![1]).toBe(countOf(offset + firstSample + n, 1));
      }
    expect(nLost()).toBe(0);
  });

  test.each([37, 255, 256, 557, 900])("%i lost frames are counted and placed exactly", async (nFrames) => {
    const { time, board, nLost, channel } = await streaming({
      // Sample k as digits to the base 1024 on the two channels.
      sample: (index, out) => {
        out[0] = index % 1024;
        out[1] = Math.floor(index / 1024);
      },
    });
    await time.advance(20);
    board.loseFrames(nFrames);
    await time.advance(8);
    expect(nLost()).toBe(nFrames);
    const counts = [channel(0), channel(1)].map((values) =>
      values.map((microvolts) => (microvolts * 2848 * 1024) / 5e6 + 512),
    );
    const places = counts[0]!.map((low, n) => low + 1024 * Math.round(counts[1]![n]!));
    expect(places.length).toBeGreaterThan(6000);
    expect(misplaced(places)).toBe(0);
  });

  test("a dropped byte costs one or two samples and no more", async () => {
    const { device, time, board, nLost } = await streaming();
    await time.advance(10);
    board.damage({ kind: "drop", offset: 9 });
    await time.advance(5);
    expect(nLost()).toBeGreaterThanOrEqual(1);
    expect(nLost()).toBeLessThanOrEqual(2);
    expect(device.statistics().codec).toMatchObject({ resyncs: 1 });
  });

  test("stop is silence though the board streams on, and start goes on", async () => {
    const { device, time, chunks, nLost } = await streaming();
    await time.advance(3);
    await time.until(device.stop());
    const n = chunks.length;
    await time.advance(3);
    expect(chunks.length).toBe(n);
    await time.until(device.start());
    await time.advance(3);
    expect(chunks.length).toBeGreaterThan(n + 50);
    expect(nLost()).toBe(0);
  });

  test("unplugged in the middle of a frame and plugged in again", async () => {
    const { time, transport, states, chunks, nLost } = await streaming({ bootSeconds: 1.5 });
    await time.advance(4);
    transport.deliver(Uint8Array.of(0xa5, 0x5a, 0x02, 0x11, 0x00));
    transport.present = false;
    transport.unplug();
    await time.advance(4);
    expect(states.at(-1)).toBe("reconnecting");
    const before = chunks.at(-1)!;
    transport.present = true;
    await time.advance(15);
    expect(states.at(-1)).toBe("streaming");
    const after = chunks.find((chunk) => chunk.receivedAt! > before.receivedAt! + 1)!;
    const jump = after.firstSample - (before.firstSample + before.nSamples);
    expect(Math.abs(jump / 256 - (after.receivedAt! - before.receivedAt!))).toBeLessThan(0.1);
    expect(nLost()).toBe(jump);
  });

  test("silence on an open port is stalled, then reconnecting, then streaming again", async () => {
    const { time, board, states } = await streaming();
    await time.advance(3);
    board.stall(true);
    await time.advance(1.5);
    expect(states.at(-1)).toBe("stalled");
    await time.advance(4);
    expect(states).toContain("reconnecting");
    board.stall(false);
    await time.advance(10);
    expect(states.at(-1)).toBe("streaming");
  });

  test("200 ppm of drift are found within 5 ppm", async () => {
    const { device, time } = await streaming({ driftPpm: 200 });
    await time.advance(600);
    expect(Math.abs(device.statistics().streams[0]!.driftPpm - 200)).toBeLessThan(5);
  });
});

describe.skipIf(!hasSocat())("over a real serial port (skipped when socat is not installed)", () => {
  test("the simulated board behind a pseudo-terminal delivers every sample", async () => {
    const bench = await onPty(makeBoard({ bootSeconds: 0.2 }), (port) =>
      modeegP2.create("eeg", settings({ port, rateCheckSeconds: 1 }), systemContext),
    );
    try {
      const enough = bench.samples(256);
      await bench.device.start();
      const chunks = await enough;
      let next = chunks[0]!.firstSample;
      for (const { firstSample, nSamples } of chunks) {
        expect(firstSample).toBe(next);
        next += nSamples;
      }
      expect(bench.device.statistics().codec).toMatchObject({ resyncs: 0, duplicates: 0 });
    } finally {
      await bench.close();
    }
  });
});
