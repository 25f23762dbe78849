import { type Device, type DeviceEvent, systemContext } from "@attune/device-kit";
import { lslStream } from "@attune/device-lsl-stream";
import { createOutlet } from "@attune/lsl";
import type { DeviceOutput, SampleChunk, Stream } from "@attune/signal";
import { test } from "vitest";
import { canShiftClock, describeWithLiblsl, type PeerOutletOptions } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

const RATE = 250;
const soon = { timeout: 20_000, interval: 20 };

const declaration = (name: string): PeerOutletOptions => ({
  name,
  type: "EEG",
  channelCount: 2,
  nominalSamplingRate: RATE,
  channelFormat: "double64",
  sourceId: `source of ${name}`,
  channels: [
    { label: "C3", unit: "microvolts", type: "EEG" },
    { label: "C4", unit: "microvolts", type: "EEG" },
  ],
});

describeWithLiblsl("a stream of the real liblsl as a device", () => {
  const net = loopback();

  /** A liblsl process with one stream that counts: channel `c` of sample `i` holds `i + c`. */
  async function sender(options: PeerOutletOptions, clockAheadSeconds?: number) {
    const peer = await net.peer(clockAheadSeconds === undefined ? {} : { clockAheadSeconds });
    const outlet = await peer.createOutlet(options);
    await peer.startFlow({ outlet, chunkSamples: 5, intervalSeconds: 5 / RATE });
    return peer;
  }

  function watch(settings: Record<string, unknown>) {
    const { discovery: discoveryPort, base: basePort, count: portRange } = net.ports;
    const network = { loopbackOnly: true, discoveryPort, basePort, portRange };
    const device: Device = net.use(
      lslStream.create("adult", lslStream.settings.parse({ network, ...settings }), systemContext),
    );
    const outputs: DeviceOutput[] = [];
    const events: DeviceEvent[] = [];
    const states: string[] = [];
    const streams: (readonly Stream[])[] = [];
    device.output.subscribe((output) => outputs.push(output));
    device.events.subscribe((event) => events.push(event));
    device.lifecycle.subscribe((state) => states.push(state));
    device.streams.subscribe((list) => streams.push(list));
    return {
      device,
      events,
      states,
      streams,
      chunks: () => outputs.filter((output): output is SampleChunk => output.kind === "samples"),
      offsets: () => outputs.filter((output) => output.kind === "clock-offset"),
      warnings: () => events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])),
      losses: () => events.flatMap((event) => (event.kind === "loss" ? [event] : [])),
    };
  }

  test.concurrent("samples, labels, rate and clock", async ({ expect }) => {
    await sender(declaration("plain"), canShiftClock ? 5000 : undefined);
    const ahead = canShiftClock ? 5000 : 0;
    const { device, streams, chunks, offsets, warnings } = watch({ name: "plain" });
    await device.connect();
    expect(streams.at(-1)![0]).toMatchObject({
      channels: [
        { label: "C3", unit: "microvolts" },
        { label: "C4", unit: "microvolts" },
      ],
      nominalSamplingRate: RATE,
      sampleFormat: "double64",
    });
    await device.start();
    await expect.poll(() => offsets().length, soon).toBeGreaterThan(0);
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(20);
    let next = 0;
    let value = chunks()[0]!.data[0]!;
    for (const { firstSample, nSamples, data, deviceTime, receivedAt } of chunks()) {
      expect(firstSample).toBe(next);
      for (let n = 0; n < nSamples; n++, value++)
        expect([data[n], data[nSamples + n]]).toEqual([value, value + 1]);
      next += nSamples;
      expect(Math.abs(deviceTime.at(-1)! - ahead - receivedAt!)).toBeLessThan(1);
    }
    expect(Math.abs(offsets()[0]!.offset + ahead)).toBeLessThan(0.001);
    expect(warnings()).toEqual([]);
  });

  test.concurrent("the sender dies and comes back: one counted gap in a counter that goes on", async ({
    expect,
  }) => {
    const first = await sender(declaration("mortal"));
    const { device, states, chunks, losses, streams } = watch({ name: "mortal" });
    await device.connect();
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(5);
    await first.kill();
    await expect.poll(() => states.at(-1), soon).toBe("reconnecting");
    const before = chunks().length;
    await sender(declaration("mortal"));
    await expect.poll(() => states.at(-1), soon).toBe("streaming");
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(before + 5);
    expect(losses()).toHaveLength(1);
    const [loss] = losses();
    expect(loss).toMatchObject({ cause: "time", streamId: "adult" });
    const [last, resumed] = [chunks()[before - 1]!, chunks()[before]!];
    expect(resumed.firstSample - (last.firstSample + last.nSamples)).toBe(loss!.nSamples);
    const elapsed = resumed.deviceTime[0]! - last.deviceTime.at(-1)!;
    expect(Math.abs(elapsed * RATE - 1 - loss!.nSamples)).toBeLessThan(1);
    expect(device.statistics()).toMatchObject({ nReconnects: 1, streams: [{ nLost: loss!.nSamples }] });
    await expect
      .poll(() => new Set(streams.flat().map(({ description }) => description!.uid)).size, soon)
      .toBe(2);
  });

  test.concurrent("it comes back at another rate: said, and the streams are told anew", async ({
    expect,
  }) => {
    const make = (nominalSamplingRate: number) =>
      createOutlet({ ...declaration("faster"), nominalSamplingRate }, { configuration: net.configuration() });
    const first = await make(RATE);
    const { device, streams, warnings, chunks } = watch({ name: "faster" });
    await device.connect();
    await device.start();
    await first.close();
    const second = net.use(await make(2 * RATE));
    await expect.poll(() => streams.at(-1)![0]!.nominalSamplingRate, soon).toBe(2 * RATE);
    expect(warnings().filter((message) => message.includes("500 Hz instead of 250 Hz"))).toHaveLength(1);
    expect(await second.waitForConsumers(5)).toBe(true);
    second.pushSample([1, 2]);
    await expect.poll(() => chunks().length, soon).toBe(1);
  });

  test.concurrent("it comes back with other channels: it is another stream, and that is said once", async ({
    expect,
  }) => {
    const make = (channelCount: number) => {
      const { channels: _, ...rest } = declaration("wider");
      return createOutlet({ ...rest, channelCount }, { configuration: net.configuration() });
    };
    const first = await make(2);
    const { device, states, warnings } = watch({ name: "wider" });
    await device.connect();
    await device.start();
    await first.close();
    net.use(await make(3));
    await expect.poll(() => warnings().length, soon).toBe(1);
    expect(warnings()[0]).toContain("with double64 values instead of 2 channels of double64");
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(warnings()).toHaveLength(1);
    expect(states.at(-1)).toBe("reconnecting");
    await device.stop();
    expect(states.at(-1)).toBe("idle");
  });

  test.concurrent("a sender without a source id is found again by what it is", async ({ expect }) => {
    const nameless = { ...declaration("nameless"), sourceId: "" };
    const first = await sender(nameless);
    const { device, states, chunks, warnings, losses } = watch({ name: "nameless" });
    await device.connect();
    await device.start();
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(5);
    await first.kill();
    await expect.poll(() => states.at(-1), soon).toBe("reconnecting");
    const before = chunks().length;
    await sender(nameless);
    await expect.poll(() => states.at(-1), soon).toBe("streaming");
    await expect.poll(() => chunks().length, soon).toBeGreaterThan(before + 5);
    expect(losses()).toHaveLength(1);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain("has no source id");
    expect(device.statistics().nReconnects).toBe(1);
  });
});
