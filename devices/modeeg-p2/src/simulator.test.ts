import { describe, expect, test } from "vitest";
import { P2Codec } from "./codec.ts";
import { P2Simulator } from "./simulator.ts";

const codec = (): P2Codec => new P2Codec(1, { zeroCount: 0, unitsPerCount: 1 });
const ramp = (index: number, out: Float64Array): void => {
  out.fill(index % 1024);
};

describe("the simulated board", () => {
  test("is silent while it boots, sends its junk, then streams at its rate", () => {
    const board = new P2Simulator({
      samplingRate: 256,
      bootSeconds: 1.5,
      bootJunk: Uint8Array.of(0, 0xff, 0xa5),
      sample: ramp,
    });
    const reader = codec();
    expect(board.produce(10).length).toBe(0);
    expect(board.produce(11.4).length).toBe(0);
    const batch = reader.push(board.produce(12.5));
    expect(batch.nFrames).toBe(255);
    expect(batch.values[100]).toBe(100);
    expect(reader.counters.bytesSkipped).toBe(3);
  });

  test("runs fast by its drift: 200 ppm is 10.24 samples more in 200 s at 256 Hz", () => {
    const board = new P2Simulator({ samplingRate: 256, driftPpm: 200 });
    board.produce(0);
    board.produce(200);
    expect(board.sampleIndex).toBe(51_210);
  });

  test("loses, stalls and harms frames on request while its count goes on", () => {
    const board = new P2Simulator({ samplingRate: 100, sample: ramp });
    const reader = codec();
    board.produce(0);
    const counters: number[] = [];
    const read = (until: number): void => {
      const batch = reader.push(board.produce(until));
      counters.push(...batch.counter.subarray(0, batch.nFrames));
    };
    read(0.1);
    board.loseFrames(5);
    read(0.2);
    board.stall(true);
    read(0.3);
    board.stall(false);
    read(0.4);
    board.damage({ kind: "drop", offset: 7 });
    read(0.5);
    expect(counters).not.toContain(12);
    expect(counters).not.toContain(25);
    expect(counters).toContain(15);
    expect(counters).toContain(35);
    expect(counters).not.toContain(40);
    expect(reader.counters.resyncs).toBe(1);
    expect(board.framesSent).toBe(35);
  });

  test("any pace of asking gives the same bytes", () => {
    const whole = new P2Simulator({ samplingRate: 256, sample: ramp });
    const steps = new P2Simulator({ samplingRate: 256, sample: ramp });
    whole.produce(0);
    steps.produce(0);
    const pieces: number[] = [];
    for (let k = 1; k <= 100; k++) pieces.push(...steps.produce(k / 100));
    expect(pieces).toEqual([...whole.produce(1)]);
  });
});
