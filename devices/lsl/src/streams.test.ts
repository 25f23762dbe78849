import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type ChannelFormat,
  createOutlet,
  type Inlet,
  type InletChunk,
  type LslConfiguration,
  LslConnectionError,
  LslStreamError,
  LslTimeoutError,
  localClock,
  type Outlet,
  type OutletOptions,
  openInlet,
  type SampleInput,
} from "./index.ts";
import { privateNetwork } from "./testing/private-network.ts";

/** Waits on conditions: a loaded machine may take its time. */
const patient = { timeout: 30_000, interval: 5 };
let configuration: LslConfiguration;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  configuration = await privateNetwork();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function pair(
  channelFormat: ChannelFormat,
  channelCount: number,
  worker: boolean,
  more: OutletOptions = {},
  nominalSamplingRate = 100,
): Promise<{ outlet: Outlet; inlet: Inlet }> {
  const declaration = { name: "pair", type: "Test", channelCount, nominalSamplingRate, channelFormat };
  const outlet = await createOutlet(declaration, { configuration, worker, ...more });
  open.push(outlet);
  const inlet = await openInlet(outlet.info, { configuration, worker });
  open.push(inlet);
  return { outlet, inlet };
}

async function pull(inlet: Inlet, nSamples: number): Promise<InletChunk> {
  const chunk = await inlet.pullChunk({ minSamples: nSamples, maxSamples: nSamples, timeoutSeconds: 10 });
  expect(chunk?.nSamples).toBe(nSamples);
  return chunk!;
}

const values: Readonly<Record<Exclude<ChannelFormat, "string">, SampleInput>> = {
  float32: Float32Array.of(1.5, -0, Number.NaN, 1e-40, Number.POSITIVE_INFINITY, 3),
  double64: Float64Array.of(Math.PI, -0, 5e-324, -1e308, 2, 3),
  int8: Int8Array.of(-128, 127, 0, 1, 2, 3),
  int16: Int16Array.of(-32768, 32767, 0, 1, 2, 3),
  int32: Int32Array.of(-2147483648, 2147483647, 0, 1, 2, 3),
  int64: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, 1n, 2n, 3n),
};

describe.each([
  ["in the worker thread", true],
  ["in the caller's thread", false],
])("sockets %s", (_, worker) => {
  test.each(Object.keys(values) as (keyof typeof values)[])(
    "%s values and stamps arrive as they were pushed",
    async (format) => {
      const { outlet, inlet } = await pair(format, 2, worker);
      const stamps = Float64Array.of(11.25, 10, 12.5);
      outlet.pushChunk(values[format], stamps);
      const chunk = await pull(inlet, 3);
      expect(chunk.timestamps).toEqual(stamps);
      expect(chunk.data).toEqual(values[format]);
      expect(chunk.bytes).toBeUndefined();
      expect(chunk.receivedAt).toBeLessThanOrEqual(localClock());
    },
  );

  test("text arrives with NUL, in UTF-8 and as the bytes it was", async () => {
    const { outlet, inlet } = await pair("string", 2, worker);
    const bytes = Uint8Array.of(0xff, 0, 0xfe);
    outlet.pushSample(["a\0b é 漢", bytes], 5);
    outlet.pushChunk(["", "x".repeat(70_000), "y", "z"], 7);
    const chunk = await pull(inlet, 3);
    expect((chunk.data as string[]).toSpliced(1, 1)).toEqual(["a\0b é 漢", "", "x".repeat(70_000), "y", "z"]);
    expect(chunk.bytes?.[1]).toEqual(bytes);
    expect([...chunk.timestamps]).toEqual([5, 7 - 1 / 100, 7 - 1 / 100 + 1 / 100]);
  });

  test("300,000 samples in chunks of changing length arrive in order, none lost", async () => {
    const { outlet, inlet } = await pair("int32", 3, worker, {}, 10_000);
    const total = 300_000;
    let received = 0;
    let wrong = 0;
    const finished = new Promise<void>((resolve) => {
      inlet.onChunk((chunk) => {
        for (let n = 0; n < chunk.nSamples; n++, received++)
          if (chunk.data[3 * n + 2] !== received || chunk.timestamps[n] !== received + 1) wrong++;
        if (received >= total) resolve();
      });
    });
    for (let sent = 0; sent < total; ) {
      const length = Math.min(total - sent, 1 + ((sent * 7) % 997));
      const stamps = Float64Array.from({ length }, (_, n) => sent + n + 1);
      outlet.pushChunk(
        Int32Array.from({ length: 3 * length }, (_, k) => sent + Math.floor(k / 3)),
        stamps,
      );
      sent += length;
    }
    await finished;
    expect(wrong).toBe(0);
    expect(outlet.samplesDropped + inlet.samplesDropped).toBe(0);
  });

  test("a closed outlet is noticed: what was pushed before still arrives, then the inlet is lost", async () => {
    const { outlet, inlet } = await pair("int8", 1, worker);
    outlet.pushChunk([1, 2, 3], 4);
    await outlet.close();
    expect((await pull(inlet, 3)).data).toEqual(Int8Array.of(1, 2, 3));
    expect(await inlet.pullChunk({ timeoutSeconds: 10 })).toBeUndefined();
    expect(inlet.state).toBe("lost");
    expect(() => outlet.pushSample([1])).toThrow(LslStreamError);
  });
});

test("receivers are counted and waited for", async () => {
  const { outlet, inlet } = await pair("int8", 1, true);
  const counts: number[] = [];
  outlet.onConsumersChange((count) => counts.push(count));
  expect(outlet.haveConsumers()).toBe(true);
  expect(await outlet.waitForConsumers(0)).toBe(true);
  await inlet.close();
  await expect.poll(() => outlet.consumerCount, patient).toBe(0);
  expect(await outlet.waitForConsumers(0.05)).toBe(false);
  const again = outlet.waitForConsumers(10);
  open.push(await openInlet(outlet.info, { configuration }));
  expect(await again).toBe(true);
  await expect.poll(() => counts.at(-1), patient).toBe(1);
});

test("a stamp of 0 is now, -1 follows the last one", async () => {
  const { outlet, inlet } = await pair("int8", 1, true);
  const before = localClock();
  outlet.pushSample([1]);
  outlet.pushSample([2], 50);
  outlet.pushSample([3], -1);
  outlet.pushChunk([4, 5], Float64Array.of(0, 9));
  const { timestamps } = await pull(inlet, 5);
  expect(timestamps[0]).toBeGreaterThanOrEqual(before);
  expect(timestamps[0]).toBeLessThanOrEqual(localClock());
  expect(timestamps[2]).toBe(50 + 1 / 100);
  expect(timestamps[3]).toBeGreaterThanOrEqual(before);
  expect(timestamps[4]).toBe(9);
});

test("deduced stamps on the wire give the same bits as full ones", async () => {
  const got: number[][] = [];
  for (const sendEveryTimestamp of [true, false]) {
    const { outlet, inlet } = await pair("int8", 1, true, { sendEveryTimestamp }, 333);
    outlet.pushChunk(new Int8Array(50), 1234.5);
    got.push([...(await pull(inlet, 50)).timestamps]);
  }
  expect(got[0]).toEqual(got[1]);
});

test("with a chunk size samples leave in groups, unless pushed through", async () => {
  const { outlet, inlet } = await pair("int8", 1, true, { chunkSize: 4 });
  for (let k = 1; k <= 6; k++) outlet.pushSample([k]);
  expect((await pull(inlet, 4)).data).toEqual(Int8Array.of(1, 2, 3, 4));
  expect(await inlet.pullChunk({ timeoutSeconds: 0.2 })).toBeUndefined();
  outlet.pushSample([7], 0, true);
  expect((await pull(inlet, 3)).data).toEqual(Int8Array.of(5, 6, 7));
});

test("pulling takes what is there, at most what was asked for, and waits no longer than told", async () => {
  const { outlet, inlet } = await pair("int16", 1, true);
  expect(await inlet.pullChunk({ timeoutSeconds: 0 })).toBeUndefined();
  outlet.pushChunk(Int16Array.from({ length: 10 }, (_, k) => k));
  await expect.poll(async () => (await inlet.pullChunk({ maxSamples: 3 }))?.nSamples, patient).toBe(3);
  expect((await inlet.pullChunk())?.data).toEqual(Int16Array.of(3, 4, 5, 6, 7, 8, 9));
  expect((await inlet.pullChunk({ minSamples: 2, timeoutSeconds: 0.05 }))?.nSamples).toBeUndefined();
});

test("a first listener is given what was queued; after its removal pulling goes on", async () => {
  const { outlet, inlet } = await pair("int16", 1, true);
  outlet.pushSample([1]);
  await pull(inlet, 1);
  outlet.pushSample([2]);
  await expect.poll(async () => (await inlet.fullInfo()).name, patient).toBe("pair");
  const heard: number[] = [];
  const remove = inlet.onChunk((chunk) => heard.push(...(chunk.data as Int16Array)));
  outlet.pushSample([3]);
  await expect.poll(() => heard, patient).toEqual([2, 3]);
  remove();
  outlet.pushSample([4]);
  expect((await pull(inlet, 1)).data).toEqual(Int16Array.of(4));
});

test("the full info has channels and description", async () => {
  const outlet = await createOutlet(
    {
      name: "described",
      type: "EEG",
      channelCount: 2,
      nominalSamplingRate: 250,
      channelFormat: "float32",
      channels: [{ label: "Cz", unit: "microvolts" }, { label: "Pz" }],
      description: [{ name: "acquisition", children: [{ name: "model", value: "<A&B>" }] }],
    },
    { configuration },
  );
  open.push(outlet);
  const inlet = await openInlet({ predicate: "name='described'" }, { configuration });
  open.push(inlet);
  expect(inlet.info.channels).toEqual([]);
  const full = await inlet.fullInfo();
  expect(full.channels.map((channel) => channel.label)).toEqual(["Cz", "Pz"]);
  expect(full.description[1]?.children[0]).toEqual({ name: "model", value: "<A&B>", children: [] });
  expect(inlet.info).toBe(full);
  await inlet.close();
  await expect(inlet.fullInfo()).rejects.toThrow(LslConnectionError);
});

test("an inlet that nobody reads keeps the newest samples and counts the others", async () => {
  const { outlet, inlet: reader } = await pair("int32", 1, true);
  const inlet = await openInlet(outlet.info, { configuration, maxBufferSeconds: 1 });
  open.push(inlet);
  for (let part = 0; part < 5; part++) {
    outlet.pushChunk(Int32Array.from({ length: 100 }, (_, k) => 100 * part + k));
    await pull(reader, 100);
  }
  await expect.poll(() => inlet.samplesDropped, patient).toBe(400);
  const chunk = await pull(inlet, 100);
  expect(chunk.data).toEqual(Int32Array.from({ length: 100 }, (_, k) => 400 + k));
});

test("misuse is told in a sentence", async () => {
  const { outlet } = await pair("int8", 2, true);
  expect(() => outlet.pushSample([1])).toThrow('Stream "pair" takes 2 values a sample, got 1.');
  expect(() => outlet.pushChunk([1, 2, 3])).toThrow("got 3 values");
  expect(() => outlet.pushChunk([1, 2], Float64Array.of(1, 2))).toThrow("2 stamps");
  expect(() => outlet.pushSample(["a", "b"])).toThrow("takes numbers, got string");
  const texts = (await pair("string", 1, true)).outlet;
  expect(() => texts.pushSample([1])).toThrow("takes text or bytes, got number at index 0");
  const wide = (await pair("int64", 1, true)).outlet;
  expect(() => wide.pushSample([Number.NaN])).toThrow("takes finite numbers, got NaN");
  await expect(
    openInlet({ predicate: "name='nobody'", timeoutSeconds: 0.2 }, { configuration }),
  ).rejects.toThrow(LslTimeoutError);
  await expect(openInlet({ predicate: "name=" }, { configuration })).rejects.toThrow(LslStreamError);
});
