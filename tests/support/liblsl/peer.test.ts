import { afterAll, beforeAll, expect, test } from "vitest";
import {
  canShiftClock,
  describeWithLiblsl,
  type Peer,
  type PortRange,
  reservePorts,
  startPeer,
} from "./index.ts";

describeWithLiblsl("the real liblsl as a peer", () => {
  let ports: PortRange;
  const peers: Peer[] = [];
  const peer = async (options: { clockAheadSeconds?: number } = {}) => {
    const started = await startPeer({ ports, ...options });
    peers.push(started);
    return started;
  };
  beforeAll(async () => {
    ports = await reservePorts();
  });
  afterAll(async () => {
    await Promise.all(peers.map((one) => one.kill()));
    await ports.release();
  });

  test("speaks protocol 1.10", async () => {
    const one = await peer();
    expect(await one.version()).toMatchObject({ protocol: 110 });
  });

  test("two of them exchange samples, to the bit", async () => {
    const [a, b] = await Promise.all([peer(), peer()]);
    const outlet = await a.createOutlet({
      name: "peer",
      type: "EEG",
      channelCount: 2,
      nominalSamplingRate: 100,
      channelFormat: "int64",
      sourceId: "peer-1",
      channels: [
        { label: "C3", unit: "microvolts", type: "EEG" },
        { label: "C4", unit: "microvolts", type: "EEG" },
      ],
    });
    const inlet = await b.openInlet({ predicate: "name='peer'" });
    expect((await b.fullInfo(inlet)).xml).toContain("<label>C4</label>");
    await expect.poll(() => a.hasConsumers(outlet)).toBe(true);
    const values = BigInt64Array.of(1n, -(2n ** 63n), 2n ** 63n - 1n, 4n);
    await a.push(outlet, values, { kind: "each", stamps: Float64Array.of(3.25, 0.1) });
    expect(await b.pull(inlet, 2, 5)).toEqual({ values, stamps: Float64Array.of(3.25, 0.1) });
  });

  test.skipIf(!canShiftClock)("a peer's clock can be set ahead", async () => {
    const [here, ahead] = await Promise.all([peer(), peer({ clockAheadSeconds: 5000 })]);
    const difference = (await ahead.clock()) - (await here.clock());
    expect(Math.abs(difference - 5000)).toBeLessThan(1);
  });
});
