import type { BoardSimulator } from "@attune/device-kit";
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

describe("a Cyton", () => {
  test("is talked into streaming 8 channels and acceleration at 250 Hz", async () => {
    const { bench } = board();
    await bench.start();
    await bench.time.advance(4);
    expect(written(bench)).toEqual(["s", "v", "d", "b"]);
    const [stream] = bench.streams();
    expect(stream).toMatchObject({ id: "board", type: "EEG", nominalSamplingRate: 250 });
    expect(stream!.channels).toHaveLength(11);
    expect(stream!.channels[0]).toMatchObject({ label: "CH1", unit: "uV" });
    expect(stream!.channels[10]).toMatchObject({ unit: "g", unitsPerCount: 0.002 / 16 });
    expect(stream!.description).toMatchObject({ firmware: "v3.1.2", gains: "24,24,24,24,24,24,24,24" });
    const values = bench.channel(0);
    expect(values.length).toBeGreaterThan(950);
    expect(outOfPlace(values)).toBe(0);
    expect(bench.channel(9).at(-1)).toBe(0.5);
    expect(bench.channel(10).at(-1)).toBe(-1);
    expect(bench.nLost()).toBe(0);
    expect(bench.offsets.length).toBeGreaterThanOrEqual(3);
    await bench.time.until(bench.device.stop());
    expect(bench.states).toEqual([
      "idle",
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
    await bench.start();
    await bench.time.advance(2);
    expect(written(bench).filter((command) => command[0] === "x")).toEqual([
      "x1040110X",
      ...["x2160010X", "x3050100X"],
      ...[4, 5, 6, 7, 8].map((input) => `x${input}160010X`),
    ]);
    const [stream] = bench.streams();
    expect(stream!.channels.map(({ label, unit }) => `${label} ${unit}`)).toEqual([
      "Cz uV",
      "heart mV",
      "acceleration x g",
      "acceleration y g",
      "acceleration z g",
    ]);
    expect(outOfPlace(bench.channel(0))).toBe(0);
    expect(outOfPlace(bench.channel(1).map((millivolts) => 1000 * millivolts))).toBe(0);
    expect(stream!.description).toMatchObject({ gains: "8,12", railsMicrovolts: "562500,375000" });
  });

  test("with a Daisy delivers 16 channels at 125 Hz", async () => {
    const { bench } = board({ daisyAttached: true }, { daisy: true });
    await bench.start();
    await bench.time.advance(4);
    const [stream] = bench.streams();
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
    await bench.start();
    await bench.time.advance(2);
    expect(written(bench)).toContain("c");
    expect(outOfPlace(bench.channel(0))).toBe(0);
  });

  test("that is streaming already is stopped first", async () => {
    const { bench, simulator } = board({ startsStreaming: true });
    await bench.time.advance(0.5);
    await bench.time.until(bench.device.connect());
    expect(simulator.streaming).toBe(false);
    await bench.start();
    await bench.time.advance(2);
    expect(outOfPlace(bench.channel(0))).toBe(0);
  });

  test("with time stamps is timed by its own clock", async () => {
    const { bench } = board({ driftPpm: 150 }, { timeStamps: true });
    await bench.start();
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
    expect(bench.nLost()).toBe(0);
  });
});

describe("a handshake that fails says why", () => {
  test("when the dongle is there and the board is off", async () => {
    const { bench } = board({ boardOff: true });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /dongle answers but the Cyton does not/,
    );
    expect(bench.states.at(-1)).toBe("idle");
  });

  test("when nothing answers", async () => {
    const { bench } = board();
    bench.use({ receive: () => new Uint8Array(0), produce: () => new Uint8Array(0) });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(/did not send .* within 3 s/);
    expect(written(bench)).toEqual(["s", "v", "s", "v", "s", "v"]);
  });

  test("when another device answers, for good", async () => {
    const { bench } = board();
    const other: BoardSimulator = {
      receive: () => Buffer.from("Hello, I am a printer$$$"),
      produce: () => new Uint8Array(0),
    };
    bench.use(other);
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /something else answered \(Hello, I am/,
    );
    expect(bench.states.at(-1)).toBe("failed");
  });

  test("when 16 channels are asked for and the board answers 8", async () => {
    const { bench } = board({}, { daisy: true });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /found no Daisy module \(no daisy to attach!8\)/,
    );
    expect(bench.states.at(-1)).toBe("failed");
  });

  test("when the board refuses a command", async () => {
    const { bench } = board({ refuses: "x" }, { channels: [{ gain: 2 }] });
    await expect(bench.time.until(bench.device.connect())).rejects.toThrow(
      /refused the command "x1010110X" \(Failure/,
    );
  });
});
