import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type InletState, openInlet, resolveStreams } from "@attune/lsl";
import { afterAll, test } from "vitest";
import { describeWithLiblsl, type Peer } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

/** Where a count does not go on by one. */
function jumps(counted: readonly number[]): { after: number; to: number }[] {
  return counted.flatMap((value, n) =>
    n > 0 && value !== counted[n - 1]! + 1 ? [{ after: counted[n - 1]!, to: value }] : [],
  );
}

describeWithLiblsl("a sender that dies and comes back with its source id", () => {
  const net = loopback();
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
  });

  async function flowOf(peer: Peer, name: string, firstSample: number): Promise<void> {
    const outlet = await peer.createOutlet({
      name,
      type: "EEG",
      channelCount: 2,
      nominalSamplingRate: 250,
      channelFormat: "double64",
      sourceId: name,
    });
    await peer.startFlow({ outlet, chunkSamples: 5, intervalSeconds: 0.02, firstSample });
  }

  async function ourOutlet(name: string, firstSample: number): Promise<ChildProcess> {
    const given = JSON.stringify({ name, firstSample, configuration: net.configuration() });
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const child = fork(join(import.meta.dirname, "our-outlet-process.ts"), [given], {
      execArgv: ["--import", tsx],
    });
    children.push(child);
    await once(child, "message");
    return child;
  }

  test.concurrent("liblsl dies: our inlet has one gap and then every sample again", async ({ expect }) => {
    const first = await net.peer();
    await flowOf(first, "theirs", 0);
    const configuration = net.configuration({ recoveryRetrySeconds: 0.2 });
    const [info] = await resolveStreams({
      predicate: "name='theirs'",
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration }));
    const states: InletState[] = [];
    inlet.onStateChange((state) => states.push(state));
    const counted: number[] = [];
    inlet.onChunk((chunk) => {
      for (let n = 0; n < chunk.nSamples; n++) counted.push(Number(chunk.data[2 * n]));
    });
    await expect.poll(() => counted.length, { timeout: 5000 }).toBeGreaterThan(50);
    await first.kill();
    await expect.poll(() => states, { timeout: 5000 }).toEqual(["recovering"]);
    expect(inlet.state).toBe("recovering");
    await flowOf(await net.peer(), "theirs", 1_000_000);
    await expect.poll(() => counted.at(-1), { timeout: 15_000 }).toBeGreaterThan(1_000_100);

    expect(states).toEqual(["recovering", "connected"]);
    expect(inlet.info.uid).not.toBe(info!.uid);
    expect(inlet.wasClockReset()).toBe(true);
    expect(inlet.samplesDropped).toBe(0);
    const [jump, ...others] = jumps(counted);
    expect(others).toEqual([]);
    expect(jump!.to).toBeGreaterThanOrEqual(1_000_000);
  });

  test.concurrent("we die: liblsl's inlet has one gap and then every sample again", async ({ expect }) => {
    const first = await ourOutlet("ours", 0);
    const peer = await net.peer();
    const inlet = await peer.openInlet({ predicate: "name='ours'" });
    const counted: number[] = [];
    const take = async (seconds: number) => {
      const { values } = await peer.pull(inlet, 100_000, seconds);
      for (let n = 0; n < values.length; n += 2) counted.push(Number(values[n]));
    };
    while (counted.length < 50) await take(0.1);
    first.kill("SIGKILL");
    await once(first, "exit");
    await ourOutlet("ours", 1_000_000);
    const until = performance.now() + 20_000;
    while (!(counted.at(-1)! > 1_000_100) && performance.now() < until) await take(0.1);

    const [jump, ...others] = jumps(counted);
    expect(others).toEqual([]);
    expect(jump!.to).toBeGreaterThanOrEqual(1_000_000);
    expect(counted.at(-1)).toBeGreaterThan(1_000_100);
  });

  test.concurrent("liblsl freezes for longer than the watchdog's patience: nothing is lost and nothing is twice", async ({
    expect,
  }) => {
    const peer = await net.peer();
    await flowOf(peer, "frozen", 0);
    const configuration = net.configuration({
      watchdogCheckIntervalSeconds: 0.5,
      watchdogTimeThresholdSeconds: 0.5,
    });
    const [info] = await resolveStreams({
      predicate: "name='frozen'",
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration }));
    const counted: number[] = [];
    inlet.onChunk((chunk) => {
      for (let n = 0; n < chunk.nSamples; n++) counted.push(Number(chunk.data[2 * n]));
    });
    await expect.poll(() => counted.length, { timeout: 5000 }).toBeGreaterThan(50);
    peer.freeze();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const before = counted.length;
    peer.thaw();
    await expect.poll(() => counted.length, { timeout: 10_000 }).toBeGreaterThan(before + 50);
    expect(jumps(counted)).toEqual([]);
  });
});
