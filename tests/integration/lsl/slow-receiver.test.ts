import { createOutlet, openInlet, resolveStreams } from "@attune/lsl";
import { expect, test } from "vitest";
import { describeWithLiblsl } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

/** Wide samples: the buffers of the system hold few of them. 256 double64 are 2 kB. */
const CHANNELS = 256;
const RATE = 1000;
const CHUNK = 100;
const N_CHUNKS = 300;
const TOTAL = CHUNK * N_CHUNKS;

function chunkOf(first: number): Float64Array {
  return Float64Array.from({ length: CHUNK * CHANNELS }, (_, k) => first + Math.floor(k / CHANNELS));
}

const declaration = (name: string) => ({
  name,
  type: "EEG",
  channelCount: CHANNELS,
  nominalSamplingRate: RATE,
  channelFormat: "double64" as const,
  sourceId: name,
});

/** Lengths of the runs in which the count goes on by one. */
function runsOf(counted: readonly number[]): number[] {
  const runs: number[] = [];
  counted.forEach((value, n) => {
    if (n > 0 && value === counted[n - 1]! + 1) runs[runs.length - 1]!++;
    else runs.push(1);
  });
  return runs;
}

describeWithLiblsl("a receiver that does not keep up", () => {
  const net = loopback();

  test("our outlet drops its oldest samples; another receiver has every one", async () => {
    const configuration = net.configuration();
    const outlet = net.use(
      await createOutlet(declaration("our-outlet"), { configuration, maxBufferSeconds: 1 }),
    );
    const frozen = await net.peer();
    const frozenInlet = await frozen.openInlet({ predicate: "name='our-outlet'" });
    const [info] = await resolveStreams({
      predicate: "name='our-outlet'",
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration }));
    const counted: number[] = [];
    inlet.onChunk((chunk) => {
      for (let n = 0; n < chunk.nSamples; n++) counted.push(Number(chunk.data[n * CHANNELS]));
    });
    await expect.poll(() => outlet.consumerCount, { timeout: 5000 }).toBe(2);
    frozen.freeze();
    for (let k = 0; k < N_CHUNKS; k++) {
      outlet.pushChunk(chunkOf(k * CHUNK));
      // As fast as the one that keeps up.
      if (k % 5 === 4)
        await expect.poll(() => counted.length, { timeout: 10_000, interval: 1 }).toBe((k + 1) * CHUNK);
    }
    expect(runsOf(counted)).toEqual([TOTAL]);
    expect(inlet.samplesDropped).toBe(0);
    frozen.thaw();

    const late: number[] = [];
    while (late.at(-1) !== TOTAL - 1) {
      const { values, stamps } = await frozen.pull(frozenInlet, 1000, 0.5);
      if (stamps.length === 0) break;
      for (let n = 0; n < stamps.length; n++) late.push(Number(values[n * CHANNELS]));
    }
    // What the system's buffers held, one gap, then the last second: the queue of our outlet.
    const runs = runsOf(late);
    expect(runs).toHaveLength(2);
    expect(late.at(-1)).toBe(TOTAL - 1);
    expect(late.length).toBeLessThan(TOTAL);
    expect(runs[1]).toBeGreaterThanOrEqual(RATE);
    expect(late[0]).toBe(0);
  });

  test("our inlet that nobody reads drops its oldest samples and counts them; liblsl's has every one", async () => {
    const sender = await net.peer();
    const reader = await net.peer();
    const outlet = await sender.createOutlet(declaration("their-outlet"));
    const theirs = await reader.openInlet({ predicate: "name='their-outlet'" });
    const configuration = net.configuration();
    const [info] = await resolveStreams({
      predicate: "name='their-outlet'",
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration, maxBufferSeconds: 1 }));
    const attentive = net.use(await openInlet(info!, { configuration }));
    let nAttentive = 0;
    attentive.onChunk((chunk) => {
      nAttentive += chunk.nSamples;
    });
    // liblsl says only whether anybody is there: a first sample shows that all are.
    const first = { kind: "each", stamps: Float64Array.of(1) } as const;
    await expect.poll(() => sender.hasConsumers(outlet), { timeout: 5000 }).toBe(true);
    const until = performance.now() + 5000;
    for (let seen = false; !seen && performance.now() < until; ) {
      await sender.push(outlet, new Float64Array(CHANNELS).fill(-1), first);
      const chunk = await inlet.pullChunk({ timeoutSeconds: 0.5 });
      seen = chunk !== undefined && nAttentive > 0;
    }
    while ((await inlet.pullChunk({ timeoutSeconds: 0.2 })) !== undefined);
    const baseline = nAttentive;
    while ((await reader.pull(theirs, 1000, 0.2)).stamps.length > 0);
    expect(inlet.samplesDropped).toBe(0);

    const nSent = 5000;
    const counted: number[] = [];
    for (let n = 0; n < nSent; n += 500) {
      const { nSamples } = await sender.flood(outlet, 500 / CHUNK, CHUNK);
      expect(nSamples).toBe(500);
      const pulled = await reader.pull(theirs, 500, 5);
      for (let k = 0; k < pulled.stamps.length; k++) counted.push(Number(pulled.values[k * CHANNELS]));
    }
    expect(counted).toEqual(Array.from({ length: nSent }, (_, n) => n % CHUNK));
    await expect.poll(() => nAttentive - baseline, { timeout: 10_000 }).toBe(nSent);

    // The flood counts from 0 in every chunk, and the queue holds whole seconds: what is left is the end of it.
    let nLeft = 0;
    const left: number[] = [];
    for (;;) {
      const chunk = await inlet.pullChunk({ timeoutSeconds: 0.2 });
      if (chunk === undefined) break;
      nLeft += chunk.nSamples;
      for (let n = 0; n < chunk.nSamples; n++) left.push(Number(chunk.data[n * CHANNELS]));
    }
    expect(nLeft).toBe(RATE);
    expect(inlet.samplesDropped).toBe(nSent - RATE);
    expect(left).toEqual(Array.from({ length: RATE }, (_, n) => n % CHUNK));
    expect(attentive.samplesDropped).toBe(0);
  });
});
