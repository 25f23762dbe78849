import { Worker } from "node:worker_threads";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  createOutlet,
  type LslConfiguration,
  LslTimeoutError,
  localClock,
  openInlet,
  type TimeCorrection,
} from "./index.ts";
import { fakeSender } from "./testing/fake-sender.ts";
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

const declaration = {
  name: "clock",
  type: "Test",
  channelCount: 1,
  nominalSamplingRate: 100,
  channelFormat: "int16",
} as const;

test("the local clock is the same in every thread", async () => {
  const worker = new Worker(
    "const t = process.hrtime(); require('node:worker_threads').parentPort.postMessage(t[0] + t[1] / 1e9);",
    { eval: true },
  );
  const before = localClock();
  const there = await new Promise<number>((resolve) => worker.once("message", resolve));
  expect(there).toBeGreaterThanOrEqual(before - 1e-3);
  expect(there).toBeLessThanOrEqual(localClock());
});

test("a sender whose clock is 5000 s ahead is measured to the millisecond, again and again", async () => {
  const outlet = await createOutlet(declaration, { configuration, clockOffsetSeconds: 5000 });
  open.push(outlet);
  const tuning = { timeUpdateIntervalSeconds: 0.7 };
  const inlet = await openInlet(outlet.info, { configuration: { ...configuration, tuning } });
  open.push(inlet);
  const heard: TimeCorrection[] = [];
  inlet.onTimeCorrection((correction) => heard.push(correction));
  const correction = await inlet.timeCorrection();
  expect(Math.abs(correction.offset + 5000)).toBeLessThan(1e-3);
  expect(correction.uncertainty).toBeGreaterThan(0);
  expect(correction.remoteTime + correction.offset).toBeCloseTo(correction.measuredAt, 6);
  await expect.poll(() => heard.length, patient).toBeGreaterThanOrEqual(2);
  expect(await inlet.timeCorrection()).toEqual(heard.at(-1));
});

test("with clock correction the first samples wait for it and all stamps are local", async () => {
  const outlet = await createOutlet(declaration, { configuration, clockOffsetSeconds: 5000 });
  open.push(outlet);
  const postProcessing = { clockSync: true, monotonize: true };
  const inlet = await openInlet(outlet.info, { configuration, postProcessing });
  open.push(inlet);
  const before = localClock();
  outlet.pushSample([1]);
  outlet.pushSample([2]);
  const chunk = await inlet.pullChunk({ minSamples: 2, timeoutSeconds: 10 });
  expect([...(chunk?.data ?? [])]).toEqual([1, 2]);
  expect(chunk!.timestamps[0]).toBeGreaterThan(before - 1e-3);
  expect(chunk!.timestamps[1]).toBeLessThan(before + 0.5);
});

test("a sender without a time service is told of in a sentence", async () => {
  const sender = await fakeSender(declaration, () => {});
  open.push(sender);
  const outlet = await createOutlet(declaration, { configuration });
  open.push(outlet);
  const { v4 } = outlet.info.endpoints;
  const silent = {
    ...outlet.info,
    endpoints: { v4: { ...v4!, servicePort: sender.info.endpoints.v4!.dataPort } },
  };
  const inlet = await openInlet(silent, { configuration });
  open.push(inlet);
  await expect(inlet.timeCorrection(0.9)).rejects.toThrow(LslTimeoutError);
});
