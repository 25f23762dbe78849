import { localClock } from "@attune/lsl";
import type { TextChunk } from "@attune/signal";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, RATE, send, soon, watch } from "./loopback.test-support.ts";

afterEach(closeAll);

describe("a stream of Lab Streaming Layer as a device", () => {
  test("delivers labels, units, every sample with the sender's stamp, and clock offsets", async () => {
    const channels = [
      { label: "C3", unit: "microvolts", type: "EEG" },
      { label: "C4", unit: "microvolts" },
    ];
    const description = [{ name: "acquisition", children: [{ name: "model", value: "X1" }] }];
    await send({ channels, description }, { clockOffsetSeconds: 5000 });
    const { device, streams, states, chunks, offsets } = watch({ name: "cap" });
    await device.connect();
    expect(states).toEqual(["idle", "connecting", "configuring", "ready"]);
    expect(streams.at(-1)).toMatchObject([
      {
        id: "adult",
        name: "cap",
        type: "EEG",
        channels: [
          { label: "C3", unit: "microvolts" },
          { label: "C4", unit: "microvolts" },
        ],
        nominalSamplingRate: RATE,
        sampleFormat: "float32",
        sourceId: "cap-1",
        description: { "acquisition.model": "X1", declaredLatencySeconds: 0 },
      },
    ]);
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(10);
    await expect.poll(() => offsets().length, soon).toBeGreaterThan(0);
    let next = 0;
    let value = chunks()[0]!.data[0]!;
    for (const chunk of chunks()) {
      expect(chunk.firstSample).toBe(next);
      for (let n = 0; n < chunk.nSamples; n++) {
        expect(chunk.data[n]).toBe(value);
        expect(chunk.data[chunk.nSamples + n]).toBe(value + 0.5);
        value++;
      }
      next += chunk.nSamples;
      expect(Math.abs(chunk.deviceTime.at(-1)! - 5000 - chunk.receivedAt!)).toBeLessThan(1);
    }
    const { offset, collectedAt } = offsets()[0]!;
    expect(Math.abs(offset + 5000)).toBeLessThan(0.001);
    expect(Math.abs(collectedAt - 5000 - localClock())).toBeLessThan(3);
    expect(device.statistics()).toMatchObject({
      nReconnects: 0,
      streams: [{ streamId: "adult", nSamples: next, nLost: 0 }],
    });
    expect(Math.abs(device.statistics().streams[0]!.measuredSamplingRate / RATE - 1)).toBeLessThan(0.2);
  });

  test("text arrives as text; a silent marker stream stays streaming", async () => {
    const { outlet } = await send({
      name: "markers",
      type: "Markers",
      channelCount: 1,
      nominalSamplingRate: 0,
      channelFormat: "string",
    });
    const { device, outputs, states } = watch({ type: "Markers", stalledAfterSeconds: 0.2 });
    await device.connect();
    await device.start();
    expect(await outlet.waitForConsumers(5)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 800));
    outlet.pushSample(["gaze.adult=direct"], 17.5);
    const texts = () => outputs.filter((output): output is TextChunk => output.kind === "text");
    await expect.poll(() => texts().length, soon).toBe(1);
    expect(texts()[0]).toMatchObject({ firstSample: 0, nSamples: 1, text: ["gaze.adult=direct"] });
    expect(texts()[0]!.deviceTime).toEqual(Float64Array.of(17.5));
    expect(states.at(-1)).toBe("streaming");
  });

  test("a stream with a rate that falls silent is stalled until samples come again", async () => {
    const sender = await send();
    const { device, states, chunks } = watch({ name: "cap" });
    await device.connect();
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(2);
    sender.pause();
    await expect.poll(() => states.at(-1), soon).toBe("stalled");
    sender.outlet.pushSample([1, 2]);
    await expect.poll(() => states.at(-1), soon).toBe("streaming");
  });

  test("stop ends the flow and start takes it up; close completes everything", async () => {
    await send();
    const { device, states, chunks, events } = watch({ name: "cap" });
    await device.connect();
    await device.connect();
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(2);
    await device.stop();
    expect(states.at(-1)).toBe("ready");
    const [stopped, last] = [chunks().length, chunks().at(-1)!];
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(chunks()).toHaveLength(stopped);
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(stopped + 2);
    expect(chunks()[stopped]!.firstSample).toBeGreaterThan(last.firstSample + last.nSamples);
    expect(events.filter(({ kind }) => kind === "loss")).toEqual([]);
    let completed = 0;
    const complete = () => completed++;
    device.output.subscribe({ complete });
    device.events.subscribe({ complete });
    device.lifecycle.subscribe({ complete });
    device.streams.subscribe({ complete });
    await device.close();
    await device.close();
    expect(states.at(-1)).toBe("closed");
    expect(completed).toBe(4);
  });

  test("a subscriber that throws does not disturb the others", async () => {
    await send();
    const { device, chunks, events } = watch({ name: "cap" });
    device.output.subscribe(() => {
      throw new Error("not my day");
    });
    await device.connect();
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(5);
    expect(events.some((event) => event.kind === "error" && /not my day/.test(event.error.message))).toBe(
      true,
    );
  });
});
