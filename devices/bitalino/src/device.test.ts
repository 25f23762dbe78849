import { type DeviceBench, misplaced, onBench } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { bitalino, discoverBitalinos } from "./device-type.ts";
import { BitalinoProtocol } from "./protocol.ts";
import { analogChannels, bitalinoSettings } from "./settings.ts";
import { BitalinoSimulator, type BitalinoSimulatorOptions } from "./simulator.ts";

/** Inputs 1 and 2 count samples in their low and high bits, so that a sample names its place. */
function counting(sampleIndex: number, out: Float64Array): void {
  out[0] = (sampleIndex % 1024) / 1024;
  out[1] = (Math.floor(sampleIndex / 1024) % 1024) / 1024;
  for (let c = 2; c < 6; c++) out[c] = (Math.imul(sampleIndex + c, 2654435761) >>> 22) / 1024;
  out.fill(0, 6);
  out[6] = sampleIndex & 1;
}

let bench: DeviceBench | undefined;
afterEach(async () => {
  await bench?.close();
  expect(bench?.time.nTimers ?? 0).toBe(0);
  bench = undefined;
});

const two = [
  { input: "A1", kind: "raw" },
  { input: "A2", kind: "raw" },
];

function board(options: BitalinoSimulatorOptions = {}, settings: object = {}) {
  const simulator = new BitalinoSimulator({ signal: counting, ...options });
  const protocol = new BitalinoProtocol(
    bitalinoSettings.parse({ port: "memory", channels: two, ...settings }),
  );
  bench = onBench({ board: simulator, protocol });
  return { simulator, bench };
}

const written = ({ transport }: DeviceBench) =>
  transport.written.map((bytes) => Buffer.from(bytes).toString("hex"));

/** The sample index that each sample names. */
function named({ channel }: DeviceBench): Float64Array {
  const high = channel(1);
  return channel(0).map((low, n) => low + 1024 * high[n]!);
}

/** Samples that are out of their place; all of them where there are too few to tell. */
function misplacedOf(bench: DeviceBench): number {
  const index = named(bench);
  return index.length > 1000 ? misplaced(index) : index.length;
}

describe("a BITalino", () => {
  test("is talked into streaming at 1000 Hz, with 0.1 s before each command", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(5);
    expect(written(bench)).toEqual(["00", "07", "c3", "0d"]);
    expect(simulator.shortestCommandGap).toBeGreaterThanOrEqual(0.0999);
    expect(simulator).toMatchObject({ samplingRate: 1000, inputMask: 3, simulated: false });
    const [stream] = bench.streams();
    expect(stream).toMatchObject({ id: "board", nominalSamplingRate: 1000, name: "BITalino" });
    expect(stream!.description).toMatchObject({ firmware: "v5.2", bits: "10,10" });
    expect(misplacedOf(bench)).toBe(0);
    expect(bench.nLost()).toBe(0);
    expect(bench.channel(0).length).toBeGreaterThan(4900);
  });

  test("scales by the kind of sensor, sends A1 first, and adds the digital inputs", async () => {
    const { bench } = board(
      {
        signal: (k, out) =>
          out
            .fill(0.75)
            .fill(k & 1, 6, 7)
            .fill(1, 7, 8),
      },
      {
        channels: [
          { input: "A3", label: "skin", kind: "eda" },
          { input: "A2", label: "heart", kind: "ecg" },
        ],
        digitalInputs: true,
        simulated: true,
      },
    );
    await bench.start();
    await bench.time.advance(1);
    expect(written(bench).at(-1)).toBe("1a");
    const [stream] = bench.streams();
    expect(stream!.type).toBe("ECG");
    expect(stream!.channels.map(({ label, unit }) => `${label} ${unit}`)).toEqual([
      "heart mV",
      "skin uS",
      "I1 ",
      "I2 ",
    ]);
    expect(bench.channel(0).at(-1)).toBeCloseTo((0.25 * 3.3) / 1.1, 12);
    expect(bench.channel(1).at(-1)).toBeCloseTo((0.75 * 3.3) / 0.132, 12);
    expect([...bench.channel(2).subarray(0, 4)].sort()).toEqual([0, 0, 1, 1]);
    expect(bench.channel(3).at(-1)).toBe(1);
  });

  test.each([1, 10, 100, 1000])("streams at %d Hz", async (samplingRate) => {
    const { bench } = board({}, { samplingRate });
    await bench.start();
    await bench.time.advance(Math.max(3, 40 / samplingRate));
    const index = named(bench);
    expect(index.length).toBeGreaterThan(15);
    expect(index.every((value, n) => value === index[0]! + n)).toBe(true);
    expect(bench.states.at(-1)).toBe("streaming");
  });

  test("that is streaming already is stopped first", async () => {
    const { bench, simulator } = board({ startsStreaming: true });
    await bench.time.advance(0.5);
    await bench.time.until(bench.device.connect());
    expect(simulator.streaming).toBe(false);
    await bench.start();
    await bench.time.advance(3);
    expect(misplacedOf(bench)).toBe(0);
  });
});

describe("a handshake that fails says why", () => {
  test("when nothing answers", async () => {
    const { bench } = board();
    bench.use({ receive: () => new Uint8Array(0), produce: () => new Uint8Array(0) });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/BITalino.* within 2 s/);
    expect(written(bench)).toEqual(["00", "07", "00", "07", "00", "07"]);
    expect(bench.states.at(-1)).toBe("idle");
  });

  test("when another device answers, for good", async () => {
    const { bench } = board();
    bench.use({ receive: () => new Uint8Array(0), produce: () => Buffer.from("$1,2,3*4F\r\n") });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/something else answered/);
    expect(bench.states.at(-1)).toBe("failed");
  });
});

describe("what is lost", () => {
  test("is counted exactly, and moves the number of the next sample", async () => {
    const { bench, simulator } = board();
    await bench.start();
    await bench.time.advance(5);
    simulator.loseFrames(7);
    await bench.time.advance(3);
    expect(bench.nLost()).toBe(7);
    expect(misplacedOf(bench)).toBe(0);
  });

  test.each([32, 40, 48, 100, 320, 323, 1600])(
    "of %d frames, more than the 16 that the counter counts, is counted and placed exactly",
    async (nFrames) => {
      const { bench, simulator } = board();
      await bench.start();
      await bench.time.advance(10);
      simulator.loseFrames(nFrames);
      await bench.time.advance(6);
      expect(bench.nLost()).toBe(nFrames);
      expect(misplacedOf(bench)).toBe(0);
    },
  );

  test("by damaged bytes is a sample or two each, and no sample is wrong", async () => {
    const { bench, simulator } = board(
      {},
      { channels: ["A1", "A2", "A3", "A4", "A5", "A6"].map((input) => ({ input })) },
    );
    await bench.start();
    await bench.time.advance(5);
    simulator.damage({ kind: "drop", after: 101 });
    simulator.damage({ kind: "flip", after: 2003, bits: 0x10 });
    simulator.damage({ kind: "insert", after: 4007, byte: 0x55 });
    await bench.time.advance(3);
    expect(bench.nLost()).toBeGreaterThanOrEqual(3);
    expect(bench.nLost()).toBeLessThanOrEqual(5);
    expect(misplacedOf(bench)).toBe(0);
    expect(bench.device.statistics().codec).toMatchObject({ resyncs: 2 });
  });
});

describe("the connection", () => {
  test("can be stopped and started again", async () => {
    const { bench, simulator } = board();
    for (let round = 0; round < 3; round++) {
      await bench.start();
      await bench.time.advance(2);
      await bench.time.until(bench.device.stop());
      expect(simulator.streaming).toBe(false);
      await bench.time.advance(1);
    }
    expect(bench.nLost()).toBe(0);
    expect(simulator.shortestCommandGap).toBeGreaterThanOrEqual(0.0999);
  });

  test("that is pulled in the middle of a frame comes back with the full handshake", async () => {
    const { bench } = board();
    await bench.start();
    await bench.time.advance(5);
    bench.transport.deliver(Uint8Array.of(1, 2, 3));
    bench.transport.unplug();
    bench.transport.present = false;
    await bench.time.advance(2);
    expect(bench.states.at(-1)).toBe("reconnecting");
    bench.transport.present = true;
    await bench.time.advance(10);
    expect(bench.states.at(-1)).toBe("streaming");
    expect(bench.device.statistics().nReconnects).toBe(1);
    expect(bench.nLost()).toBeGreaterThan(1900);
    const index = named(bench);
    const jumps = index.filter((value, n) => n > 0 && !Number.isNaN(value) && value <= index[n - 1]!).length;
    expect(jumps).toBe(0);
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
    expect(bench.nLost()).toBe(2000);
    expect(misplacedOf(bench)).toBe(0);
  });
});

describe("settings", () => {
  test("order the inputs and give the fifth and sixth enabled 6 bits", () => {
    const settings = bitalinoSettings.parse({
      port: "COM3",
      channels: ["A6", "A2", "A5", "A4", "A1"].map((input) => ({ input, kind: "ecg" })),
    });
    const channels = analogChannels(settings);
    expect(channels.map(({ label }) => label)).toEqual(["A1", "A2", "A4", "A5", "A6"]);
    expect(channels.map(({ scale }) => scale.zeroCount)).toEqual([512, 512, 512, 512, 32]);
  });

  test.each([
    [{ channels: [] }],
    [{ channels: [{ input: "A7" }] }],
    [{ channels: [{ input: "A1" }, { input: "A1" }] }],
    [
      {
        channels: [
          { input: "A1", label: "x" },
          { input: "A2", label: "x" },
        ],
      },
    ],
    [{ channels: [{ input: "A1", kind: "acceleration" }] }],
    [{ channels: two, samplingRate: 500 }],
  ])("%j is refused", (settings) => {
    expect(bitalinoSettings.safeParse({ port: "x", ...settings }).success).toBe(false);
  });

  test("make a device, and ports that may lead to one are found by their names", async () => {
    const device = bitalino.create(
      "heart",
      bitalino.settings.parse({ port: "/dev/does-not-exist", channels: two }),
      board().bench.time.context,
    );
    expect(device.id).toBe("heart");
    await device.close();
    const found = discoverBitalinos([
      { path: "/dev/rfcomm0" },
      { path: "/dev/tty.BITalino-44-99" },
      { path: "/dev/ttyUSB0", vendorId: "0403", productId: "6015" },
    ]);
    expect(found.map(({ settings }) => settings.port)).toEqual(["/dev/rfcomm0", "/dev/tty.BITalino-44-99"]);
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
      expect(statistics!.nSamples).toBeGreaterThan(119 * 1000);
      expect(Math.abs((statistics!.measuredSamplingRate / 1000 - 1) * 1e6 - driftPpm)).toBeLessThan(5);
      expect(misplacedOf(bench)).toBe(0);
      expect(bench.device.statistics().codec).toMatchObject({ resyncs: 0, bytesSkipped: 0 });
    },
  );
});
