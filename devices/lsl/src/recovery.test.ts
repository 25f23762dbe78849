import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createOutlet, type Inlet, type InletState, type LslConfiguration, openInlet } from "./index.ts";
import { privateNetwork } from "./testing/private-network.ts";

/** Waits on conditions: a loaded machine may take its time. */
const patient = { timeout: 30_000, interval: 5 };
let configuration: LslConfiguration;
const open: { close(): Promise<void> }[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  configuration = await privateNetwork({ tuning: { recoveryRetrySeconds: 0.1 } });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function startCounter(first: number, sourceId: string): Promise<ChildProcess> {
  const child = fork(
    join(import.meta.dirname, "testing", "counting-outlet.ts"),
    [JSON.stringify({ configuration, first, sourceId })],
    { execArgv: ["--import", import.meta.resolve("tsx")] },
  );
  children.push(child);
  await new Promise((resolve) => child.once("message", resolve));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

async function openCounter(counts: number[], states: InletState[]): Promise<Inlet> {
  const inlet = await openInlet({ predicate: "name='counter'", timeoutSeconds: 20 }, { configuration });
  open.push(inlet);
  inlet.onStateChange((state) => states.push(state));
  inlet.onChunk((chunk) => {
    expect(chunk.timestamps).toEqual(chunk.data);
    counts.push(...(chunk.data as Float64Array));
  });
  return inlet;
}

test("an outlet that is killed and comes back with its source id leaves one gap and is exact again", async () => {
  const first = await startCounter(1, "device-7");
  const counts: number[] = [];
  const states: InletState[] = [];
  const inlet = await openCounter(counts, states);
  const { uid } = inlet.info;
  await expect.poll(() => counts.length, patient).toBeGreaterThan(100);
  expect(inlet.wasClockReset()).toBe(false);
  await end(first);
  await expect.poll(() => inlet.state, patient).toBe("recovering");
  await startCounter(1_000_000, "device-7");
  await expect.poll(() => counts.at(-1), patient).toBeGreaterThan(1_000_100);

  const jumps = counts.filter((count, k) => k > 0 && count !== counts[k - 1]! + 1);
  expect(jumps).toHaveLength(1);
  expect(jumps[0]).toBeGreaterThanOrEqual(1_000_000);
  expect(states).toEqual(["recovering", "connected"]);
  expect(inlet.info.uid).not.toBe(uid);
  expect(inlet.wasClockReset()).toBe(true);
  expect(inlet.wasClockReset()).toBe(false);
}, 60_000);

test("without a source id the stream is lost for good", async () => {
  const child = await startCounter(1, "");
  const states: InletState[] = [];
  const inlet = await openCounter([], states);
  await end(child);
  await expect.poll(() => inlet.state, patient).toBe("lost");
  expect(states).toEqual(["lost"]);
});

test("a marker stream that is silent for many watchdog periods stays connected", async () => {
  const tuning = { watchdogCheckIntervalSeconds: 0.2, watchdogTimeThresholdSeconds: 0.1 };
  const declaration = {
    name: "markers",
    type: "Markers",
    channelCount: 1,
    nominalSamplingRate: 0,
    channelFormat: "string",
    sourceId: "markers-1",
  } as const;
  const outlet = await createOutlet(declaration, { configuration });
  open.push(outlet);
  const inlet = await openInlet(outlet.info, { configuration: { ...configuration, tuning } });
  open.push(inlet);
  const states: InletState[] = [];
  inlet.onStateChange((state) => states.push(state));
  expect(await inlet.pullChunk({ timeoutSeconds: 3 })).toBeUndefined();
  outlet.pushSample(["start"]);
  expect((await inlet.pullChunk({ timeoutSeconds: 5 }))?.data).toEqual(["start"]);
  expect(states).toEqual([]);
});

test("closing an inlet while it looks for its stream ends the search", async () => {
  const child = await startCounter(1, "device-8");
  const inlet = await openCounter([], []);
  await end(child);
  await expect.poll(() => inlet.state, patient).toBe("recovering");
  await inlet.close();
  expect(await inlet.pullChunk({ timeoutSeconds: 5 })).toBeUndefined();
});
