import { DeviceError, systemContext } from "@attune/device-kit";
import { type DeviceBench, hasSocat, onBench, onPty } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { attuneLine } from "./device-type.ts";
import { lineProtocol } from "./protocol.ts";
import { type LineSettings, lineSettings } from "./settings.ts";
import { LineSimulator, type LineSimulatorOptions } from "./simulator.ts";

const header = {
  samplingRate: 500,
  channels: ["ecg"],
  unit: "adc",
  bits: 10,
  vrefVolts: 3.3,
  gain: Number.NaN,
} as const;
const numberOf = (index: number): number => (index * 7) % 1024;
const settings = (given: Partial<LineSettings> = {}): LineSettings =>
  lineSettings.parse({ port: "/dev/null", ...given });
const makeBoard = (options: Partial<LineSimulatorOptions> = {}): LineSimulator =>
  new LineSimulator({
    header,
    bootSeconds: 1.6,
    sample: (index, out) => {
      out[0] = numberOf(index);
    },
    ...options,
  });

const benches: DeviceBench[] = [];
function bench(
  board: LineSimulator | undefined,
  given: Partial<LineSettings> = {},
  resetsOnOpen = true,
): DeviceBench {
  const made = onBench({ board, protocol: () => lineProtocol(settings(given)), id: "heart", resetsOnOpen });
  benches.push(made);
  return made;
}
afterEach(async () => {
  for (const made of benches.splice(0)) await made.close();
});

describe("the handshake", () => {
  test("waits for an Uno to boot, reads the header, and publishes volts when nobody knows the gain", async () => {
    const { device, time, streams } = bench(makeBoard());
    await time.until(device.connect());
    expect(streams()).toMatchObject([
      {
        id: "heart",
        type: "ECG",
        nominalSamplingRate: 500,
        channels: [{ label: "ecg", unit: "V", unitsPerCount: 3.3 / 1024 }],
        description: { gain: "unknown", vrefVolts: 3.3 },
      },
    ]);
  });

  test("settings complete what the board says: gain, reference, labels", async () => {
    const { device, time, streams } = bench(makeBoard(), {
      gain: 1100,
      vrefVolts: 3.28,
      channels: ["lead-II"],
    });
    await time.until(device.connect());
    expect(streams()[0]?.channels).toEqual([
      { label: "lead-II", unit: "mV", unitsPerCount: (3.28 / 1024 / 1100) * 1000 },
    ]);
  });

  test("a board that is streaming already is stopped and asked", async () => {
    const board = makeBoard({ streaming: true, bootSeconds: 0, firstSeq: 70_000 });
    const { device, time, chunks } = bench(board, {}, false);
    await time.advance(0.5);
    await time.until(device.connect());
    expect(board.streaming).toBe(false);
    await time.until(device.start());
    await time.advance(1);
    expect(chunks.length).toBeGreaterThan(20);
  });

  test("silence is a timeout that can be tried again", async () => {
    const { device, time, states } = bench(undefined);
    const error = await time.until(device.connect().catch((e: unknown) => e));
    expect(error).toBeInstanceOf(DeviceError);
    expect(error).toMatchObject({ retryable: true });
    expect((error as Error).message).toMatch(/ATTUNE.*nothing came/);
    expect(states.at(-1)).toBe("idle");
  });

  test("something else on the port is the wrong device, for good", async () => {
    const other = {
      receive: () => new Uint8Array(0),
      produce: () => Uint8Array.from("512\r\n", (c) => c.charCodeAt(0)),
      reset: () => undefined,
    };
    const made = onBench({ board: other, protocol: () => lineProtocol(settings()) });
    benches.push(made);
    const error = await made.time.until(made.device.connect().catch((e: unknown) => e));
    expect(error).toMatchObject({ retryable: false });
    expect((error as Error).message).toMatch(/no #ATTUNE header line/);
    expect(made.states.at(-1)).toBe("failed");
  });

  test("a wrong number of labels is refused with both numbers", async () => {
    const { device, time } = bench(makeBoard(), { channels: ["a", "b"] });
    const error = await time.until(device.connect().catch((e: unknown) => e));
    expect(error).toMatchObject({ retryable: false });
    expect((error as Error).message).toMatch(/sends 1 channels .* name 2/);
  });

  test("settings have a description for every field and refuse what they do not know", () => {
    for (const field of Object.values(lineSettings.shape)) expect(field.description).toMatch(/\w/);
    expect(lineSettings.safeParse({ port: "/dev/ttyACM0", speed: 9600 }).success).toBe(false);
    expect(attuneLine.name).toBe("attune-line");
  });
});

test("the declared latency is added to that of the protocol, and stands in the description", async () => {
  const { device, time, streams } = bench(makeBoard(), { declaredLatencySeconds: 0.02 });
  await time.until(device.connect());
  expect(streams()[0]?.description?.declaredLatencySeconds).toBeCloseTo(0.0216, 12);
});

describe("streaming", () => {
  async function streaming(
    options: Partial<LineSimulatorOptions> = {},
  ): Promise<DeviceBench & { board: LineSimulator }> {
    const board = makeBoard(options);
    const made = bench(board);
    await made.time.until(made.device.connect());
    await made.time.until(made.device.start());
    return { ...made, board };
  }

  test("delivers every sample with its value and the board's own time", async () => {
    const { time, chunks, nLost, sampleNumbers } = await streaming();
    await time.advance(10);
    const numbers = sampleNumbers();
    expect(numbers.length).toBeGreaterThan(4900);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    for (const { firstSample, nSamples, data, deviceTime } of chunks)
      for (let n = 0; n < nSamples; n++) {
        expect(data[n]).toBeCloseTo((numberOf(firstSample + n) * 3.3) / 1024, 10);
        expect(deviceTime[n]! - chunks[0]!.deviceTime[0]!).toBeCloseTo((firstSample + n) / 500, 5);
      }
    expect(nLost()).toBe(0);
  });

  test("start, stop and start again: the board counts anew, the session goes on", async () => {
    const { device, time, chunks, board, nLost } = await streaming();
    await time.advance(2);
    await time.until(device.stop());
    expect(board.streaming).toBe(false);
    const nBefore = chunks.length;
    await time.advance(2);
    expect(chunks.length).toBe(nBefore);
    await time.until(device.start());
    await time.advance(3);
    expect(chunks.length).toBeGreaterThan(nBefore + 20);
    for (let i = 1; i < chunks.length; i++)
      expect(chunks[i]!.firstSample).toBeGreaterThanOrEqual(
        chunks[i - 1]!.firstSample + chunks[i - 1]!.nSamples,
      );
    expect(nLost()).toBe(0);
  });

  test("losses are counted exactly, whether the line or the board's queue lost them", async () => {
    const { device, time, board, nLost, warnings, channel } = await streaming({
      sample: (index, out) => {
        out[0] = Math.floor(index / 5);
      },
    });
    await time.advance(1);
    board.loseLines(37);
    await time.advance(1);
    board.overrun(5);
    await time.advance(1);
    board.loseLines(700);
    await time.advance(3);
    expect(nLost()).toBe(742);
    // Five samples bear the same number: the converter has but 1024.
    const numbers = channel(0).map((volts) => Math.round((volts * 1024) / 3.3));
    expect(numbers.length).toBeGreaterThan(2000);
    expect(numbers.filter((number, n) => number !== Math.floor(n / 5) && !Number.isNaN(number))).toHaveLength(
      0,
    );
    expect(device.statistics().codec).toMatchObject({ resyncs: 0 });
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toMatch(/lost samples before sending them/);
  });

  test("a damaged line is one lost sample, not a corrupt one", async () => {
    const { device, time, board, nLost } = await streaming();
    await time.advance(2);
    board.damage({ kind: "flip", offset: 5, bit: 3 });
    await time.advance(2);
    expect(nLost()).toBe(1);
    expect(device.statistics().codec).toMatchObject({ checksumErrors: 1, resyncs: 1 });
  });

  test("electrodes off and marker pulses become events", async () => {
    const { time, board, events, output } = await streaming();
    await time.advance(1);
    board.setLeadOff(true, false);
    await time.advance(1);
    board.setLeadOff(false, false);
    board.marker();
    await time.advance(1);
    const quality = events.flatMap((e) => (e.kind === "quality" ? [e.channels] : []));
    expect(quality).toEqual([["off"], ["unknown"]]);
    expect(output.filter((item) => item.kind === "event")).toMatchObject([
      { label: "marker", source: "heart" },
    ]);
  });

  test("a crystal that is 300 ppm fast shows as drift", async () => {
    const { device, time } = await streaming({ driftPpm: 300 });
    await time.advance(300);
    // The simulated board's clock runs with its crystal: 500 of its samples are one of its seconds.
    expect(Math.abs(device.statistics().streams[0]!.driftPpm)).toBeGreaterThan(290);
    expect(Math.abs(device.statistics().streams[0]!.driftPpm)).toBeLessThan(310);
  });

  test("unplugged in the middle of a line and plugged in again, it streams on with the loss counted", async () => {
    const { time, transport, chunks, states, nLost } = await streaming();
    await time.advance(3);
    transport.deliver(Uint8Array.from("$77,12", (c) => c.charCodeAt(0)));
    transport.present = false;
    transport.unplug();
    await time.advance(5);
    expect(states.at(-1)).toBe("reconnecting");
    const before = chunks.at(-1)!;
    transport.present = true;
    await time.advance(12);
    expect(states.at(-1)).toBe("streaming");
    const after = chunks.find((chunk) => chunk.receivedAt! > before.receivedAt! + 1)!;
    const away = after.receivedAt! - before.receivedAt!;
    const jump = after.firstSample - (before.firstSample + before.nSamples);
    expect(Math.abs(jump / 500 - away)).toBeLessThan(0.1);
    expect(nLost()).toBe(jump);
  });

  test("a board that falls silent without a word is stalled, then reconnected", async () => {
    const { time, board, states } = await streaming();
    await time.advance(2);
    board.stall(true);
    await time.advance(1.5);
    expect(states.at(-1)).toBe("stalled");
    await time.advance(4);
    expect(states).toContain("reconnecting");
    board.stall(false);
    await time.advance(15);
    expect(states.at(-1)).toBe("streaming");
  });
});

describe.skipIf(!hasSocat())("over a real serial port (skipped when socat is not installed)", () => {
  test("the simulated board behind a pseudo-terminal delivers every sample", async () => {
    const bench = await onPty(makeBoard({ bootSeconds: 0.3 }), (port) =>
      attuneLine.create("heart", settings({ port }), systemContext),
    );
    try {
      const enough = bench.samples(500);
      await bench.device.start();
      const chunks = await enough;
      let next = chunks[0]!.firstSample;
      for (const { firstSample, nSamples, deviceTime } of chunks) {
        expect(firstSample).toBe(next);
        next += nSamples;
        expect(deviceTime[nSamples - 1]! - deviceTime[0]!).toBeCloseTo((nSamples - 1) / 500, 4);
      }
      expect(bench.device.statistics().codec).toMatchObject({ checksumErrors: 0, resyncs: 0 });
    } finally {
      await bench.close();
    }
  });
});
