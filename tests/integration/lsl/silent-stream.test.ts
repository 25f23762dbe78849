import { createOutlet, openInlet, resolveStreams } from "@attune/lsl";
import { test } from "vitest";
import { describeWithLiblsl } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

/** Two to three checks of a watchdog that was made impatient. */
const SILENCE_SECONDS = 3;
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const declaration = (name: string) => ({
  name,
  type: "Markers",
  channelCount: 1,
  nominalSamplingRate: 0,
  channelFormat: "string" as const,
  sourceId: name,
});

describeWithLiblsl("a marker stream that is silent for longer than the watchdog waits", () => {
  const net = loopback();

  test.concurrent("liblsl's inlet stays with our outlet, which goes on answering", async ({ expect }) => {
    const outlet = net.use(await createOutlet(declaration("ours"), { configuration: net.configuration() }));
    const peer = await net.peer({
      configuration: { tuning: { WatchdogCheckInterval: 1, WatchdogTimeThreshold: 1 } },
    });
    const inlet = await peer.openInlet({ predicate: "name='ours'" });
    expect(await outlet.waitForConsumers(5)).toBe(true);
    const changes: number[] = [];
    outlet.onConsumersChange((count) => changes.push(count));
    await sleep(SILENCE_SECONDS);
    expect(changes).toEqual([]);
    outlet.pushSample(["at last"], 17.25);
    const { values, stamps } = await peer.pull(inlet, 1, 2);
    expect(Buffer.from(values[0] as Uint8Array).toString()).toBe("at last");
    expect(stamps[0]).toBe(17.25);
  });

  test.concurrent("our inlet stays with liblsl's outlet", async ({ expect }) => {
    const peer = await net.peer();
    const outlet = await peer.createOutlet(declaration("theirs"));
    const configuration = net.configuration({
      watchdogCheckIntervalSeconds: 1,
      watchdogTimeThresholdSeconds: 1,
    });
    const [info] = await resolveStreams({
      predicate: "name='theirs'",
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration }));
    const states: string[] = [];
    inlet.onStateChange((state) => states.push(state));
    await expect.poll(() => peer.hasConsumers(outlet), { timeout: 5000 }).toBe(true);
    await sleep(SILENCE_SECONDS);
    expect(states).toEqual([]);
    await peer.push(outlet, ["at last"], { kind: "each", stamps: Float64Array.of(17.25) });
    const chunk = await inlet.pullChunk({ timeoutSeconds: 2 });
    expect(chunk?.data).toEqual(["at last"]);
    expect(chunk?.timestamps).toEqual(Float64Array.of(17.25));
    expect(inlet.info.uid).toBe(info!.uid);
  });
});
