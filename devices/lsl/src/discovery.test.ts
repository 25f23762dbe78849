import { createSocket } from "node:dgram";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  continuousResolver,
  createOutlet,
  type LslConfiguration,
  LslStreamError,
  localClock,
  type Outlet,
  resolveStreams,
  type StreamsChange,
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

async function offer(name: string, over: LslConfiguration = configuration): Promise<Outlet> {
  const outlet = await createOutlet(
    { name, type: "Test", channelCount: 3, nominalSamplingRate: 100, channelFormat: "int16" },
    { configuration: over },
  );
  open.push(outlet);
  return outlet;
}

test("five outlets on one host are all found, each with ports and uid of its own", async () => {
  const outlets = await Promise.all(["a", "b", "c", "d", "e"].map((name) => offer(name)));
  const found = await resolveStreams({ configuration, minimum: 5, timeoutSeconds: 10 });
  expect(found.map((info) => info.name).sort()).toEqual(["a", "b", "c", "d", "e"]);
  expect(new Set(found.map((info) => info.uid)).size).toBe(5);
  for (const outlet of outlets) {
    const info = found.find(({ uid }) => uid === outlet.info.uid)!;
    expect(info.endpoints).toEqual(outlet.info.endpoints);
    expect(info.endpoints.v4?.dataPort).toBe(info.endpoints.v4?.servicePort);
    expect(info).toMatchObject({ channelCount: 3, channelFormat: "int16", version: 110, type: "Test" });
  }
});

test("a predicate chooses, and finding enough ends the search early", async () => {
  await Promise.all([offer("left"), offer("right")]);
  const start = localClock();
  const found = await resolveStreams({
    configuration,
    predicate: "starts-with(name,'ri') and channel_count=3",
    minimum: 1,
    timeoutSeconds: 30,
  });
  expect(found.map((info) => info.name)).toEqual(["right"]);
  expect(localClock() - start).toBeLessThan(20);
  expect(await resolveStreams({ configuration, predicate: "name='x'", timeoutSeconds: 0.3 })).toEqual([]);
  await expect(resolveStreams({ configuration, predicate: "((" })).rejects.toThrow(LslStreamError);
});

test("streams of another session are not found", async () => {
  await offer("elsewhere", { ...configuration, lab: { sessionId: "other" } });
  expect(await resolveStreams({ configuration, timeoutSeconds: 0.3 })).toEqual([]);
  const other = { ...configuration, lab: { sessionId: "other" } };
  expect(await resolveStreams({ configuration: other, minimum: 1, timeoutSeconds: 10 })).toHaveLength(1);
});

test("when the port range is full any port is taken, or none if that is not allowed", async () => {
  const narrow = { ...configuration, ports: { ...configuration.ports, portRange: 1 } };
  const first = await offer("first", narrow);
  const second = await offer("second", narrow);
  const base = configuration.ports?.basePort;
  expect(first.info.endpoints.v4?.dataPort).toBe(base);
  expect(second.info.endpoints.v4?.dataPort).not.toBe(base);
  const strict = { ...narrow, ports: { ...narrow.ports, allowRandomPorts: false } };
  await expect(offer("third", strict)).rejects.toThrow("found no free port");
});

test("a continuous resolver tells of streams that come and go", async () => {
  const resolver = continuousResolver({
    forgetAfterSeconds: 1,
    configuration: {
      ...configuration,
      tuning: { multicastMinRttSeconds: 0.1, continuousResolveIntervalSeconds: 0.1 },
    },
  });
  open.push(resolver);
  const changes: StreamsChange[] = [];
  resolver.changes((change) => changes.push(change));
  const outlet = await offer("visitor");
  await expect
    .poll(() => resolver.streams().map((info) => info.name), { timeout: 10_000 })
    .toEqual(["visitor"]);
  await outlet.close();
  await expect.poll(() => resolver.streams(), patient).toEqual([]);
  expect(changes.map(({ appeared, disappeared }) => [appeared.length, disappeared.length])).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test("a resolver passes over answers that are garbage, of another query or without end", async () => {
  await offer("honest");
  const liar = createSocket("udp4");
  const port = (configuration.ports?.basePort ?? 0) + 11;
  await new Promise<void>((resolve) => liar.bind(port, "127.0.0.1", resolve));
  let asked = 0;
  liar.on("message", (datagram) => {
    const [, , last = ""] = datagram.toString().split("\r\n");
    const [returnPort = "0", id = ""] = last.split(" ");
    asked++;
    for (const answer of [
      "",
      `${id}\r\n`,
      `${id}\r\n<info>`,
      "1\r\n<info/>",
      `${id}\r\n${"<a>".repeat(9000)}`,
    ])
      liar.send(answer, Number(returnPort), "127.0.0.1");
  });
  const found = await resolveStreams({ configuration, timeoutSeconds: 0.8 });
  await new Promise<void>((resolve) => liar.close(() => resolve()));
  expect(asked).toBeGreaterThan(0);
  expect(found.map((info) => info.name)).toEqual(["honest"]);
});

test("in loopback mode every socket is bound to 127.0.0.1", async () => {
  const outlet = await offer("near");
  const port = outlet.info.endpoints.v4!.servicePort;
  // Another loopback address is free on the same port only if ours did not bind every address.
  const other = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    other.once("error", reject);
    other.bind({ port, address: "127.0.0.2", exclusive: true }, resolve);
  });
  await new Promise<void>((resolve) => other.close(() => resolve()));
});
