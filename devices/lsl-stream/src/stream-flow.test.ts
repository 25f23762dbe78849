import { type DeviceEvent, ManualTime } from "@attune/device-kit";
import type { Inlet, InletChunk, SampleValues, TimeCorrection } from "@attune/lsl";
import type { ClockOffset, DeviceOutput, SampleChunk } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { StreamFlow } from "./stream-flow.ts";

const RATE = 250;

/** The part of an inlet that a flow uses, fed by hand. */
class HandFedInlet {
  samplesDropped = 0;
  #onChunk: ((chunk: InletChunk) => void) | undefined;
  #onCorrection: ((correction: TimeCorrection) => void) | undefined;
  queued: (InletChunk | undefined)[] = [];

  pullChunk = () => Promise.resolve(this.queued.shift());
  onChunk = (listener: (chunk: InletChunk) => void) => {
    this.#onChunk = listener;
    return () => {
      this.#onChunk = undefined;
    };
  };
  onTimeCorrection = (listener: (correction: TimeCorrection) => void) => {
    this.#onCorrection = listener;
    return () => {
      this.#onCorrection = undefined;
    };
  };
  deliver(data: SampleValues, timestamps: readonly number[], receivedAt: number): void {
    this.#onChunk?.({
      nSamples: timestamps.length,
      data,
      timestamps: Float64Array.from(timestamps),
      receivedAt,
    });
  }
  correct(correction: TimeCorrection): void {
    this.#onCorrection?.(correction);
  }
}

async function flowing({ rate = RATE, declaredLatencySeconds = 0 } = {}) {
  const time = new ManualTime();
  const inlet = new HandFedInlet();
  const outputs: DeviceOutput[] = [];
  const events: DeviceEvent[] = [];
  const flow = new StreamFlow({
    stream: {
      id: "cap",
      name: "Cap",
      type: "EEG",
      channels: [{ label: "1", unit: "" }],
      nominalSamplingRate: rate,
      sampleFormat: "int64",
    },
    declaredLatencySeconds,
    context: time.context,
    emit: (output) => outputs.push(output),
    report: (event) => events.push(event),
    onSamples: () => undefined,
  });
  await flow.attach(inlet as unknown as Inlet);
  /** `n` samples stamped from `stamp` on, arriving when their last is there. */
  const send = (n: number, stamp: number, receivedAt = stamp + (n - 1) / RATE) =>
    inlet.deliver(
      BigInt64Array.from({ length: n }, (_, k) => BigInt(k)),
      Array.from({ length: n }, (_, k) => stamp + k / RATE),
      receivedAt,
    );
  const chunks = () => outputs.filter((output): output is SampleChunk => output.kind === "samples");
  const losses = () =>
    events.flatMap((event) => (event.kind === "loss" ? [[event.nSamples, event.cause]] : []));
  return { time, inlet, outputs, events, flow, send, chunks, losses };
}

describe("what an inlet delivers, as chunks of the session", () => {
  test("pieces leave together after 20 ms, or at once when they span 50 ms", async () => {
    const { time, send, chunks } = await flowing();
    send(2, 10);
    send(1, 10 + 2 / RATE);
    expect(chunks()).toEqual([]);
    await time.advance(0.02);
    expect(chunks()).toMatchObject([{ firstSample: 0, nSamples: 3, receivedAt: 10 + 2 / RATE }]);
    send(13, 10 + 3 / RATE);
    expect(chunks()).toMatchObject([{ nSamples: 3 }, { firstSample: 3, nSamples: 13 }]);
    expect(chunks()[1]!.deviceTime[0]).toBe(10 + 3 / RATE);
    expect(time.nTimers).toBe(0);
  });

  test("what was queued before the start is thrown away", async () => {
    const { inlet, flow, time, chunks } = await flowing();
    inlet.queued = [
      { nSamples: 1, data: BigInt64Array.of(1n), timestamps: Float64Array.of(1), receivedAt: 1 },
      undefined,
    ];
    await flow.attach(inlet as unknown as Inlet);
    await time.advance(1);
    expect(inlet.queued).toEqual([]);
    expect(chunks()).toEqual([]);
  });

  test("after an interruption the counter moves by what the stamps say", async () => {
    const { time, send, chunks, flow, losses } = await flowing();
    send(5, 10);
    flow.interrupt(true);
    send(5, 10 + 5 / RATE + 3);
    await time.advance(1);
    expect(chunks().map(({ firstSample }) => firstSample)).toEqual([0, 755]);
    expect(losses()).toEqual([[750, "time"]]);
    expect(flow.statistics()).toMatchObject({ nSamples: 10, nLost: 750 });
    expect(flow.statistics().measuredSamplingRate).toBeCloseTo(RATE, 6);
  });

  test("when the sender's clock began anew, the counter moves by what arrival says", async () => {
    const { time, send, chunks, flow, losses } = await flowing();
    send(5, 5000, 10);
    flow.interrupt(true);
    send(5, 7, 14 + 4 / RATE);
    await time.advance(1);
    expect(losses()).toEqual([[999, "time"]]);
    expect(chunks().map(({ firstSample }) => firstSample)).toEqual([0, 1004]);
  });

  test("an interruption that lost nothing loses nothing, however the stamps jitter", async () => {
    const { time, send, flow, chunks, losses } = await flowing();
    send(5, 10);
    flow.interrupt(true);
    send(5, 10 + 5 / RATE + 0.03);
    await time.advance(1);
    expect(losses()).toEqual([]);
    expect(chunks().map(({ firstSample }) => firstSample)).toEqual([0, 5]);
  });

  test("what nobody wanted between stop and start moves the counter and is no loss", async () => {
    const { time, send, flow, chunks, losses } = await flowing();
    send(5, 10);
    flow.interrupt(false);
    send(5, 12);
    await time.advance(1);
    expect(losses()).toEqual([]);
    expect(chunks()[1]!.firstSample).toBe(4 + 2 * RATE - 4);
  });

  test("an irregular stream counts what came, and nothing between", async () => {
    const { time, send, flow, chunks, losses } = await flowing({ rate: 0 });
    send(2, 10);
    flow.interrupt(true);
    send(2, 4000);
    await time.advance(1);
    expect(losses()).toEqual([]);
    expect(chunks().map(({ firstSample }) => firstSample)).toEqual([0, 2]);
    expect(flow.statistics().measuredSamplingRate).toBeNaN();
  });

  test("what our own queue dropped is counted exactly", async () => {
    const { inlet, time, send, chunks, losses } = await flowing();
    send(5, 10);
    inlet.samplesDropped = 17;
    send(5, 11);
    await time.advance(1);
    expect(losses()).toEqual([[17, "overflow"]]);
    expect(chunks().map(({ firstSample }) => firstSample)).toEqual([0, 22]);
  });

  test("an int64 beyond 2^53 is said once", async () => {
    const { inlet, time, events } = await flowing();
    for (let n = 0; n < 3; n++) {
      inlet.deliver(BigInt64Array.of(2n ** 60n + 1n), [10 + n], 10 + n);
      await time.advance(0.1);
    }
    expect(events.filter(({ kind }) => kind === "warning")).toHaveLength(1);
  });

  test("a correction becomes a clock offset on the stream's clock, less the declared latency", async () => {
    const { inlet, outputs, flow } = await flowing({ declaredLatencySeconds: 0.025 });
    inlet.correct({ offset: -5000, uncertainty: 0.0004, remoteTime: 6000, measuredAt: 1000 });
    expect(outputs as ClockOffset[]).toEqual([
      { kind: "clock-offset", streamId: "cap", collectedAt: 6000, offset: -5000.025 },
    ]);
    expect(flow.statistics()).toMatchObject({
      nOffsets: 1,
      lastOffset: -5000.025,
      offsetUncertainty: 0.0002,
    });
  });

  test("after detaching nothing comes and nothing waits", async () => {
    const { time, send, flow, chunks } = await flowing();
    send(2, 10);
    flow.detach();
    expect(chunks()).toHaveLength(1);
    send(2, 11);
    await time.advance(1);
    expect(chunks()).toHaveLength(1);
    expect(time.nTimers).toBe(0);
  });
});
