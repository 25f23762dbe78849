import { type DeviceBench, misplaced, onBench } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { Shimmer3Protocol } from "./protocol.ts";
import { shimmer3Settings } from "./settings.ts";
import { Shimmer3Simulator, type Shimmer3SimulatorOptions } from "./simulator.ts";

/** Channel c of sample k is k + c microvolt, so that a sample names its place. */
function ramp(sampleIndex: number, out: Float64Array): void {
  for (let c = 0; c < 4; c++) out[c] = (sampleIndex + c) / 1000;
}

let bench: DeviceBench | undefined;
afterEach(async () => {
  await bench?.close();
  expect(bench?.time.nTimers ?? 0).toBe(0);
  bench = undefined;
});

function sensor(options: Shimmer3SimulatorOptions = {}, settings: object = {}) {
  const simulator = new Shimmer3Simulator({ signal: ramp, ...options });
  const protocol = new Shimmer3Protocol(shimmer3Settings.parse({ port: "memory", ...settings }));
  bench = onBench({ board: simulator, protocol });
  return { simulator, bench };
}

const OLD = { firmware: [0, 11, 0] } as const;

const written = ({ transport }: DeviceBench) =>
  transport.written.map((bytes) => Buffer.from(bytes).toString("hex"));

/** Samples that are out of their place; all of them where there are too few to tell. */
function misplacedOf({ channel }: DeviceBench, c = 0): number {
  const microvolts = channel(c).map((millivolts) => millivolts * 1000);
  return microvolts.length > 400 ? misplaced(microvolts) : microvolts.length;
}

describe("a Shimmer3", () => {
  test("is talked into streaming ECG in mV with its own clock and a checksum", async () => {
    const { bench, simulator } = sensor();
    await bench.start();
    await bench.time.advance(6);
    expect(written(bench)).toEqual([
      "20",
      "3f",
      "2e",
      "a300",
      "08180000",
      "054000",
      "6100000a03a01000002d00000203",
      "6300000a",
      "6101000a03a01000070000000201",
      "6301000a",
      "01",
      "8b02",
      "07",
    ]);
    expect(simulator.checksumBytes).toBe(2);
    const [stream] = bench.streams();
    expect(stream).toMatchObject({ id: "board", type: "ECG", nominalSamplingRate: 512 });
    expect(stream!.channels.map(({ label, unit }) => `${label} ${unit}`)).toEqual([
      "LL-RA mV",
      "LA-RA mV",
      "Vx-RL mV",
    ]);
    expect(stream!.channels[0]!.unitsPerCount).toBeCloseTo(2420 / 6 / (2 ** 23 - 1), 15);
    expect(stream!.description).toMatchObject({ firmware: "0.16.9", gains: "6,6,6", checksumBytes: 2 });
    expect([0, 1, 2].map((c) => misplacedOf(bench, c))).toEqual([0, 0, 0]);
    expect(Math.round(1000 * (bench.channel(2)[7]! - bench.channel(0)[7]!))).toBe(3);
    const first = bench.chunks[0]!;
    const last = bench.chunks.at(-1)!;
    expect(last.deviceTime.at(-1)! - first.deviceTime[0]!).toBeCloseTo(
      (last.firstSample + last.nSamples - 1 - first.firstSample) / 512,
      9,
    );
    expect(bench.nLost()).toBe(0);
    expect(bench.warnings()).toEqual([]);
  });

  test("is scaled by the gains that its registers hold, not by what was wished", async () => {
    const { bench, simulator } = sensor({}, { configuration: "as-set", gain: 12 });
    simulator.registers(1)[4] = 0x60;
    await bench.start();
    await bench.time.advance(2);
    const [stream] = bench.streams();
    expect(stream!.description).toMatchObject({ gains: "4,12,4" });
    expect([0, 1, 2].map((c) => misplacedOf(bench, c))).toEqual([0, 0, 0]);
    expect(written(bench).some((command) => command.startsWith("61"))).toBe(false);
  });

  test("with old firmware streams without a checksum, and a warning says so", async () => {
    const { bench, simulator } = sensor(OLD);
    await bench.start();
    await bench.time.advance(3);
    expect(simulator.checksumBytes).toBe(0);
    expect(bench.warnings()).toEqual([expect.stringMatching(/firmware 0\.11\.0 has no checksum/)]);
    expect(misplacedOf(bench)).toBe(0);
  });

  test("takes one chip alone, and a rate that is no power of two", async () => {
    const { bench } = sensor(
      {},
      { samplingRate: 500, channels: [{ source: "exg1-ch2", label: "II" }], checksum: false },
    );
    await bench.start();
    await bench.time.advance(3);
    const [stream] = bench.streams();
    expect(stream!.nominalSamplingRate).toBeCloseTo(32_768 / 66, 12);
    expect(stream!.channels).toHaveLength(1);
    expect(misplacedOf(bench)).toBe(0);
  });

  test("that is streaming already, with a checksum, is stopped first", async () => {
    const { bench, simulator } = sensor({ startsStreaming: true });
    simulator.receive(Uint8Array.of(0x8b, 2), bench.time.now);
    await bench.time.advance(0.5);
    await bench.start();
    await bench.time.advance(3);
    expect(misplacedOf(bench)).toBe(0);
    expect(bench.nLost()).toBe(0);
  });

  test("may send status messages at any moment", async () => {
    const { bench, simulator } = sensor();
    simulator.sendStatus();
    await bench.start();
    for (let k = 0; k < 5; k++) {
      await bench.time.advance(1);
      simulator.sendStatus();
    }
    await bench.time.advance(1);
    expect(misplacedOf(bench)).toBe(0);
    expect(bench.device.statistics().codec).toMatchObject({ bytesSkipped: 0, resyncs: 0 });
  });
});

describe("a handshake that fails says why", () => {
  test("when nothing answers", async () => {
    const { bench } = sensor();
    bench.use({ receive: () => new Uint8Array(0), produce: () => new Uint8Array(0) });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/did not send 1 bytes within 1 s/);
    expect(bench.states.at(-1)).toBe("idle");
  });

  test("when it is a Shimmer3R, for good", async () => {
    const { bench } = sensor({ hardware: 10 });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/hardware version 10 answered/);
    expect(bench.states.at(-1)).toBe("failed");
  });

  test("when another device answers", async () => {
    const { bench } = sensor();
    bench.use({ receive: () => Uint8Array.of(0xfe), produce: () => new Uint8Array(0) });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/refused the command 0x3f/);
    expect(bench.states.at(-1)).toBe("failed");
  });

  test("when it has no ExG board", async () => {
    const { bench } = sensor({ withoutExg: true });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/does not send exg1-ch1/);
  });

  test("when a channel that is asked for is switched off", async () => {
    const { bench, simulator } = sensor({}, { configuration: "as-set" });
    simulator.registers(1)[3] = 0x81;
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/exg1-ch1 is switched off/);
  });
});

describe("what is lost", () => {
  test.each([1, 37, 700, 1200])("%d packets are counted exactly, in their place", async (nLost) => {
    for (const options of [{}, OLD]) {
      const { bench: b, simulator } = sensor(options);
      await b.start();
      await b.time.advance(5);
      simulator.loseFrames(nLost);
      await b.time.advance(5);
      expect(b.nLost()).toBe(nLost);
      expect(misplacedOf(b)).toBe(0);
      await b.close();
    }
    bench = undefined;
  });

  test("by damaged bytes is a packet each, and no sample is wrong", async () => {
    const { bench, simulator } = sensor();
    await bench.start();
    await bench.time.advance(5);
    simulator.damage({ kind: "drop", after: 107 });
    simulator.damage({ kind: "flip", after: 2007, bits: 0x10 });
    simulator.damage({ kind: "insert", after: 4007, byte: 0x55 });
    await bench.time.advance(3);
    expect(bench.nLost()).toBe(3);
    expect(misplacedOf(bench)).toBe(0);
    expect(bench.device.statistics().codec).toMatchObject({ resyncs: 2 });
  });

  test("is nothing where the clock of 24 bits wraps", async () => {
    const { bench } = sensor({ startTicks: 2 ** 24 - 3 * 32_768 });
    await bench.start();
    await bench.time.advance(6);
    expect(bench.nLost()).toBe(0);
    expect(misplacedOf(bench)).toBe(0);
  });
});

describe("the connection", () => {
  test("can be stopped and started again", async () => {
    const { bench, simulator } = sensor();
    for (let round = 0; round < 3; round++) {
      await bench.start();
      await bench.time.advance(2);
      await bench.time.until(bench.device.stop());
      expect(simulator.streaming).toBe(false);
      await bench.time.advance(1);
    }
    expect(bench.nLost()).toBe(0);
    expect(bench.chunks.length).toBeGreaterThan(250);
  });

  test("that is pulled in the middle of a packet comes back with the full handshake", async () => {
    const { bench } = sensor();
    await bench.start();
    await bench.time.advance(5);
    bench.transport.deliver(Uint8Array.of(0, 1, 2, 3, 4));
    bench.transport.unplug();
    bench.transport.present = false;
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("reconnecting");
    bench.transport.present = true;
    await bench.time.advance(10);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(1);
    expect(bench.nLost()).toBeGreaterThan(900);
    const values = bench.channel(0).filter((value) => !Number.isNaN(value));
    expect(values.every((value, n) => n === 0 || value > values[n - 1]!)).toBe(true);
  });

  test("on which nothing comes is stalled, and streams again when data come", async () => {
    const { bench, simulator } = sensor();
    await bench.start();
    await bench.time.advance(5);
    simulator.stall(true);
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("stalled");
    simulator.stall(false);
    await bench.time.advance(5);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.nLost()).toBe(1024);
    expect(misplacedOf(bench)).toBe(0);
  });
});

describe("two minutes without a break", () => {
  test.each([200, -200])(
    "of a crystal %d ppm off lose nothing, and its rate is found to 5 ppm",
    async (driftPpm) => {
      const { bench } = sensor({ driftPpm });
      await bench.start();
      await bench.time.advance(120);
      const [statistics] = bench.device.statistics().streams;
      expect(statistics!.nLost).toBe(0);
      expect(statistics!.nSamples).toBeGreaterThan(119 * 512);
      expect(Math.abs((statistics!.measuredSamplingRate / 512 - 1) * 1e6 - driftPpm)).toBeLessThan(5);
      expect(misplacedOf(bench)).toBe(0);
      expect(bench.device.statistics().codec).toMatchObject({ resyncs: 0, bytesSkipped: 0 });
    },
  );
});
