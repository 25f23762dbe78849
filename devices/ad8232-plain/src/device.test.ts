import { systemContext } from "@attune/device-kit";
import { type DeviceBench, hasSocat, onBench, onPty } from "@attune/device-kit/testing";
import { afterEach, describe, expect, test } from "vitest";
import { ad8232Plain } from "./device-type.ts";
import { plainProtocol } from "./protocol.ts";
import { type PlainSettings, plainSettings } from "./settings.ts";
import { PlainSimulator, type PlainSimulatorOptions } from "./simulator.ts";

const settings = (given: Partial<PlainSettings> = {}): PlainSettings =>
  plainSettings.parse({ port: "/dev/null", vrefVolts: 5, ...given });
const makeBoard = (options: Partial<PlainSimulatorOptions> = {}): PlainSimulator =>
  new PlainSimulator({ bootSeconds: 1.5, sample: (index) => 500 + (index % 20), ...options });

const benches: DeviceBench[] = [];
function bench(board: PlainSimulator | undefined, given: Partial<PlainSettings> = {}): DeviceBench {
  const made = onBench({
    board,
    protocol: (context) => plainProtocol(settings(given), context),
    id: "heart",
    resetsOnOpen: true,
  });
  benches.push(made);
  return made;
}
afterEach(async () => {
  for (const made of benches.splice(0)) await made.close();
});

describe("the plain example", () => {
  test("says aloud that it is not fit for R-R intervals, and in its header too", async () => {
    const { device, time, warnings, streams } = bench(makeBoard());
    await time.until(device.connect());
    expect(warnings()[0]).toMatch(/NOT FIT FOR R-R INTERVALS/);
    expect(warnings().some((w) => /does not number its samples/.test(w))).toBe(true);
    expect(streams()[0]?.description?.fitForInterbeatIntervals).toBe(false);
    expect(streams()[0]?.channels).toEqual([{ label: "ecg", unit: "V", unitsPerCount: 5 / 1024 }]);
  });

  test("its rate is what was measured, or what the settings say", async () => {
    const { device, time, streams } = bench(makeBoard());
    await time.until(device.connect());
    expect(streams()[0]?.nominalSamplingRate).toBeCloseTo(192, 0);
    const told = bench(makeBoard(), { samplingRate: 190 });
    const began = told.time.now;
    await told.time.until(told.device.connect());
    expect(told.streams()[0]?.nominalSamplingRate).toBe(190);
    expect(told.time.now - began).toBeLessThan(3);
  });

  test("electrodes that are off while it measures are named", async () => {
    const board = makeBoard();
    board.setLeadOff(true);
    const { device, time, warnings } = bench(board);
    await time.until(device.connect());
    expect(warnings().join()).toMatch(/were off while its rate was measured \(320(\.\d)? lines\/s\)/);
  });

  test("values come in order, and missing while an electrode is off", async () => {
    const board = makeBoard();
    const { device, time, chunks, events } = bench(board, { measureSeconds: 1 });
    await time.until(device.connect());
    await time.until(device.start());
    await time.advance(2);
    board.setLeadOff(true);
    await time.advance(0.5);
    board.setLeadOff(false);
    await time.advance(1);
    const counts = chunks.flatMap(({ data }) => Array.from(data, (v) => Math.round((v * 1024) / 5)));
    const missing = counts.filter((count) => Number.isNaN(count)).length;
    expect(missing).toBeGreaterThan(140);
    expect(missing).toBeLessThan(180);
    const steady = counts.slice(0, 300);
    expect(steady.slice(1).every((c, i) => c === 500 + ((steady[i]! - 500 + 1) % 20))).toBe(true);
    expect(events.flatMap((e) => (e.kind === "quality" ? [e.channels[0]] : []))).toEqual(["off", "unknown"]);
  });

  test("start, stop, start; unplugged and plugged in again; stalled", async () => {
    const board = makeBoard();
    const { device, time, chunks, transport, states, streams } = bench(board, { measureSeconds: 1 });
    await time.until(device.connect());
    await time.until(device.start());
    await time.advance(2);
    await time.until(device.stop());
    const n = chunks.length;
    await time.advance(2);
    expect(chunks.length).toBe(n);
    await time.until(device.start());
    await time.advance(2);
    expect(chunks.length).toBeGreaterThan(n);
    const announced = streams();
    transport.deliver(Uint8Array.of(0x35));
    transport.unplug();
    await time.advance(8);
    expect(states.slice(-2)).toEqual(["reconnecting", "streaming"]);
    expect(streams()).toBe(announced);
    board.stall(true);
    await time.advance(1.5);
    expect(states.at(-1)).toBe("stalled");
    board.stall(false);
    await time.advance(2);
    expect(states.at(-1)).toBe("streaming");
  });

  test("silence can be tried again; text without numbers is the wrong device", async () => {
    const silent = bench(undefined);
    const timeout = await silent.time.until(silent.device.connect().catch((e: unknown) => e));
    expect(timeout).toMatchObject({ retryable: true });
    const other = {
      receive: () => new Uint8Array(0),
      produce: () => Uint8Array.from("hello world\r\n", (c) => c.charCodeAt(0)),
      reset: () => undefined,
    };
    const made = onBench({ board: other, protocol: (context) => plainProtocol(settings(), context) });
    benches.push(made);
    const wrong = await made.time.until(made.device.connect().catch((e: unknown) => e));
    expect(wrong).toMatchObject({ retryable: false });
    expect((wrong as Error).message).toMatch(/does not send whole numbers line by line at 9600 baud/);
  });

  test("the label is the settings'; the declared latency is added to that of the protocol", async () => {
    const { device, time, streams } = bench(makeBoard(), {
      channels: ["lead I"],
      declaredLatencySeconds: 0.02,
      samplingRate: 190,
    });
    await time.until(device.connect());
    expect(streams()[0]?.channels[0]?.label).toBe("lead I");
    expect(streams()[0]?.description?.declaredLatencySeconds).toBeCloseTo(0.02 + 60 / 9600 + 0.001, 12);
  });

  test("settings have a description for every field", () => {
    for (const field of Object.values(plainSettings.shape)) expect(field.description).toMatch(/\w/);
    expect(plainSettings.safeParse({ port: "x" }).success).toBe(false);
  });
});

describe.skipIf(!hasSocat())("over a real serial port (skipped when socat is not installed)", () => {
  test("the simulated board behind a pseudo-terminal is read in order", async () => {
    const bench = await onPty(makeBoard({ bootSeconds: 0.2 }), (port) =>
      ad8232Plain.create("ecg", settings({ port, samplingRate: 192 }), systemContext),
    );
    try {
      const some = bench.samples(120);
      await bench.device.start();
      const counts = (await some).flatMap(({ data }) => Array.from(data, (v) => Math.round((v * 1024) / 5)));
      expect(counts.slice(1).every((c, i) => c === 500 + ((counts[i]! - 500 + 1) % 20))).toBe(true);
    } finally {
      await bench.close();
    }
  });
});
