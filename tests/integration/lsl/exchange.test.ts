import { createOutlet, type Outlet, openInlet, resolveStreams } from "@attune/lsl";
import { beforeAll, expect, test } from "vitest";
import { describeWithLiblsl, type Peer } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";
import {
  BATCHES,
  bitsOf,
  casesOf,
  cutAtNul,
  deducedStamps,
  type ExchangeCase,
  FORMATS,
  LAST_STAMP,
  RATE,
  SAMPLES,
  stampsOf,
  valuesOf,
} from "./matrix.ts";

const nameOf = ({ format, stamping, channelCount }: ExchangeCase, from: string) =>
  `${from}-${format}-${stamping}-${channelCount}`;

const declarationOf = (one: ExchangeCase, from: string) => ({
  name: nameOf(one, from),
  type: "Test",
  channelCount: one.channelCount,
  nominalSamplingRate: one.stamping === "irregular" ? 0 : RATE,
  channelFormat: one.format,
  sourceId: nameOf(one, from),
});

const expectedStamps = (one: ExchangeCase) => (one.stamping === "deduced" ? deducedStamps() : stampsOf(one));

describeWithLiblsl("every value and every stamp crosses between liblsl and us", () => {
  const net = loopback();
  let peer: Peer;
  let cutsAtNul = false;
  beforeAll(async () => {
    peer = await net.peer();
    cutsAtNul = (await peer.version()).library < 115;
  });

  test.each(FORMATS)("from liblsl to us: %s", async (format) => {
    const cases = casesOf(format);
    const outlets = new Map<ExchangeCase, number>();
    for (const one of cases) outlets.set(one, await peer.createOutlet(declarationOf(one, "theirs")));
    const infos = await resolveStreams({
      predicate: `starts-with(name,'theirs-${format}-')`,
      minimum: cases.length,
      timeoutSeconds: 10,
      configuration: net.configuration(),
    });
    for (const one of cases) {
      const what = nameOf(one, "theirs");
      const info = infos.find(({ name }) => name === what);
      expect(info, what).toBeDefined();
      const inlet = await openInlet(info!, { configuration: net.configuration() });
      try {
        const outlet = outlets.get(one)!;
        await expect.poll(() => peer.hasConsumers(outlet), { timeout: 5000 }).toBe(true);
        const values = valuesOf(one);
        if (one.stamping === "deduced") await peer.push(outlet, values, { kind: "last", stamp: LAST_STAMP });
        else if (one.stamping === "each")
          await peer.push(outlet, values, { kind: "each", stamps: stampsOf(one) });
        else await peer.push(outlet, values, { kind: "single", stamps: stampsOf(one) });
        const chunk = await inlet.pullChunk({ minSamples: SAMPLES, maxSamples: SAMPLES, timeoutSeconds: 5 });
        expect(chunk?.nSamples, what).toBe(SAMPLES);
        expect(bitsOf(chunk!.bytes ?? (chunk!.data as Float64Array)), what).toBe(bitsOf(values));
        expect(bitsOf(chunk!.timestamps), what).toBe(bitsOf(expectedStamps(one)));
      } finally {
        await inlet.close();
        await peer.destroyOutlet(outlets.get(one)!);
      }
    }
  });

  test.each(BATCHES.map((formats) => [formats]))("from us to liblsl: %s", async (formats) => {
    const outlets = new Map<string, { one: ExchangeCase; outlet: Outlet }>();
    for (const one of formats.flatMap(casesOf))
      for (const sendsEvery of one.stamping === "deduced" ? [true, false] : [true]) {
        const declaration = declarationOf(one, sendsEvery ? "ours" : "ours-sparing");
        const outlet = await createOutlet(declaration, {
          configuration: net.configuration(),
          sendEveryTimestamp: sendsEvery,
        });
        outlets.set(declaration.name, { one, outlet });
      }
    // A process of its own: to close an inlet takes liblsl half a second, to end takes it nothing.
    const receiver = await net.peer();
    try {
      const inlets = await receiver.openInlets({
        predicate: "starts-with(name,'ours')",
        minimum: outlets.size,
      });
      for (const [what, { one, outlet }] of outlets) {
        expect(await outlet.waitForConsumers(5), what).toBe(true);
        const values = valuesOf(one);
        push(outlet, one, values);
        const pulled = await receiver.pull(inlets[what]!, SAMPLES, 5);
        expect(pulled.stamps.length, what).toBe(SAMPLES);
        const isCut = cutsAtNul && Array.isArray(values);
        const got = isCut ? (pulled.values as Uint8Array[]).map(cutAtNul) : pulled.values;
        expect(bitsOf(got as Uint8Array[]), what).toBe(bitsOf(isCut ? values.map(cutAtNul) : values));
        expect(bitsOf(pulled.stamps), what).toBe(bitsOf(expectedStamps(one)));
      }
    } finally {
      await receiver.kill();
      for (const { outlet } of outlets.values()) await outlet.close();
    }
  });

  function push(outlet: Outlet, one: ExchangeCase, values: ReturnType<typeof valuesOf>): void {
    const stamps = stampsOf(one);
    if (one.stamping === "deduced") outlet.pushChunk(values, LAST_STAMP);
    else if (one.stamping === "each") outlet.pushChunk(values, stamps);
    else
      for (let n = 0; n < SAMPLES; n++)
        outlet.pushSample(values.slice(n * one.channelCount, (n + 1) * one.channelCount), stamps[n]);
  }
});
