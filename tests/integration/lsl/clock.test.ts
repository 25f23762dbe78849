import { createOutlet, localClock, openInlet, resolveStreams } from "@attune/lsl";
import { expect, test } from "vitest";
import { canShiftClock, describeWithLiblsl, type Peer } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

const MILLISECOND = 0.001;

const declaration = (name: string) => ({
  name,
  type: "EEG",
  channelCount: 1,
  nominalSamplingRate: 100,
  channelFormat: "float32" as const,
  sourceId: name,
});

describeWithLiblsl("clock offsets", () => {
  const net = loopback();

  /** What we measure of the clock of a liblsl process. */
  async function measure(peer: Peer, name: string) {
    await peer.createOutlet(declaration(name));
    const configuration = net.configuration();
    const [info] = await resolveStreams({
      predicate: `name='${name}'`,
      minimum: 1,
      timeoutSeconds: 10,
      configuration,
    });
    const inlet = net.use(await openInlet(info!, { configuration }));
    return inlet.timeCorrection(5);
  }

  /** What liblsl measures of the clock of an outlet of ours. */
  async function measureUs(peer: Peer, name: string, clockOffsetSeconds: number) {
    net.use(
      await createOutlet(declaration(name), { configuration: net.configuration(), clockOffsetSeconds }),
    );
    return peer.timeCorrection(await peer.openInlet({ predicate: `name='${name}'` }), 5);
  }

  test.concurrent("a liblsl process on this machine has our clock", async ({ expect }) => {
    const correction = await measure(await net.peer(), "same-host");
    expect(Math.abs(correction.offset)).toBeLessThan(MILLISECOND);
    expect(correction.uncertainty).toBeGreaterThan(0);
    expect(Math.abs(correction.remoteTime - correction.measuredAt)).toBeLessThan(0.1);
    expect(Math.abs(correction.measuredAt - localClock())).toBeLessThan(2);
  });

  test.skipIf(!canShiftClock)("a liblsl process whose clock is 5000 s ahead is found out", async () => {
    const correction = await measure(await net.peer({ clockAheadSeconds: 5000 }), "ahead");
    expect(Math.abs(correction.offset + 5000)).toBeLessThan(MILLISECOND);
    expect(Math.abs(correction.remoteTime + correction.offset - correction.measuredAt)).toBeLessThan(0.1);
  });

  test.concurrent.each([0, 5000, -1234.5678])("liblsl finds our clock %d s ahead", async (ahead) => {
    const offset = await measureUs(await net.peer(), `ours-${ahead}`, ahead);
    expect(Math.abs(offset + ahead)).toBeLessThan(MILLISECOND);
  });

  test.concurrent("a sample stamped by itself carries the clock that the time service tells", async ({
    expect,
  }) => {
    const peer = await net.peer();
    const outlet = net.use(
      await createOutlet(declaration("stamped"), {
        configuration: net.configuration(),
        clockOffsetSeconds: 5000,
      }),
    );
    const inlet = await peer.openInlet({ predicate: "name='stamped'" });
    expect(await outlet.waitForConsumers(5)).toBe(true);
    const before = localClock();
    outlet.pushSample([1]);
    const after = localClock();
    const { stamps } = await peer.pull(inlet, 1, 5);
    expect(stamps[0]).toBeGreaterThanOrEqual(before + 5000);
    expect(stamps[0]).toBeLessThanOrEqual(after + 5000);
  });
});
