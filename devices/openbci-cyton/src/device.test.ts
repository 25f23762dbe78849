import type { BoardSimulator, DeviceEvent } from "@attune/device-kit";
import { firstValueFrom } from "rxjs";
import { afterEach, describe, expect, test } from "vitest";
import { CytonProtocol } from "./protocol.ts";
import { openbciCytonSettings } from "./settings.ts";
import { CytonSimulator, type CytonSimulatorOptions } from "./simulator.ts";
import { type Bench, onBench } from "./test-bench.ts";

/** Sample k is k uV on every input, so that a sample names its place. */
function ramp(sampleIndex: number, out: Float64Array): void {
  out.fill(sampleIndex % 100_000, 0, 16);
  out[16] = 0;
  out[17] = 0.5;
  out[18] = -1;
}

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.close();
  expect(bench?.time.nTimers ?? 0).toBe(0);
  bench = undefined;
});

function board(options: CytonSimulatorOptions = {}, settings: object = {}) {
  const simulator = new CytonSimulator({ signal: ramp, ...options });
  const protocol = new CytonProtocol(openbciCytonSettings.parse({ port: "memory", ...settings }));
  bench = onBench(simulator, protocol);
  return { simulator, bench };
}

const states = (events: readonly DeviceEvent[]) =>
  events.flatMap((event) => (event.kind === "lifecycle" ? [event.to] : []));

const written = ({ transport }: Bench) =>
  transport.written.map((bytes) => Buffer.from(bytes).toString("latin1"));

/** Differences between neighbours that are both there. */
function steps(values: Float64Array): Set<number> {
  const found = new Set<number>();
  for (let n = 1; n < values.length; n++) {
    const step = Math.round(values[n]! - values[n - 1]!);
    if (!Number.isNaN(step)) found.add(step);
  }
  return found;
}

/** Samples whose number is not the place that they name. */
function misplaced(values: Float64Array, perSample = 1): number {
  return values.filter((value, n) => Math.abs(value - values[0]! - perSample * n) > 0.5).length;
}

function expectInPlace(values: Float64Array, perSample = 1): void {
  expect(values.length).toBeGreaterThan(100);
  expect(misplaced(values, perSample)).toBe(0);
}

describe("a Cyton", () => {
  test("is talked into streaming 8 channels and acceleration at 250 Hz", async () => {
    const { bench } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(4);
    expect(written(bench)).toEqual(["s", "v", "d", "b"]);
    const [stream] = await firstValueFrom(bench.device.streams);
    expect(stream).toMatchObject({ id: "board", type: "EEG", nominalSamplingRate: 250 });
    expect(stream!.channels).toHaveLength(11);
    expect(stream!.channels[0]).toMatchObject({ label: "CH1", unit: "uV" });
    expect(stream!.channels[10]).toMatchObject({ unit: "g", unitsPerCount: 0.002 / 16 });
    expect(stream!.description).toMatchObject({ firmware: "v3.1.2", gains: "24,24,24,24,24,24,24,24" });
    const values = bench.channel(0);
    expect(values.length).toBeGreaterThan(950);
    expectInPlace(values);
    expect(bench.channel(9).at(-1)).toBe(0.5);
    expect(bench.channel(10).at(-1)).toBe(-1);
    expect(bench.nLost).toBe(0);
    expect(bench.offsets.length).toBeGreaterThanOrEqual(3);
    await bench.run(bench.device.stop());
    expect(states(bench.events)).toEqual([
      "connecting",
      "configuring",
      "ready",
      "streaming",
      "stopping",
      "ready",
    ]);
  });

  test("has the scale of the gains that it was sent, and ecg in mV", async () => {
    const { bench } = board(
      {},
      { channels: [{ label: "Cz", gain: 8 }, { kind: "off" }, { label: "heart", kind: "ecg", gain: 12 }] },
    );
    await bench.run(bench.device.start());
    await bench.time.advance(2);
    expect(written(bench).filter((command) => command[0] === "x")).toEqual([
      "x1040110X",
      ...["x2160010X", "x3050100X"],
      ...[4, 5, 6, 7, 8].map((input) => `x${input}160010X`),
    ]);
    const [stream] = await firstValueFrom(bench.device.streams);
    expect(stream!.channels.map(({ label, unit }) => `${label} ${unit}`)).toEqual([
      "Cz uV",
      "heart mV",
      "acceleration x g",
      "acceleration y g",
      "acceleration z g",
    ]);
    expectInPlace(bench.channel(0));
    expectInPlace(bench.channel(1).map((millivolts) => 1000 * millivolts));
    expect(stream!.description).toMatchObject({ gains: "8,12", railsMicrovolts: "562500,375000" });
  });

  test("with a Daisy delivers 16 channels at 125 Hz", async () => {
    const { bench } = board({ daisyAttached: true }, { daisy: true });
    await bench.run(bench.device.start());
    await bench.time.advance(4);
    const [stream] = await firstValueFrom(bench.device.streams);
    expect(stream).toMatchObject({ nominalSamplingRate: 125, name: "OpenBCI Cyton with Daisy" });
    expect(stream!.channels).toHaveLength(19);
    const values = bench.channel(0);
    expect(values.length).toBeGreaterThan(470);
    expect(steps(values)).toEqual(new Set([2]));
    // The Daisy's half was taken one 250 Hz sample before the board's.
    expect(Math.round(values[9]! - bench.channel(8)[9]!)).toBe(1);
  });

  test("that has a Daisy which is not asked for is told to leave it out", async () => {
    const { bench } = board({ daisyAttached: true });
    await bench.run(bench.device.start());
    await bench.time.advance(2);
    expect(written(bench)).toContain("c");
    expectInPlace(bench.channel(0));
  });

  test("that is streaming already is stopped first", async () => {
    const { bench, simulator } = board({ startsStreaming: true });
    await bench.time.advance(0.5);
    await bench.run(bench.device.connect());
    expect(simulator.streaming).toBe(false);
    await bench.run(bench.device.start());
    await bench.time.advance(2);
    expectInPlace(bench.channel(0));
  });

  test("with time stamps is timed by its own clock", async () => {
    const { bench } = board({ driftPpm: 150 }, { timeStamps: true });
    await bench.run(bench.device.start());
    await bench.time.advance(8);
    expect(written(bench)).toContain("<");
    const last = bench.chunks.at(-1)!;
    const first = bench.chunks[0]!;
    expect(last.deviceTime.at(-1)! - first.deviceTime[0]!).toBeCloseTo(
      (last.firstSample + last.nSamples - 1) / 250,
      6,
    );
    expect(bench.channel(8).at(-1)).toBe(0);
    expect(bench.channel(10).at(-1)).toBe(-1);
    expect(bench.nLost).toBe(0);
  });
});

describe("a handshake that fails says why", () => {
  test("when the dongle is there and the board is off", async () => {
    const { bench } = board({ boardOff: true });
    await expect(bench.run(bench.device.connect())).rejects.toThrow(/dongle answers but the Cyton does not/);
    expect(states(bench.events).at(-1)).toBe("idle");
  });

  test("when nothing answers", async () => {
    const { bench } = board();
    bench.use({ receive: () => new Uint8Array(0), produce: () => new Uint8Array(0) });
    await expect(bench.run(bench.device.connect())).rejects.toThrow(/did not send .* within 3 s/);
    expect(written(bench)).toEqual(["s", "v", "s", "v", "s", "v"]);
  });

  test("when another device answers, for good", async () => {
    const { bench } = board();
    const other: BoardSimulator = {
      receive: () => Buffer.from("Hello, I am a printer$$$"),
      produce: () => new Uint8Array(0),
    };
    bench.use(other);
    await expect(bench.run(bench.device.connect())).rejects.toThrow(/something else answered \(Hello, I am/);
    expect(states(bench.events).at(-1)).toBe("failed");
  });

  test("when 16 channels are asked for and the board answers 8", async () => {
    const { bench } = board({}, { daisy: true });
    await expect(bench.run(bench.device.connect())).rejects.toThrow(
      /found no Daisy module \(no daisy to attach!8\)/,
    );
    expect(states(bench.events).at(-1)).toBe("failed");
  });

  test("when the board refuses a command", async () => {
    const { bench } = board({ refuses: "x" }, { channels: [{ gain: 2 }] });
    await expect(bench.run(bench.device.connect())).rejects.toThrow(
      /refused the command "x1010110X" \(Failure/,
    );
  });
});

describe("what is lost", () => {
  test("is counted exactly, and moves the number of the next sample", async () => {
    const { bench, simulator } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(5);
    simulator.loseFrames(37);
    await bench.time.advance(3);
    expect(bench.nLost).toBe(37);
    expectInPlace(bench.channel(0));
  });

  test("is counted when it is more than the counter counts", async () => {
    const { bench, simulator } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(10);
    simulator.loseFrames(256 + 100);
    await bench.time.advance(8);
    expect(bench.nLost).toBe(356);
    // The frame that waited for its successor arrives with it, and whole turns of the counter are placed by arrival.
    expect(misplaced(bench.channel(0))).toBeLessThanOrEqual(1);
  });

  test("with a Daisy is whole samples, whichever half was missing", async () => {
    const { bench, simulator } = board({ daisyAttached: true }, { daisy: true });
    await bench.run(bench.device.start());
    await bench.time.advance(5);
    for (const frames of [1, 2, 3]) {
      simulator.loseFrames(frames);
      await bench.time.advance(1.004);
    }
    await bench.time.advance(2);
    expectInPlace(bench.channel(0), 2);
    // One, one or two, and two: which of the last two depends on the half at which the loss begins.
    expect(bench.nLost).toBe(bench.channel(0).filter(Number.isNaN).length);
    expect([4, 5]).toContain(bench.nLost);
  });

  test("by damaged bytes is one sample each, and no sample is wrong", async () => {
    const { bench, simulator } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(5);
    simulator.damage({ kind: "drop", after: 100 });
    await bench.time.advance(1);
    simulator.damage({ kind: "insert", after: 50, byte: 7 });
    await bench.time.advance(3);
    expect(bench.nLost).toBeGreaterThanOrEqual(2);
    expect(bench.nLost).toBeLessThanOrEqual(4);
    expectInPlace(bench.channel(0));
    expect(bench.device.statistics().codec).toMatchObject({ resyncs: 2 });
  });
});

describe("the connection", () => {
  test("can be stopped and started again", async () => {
    const { bench, simulator } = board();
    for (let round = 0; round < 3; round++) {
      await bench.run(bench.device.start());
      await bench.time.advance(3);
      await bench.run(bench.device.stop());
      expect(simulator.streaming).toBe(false);
      await bench.time.advance(1);
    }
    expect(written(bench)).toEqual(["s", "v", "d", "b", "s", "b", "s", "b", "s"]);
    expect(bench.nLost).toBe(0);
    const numbers = bench.chunks.map((chunk) => chunk.firstSample);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("that is pulled in the middle of a frame comes back with the full handshake", async () => {
    const { bench } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(5);
    bench.transport.deliver(Uint8Array.of(0xa0, 1, 2, 3));
    bench.transport.unplug();
    bench.transport.present = false;
    await bench.time.advance(2);
    expect(states(bench.events).at(-1)).toBe("reconnecting");
    bench.transport.present = true;
    await bench.time.advance(8);
    expect(states(bench.events).at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(1);
    expect(written(bench).filter((command) => command === "v")).toHaveLength(2);
    expect(bench.nLost).toBeGreaterThan(400);
    // Nothing of the torn frame came out.
    expect([...steps(bench.channel(0))].every((step) => step === 1)).toBe(true);
  });

  test("on which nothing comes is stalled, and streams again when data come", async () => {
    const { bench, simulator } = board();
    await bench.run(bench.device.start());
    await bench.time.advance(5);
    simulator.stall(true);
    await bench.time.advance(2);
    expect(states(bench.events).at(-1)).toBe("stalled");
    simulator.stall(false);
    await bench.time.advance(5);
    expect(states(bench.events).at(-1)).toBe("streaming");
    expect(bench.nLost).toBe(500);
    expect(misplaced(bench.channel(0))).toBeLessThanOrEqual(1);
  });
});

describe("two minutes without a break", () => {
  test.each([200, -200])(
    "of a crystal %d ppm off lose nothing, and its rate is found to 5 ppm",
    async (driftPpm) => {
      const { bench } = board({ driftPpm });
      await bench.run(bench.device.start());
      await bench.time.advance(120);
      const [statistics] = bench.device.statistics().streams;
      expect(statistics!.nLost).toBe(0);
      expect(statistics!.nSamples).toBeGreaterThan(119 * 250);
      expect(Math.abs((statistics!.measuredSamplingRate / 250 - 1) * 1e6 - driftPpm)).toBeLessThan(5);
      expectInPlace(bench.channel(0));
      expect(bench.device.statistics().codec).toMatchObject({ resyncs: 0, bytesSkipped: 0 });
    },
  );
});
