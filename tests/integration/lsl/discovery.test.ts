import { continuousResolver, createOutlet, openInlet, resolveStreams } from "@attune/lsl";
import { beforeAll, describe, expect, test } from "vitest";
import { describeWithLiblsl, type Peer } from "../../support/liblsl/index.ts";
import { loopback } from "./loopback.ts";

const CHANNELS = [
  { label: "C3", unit: "microvolts", type: "EEG" },
  { label: 'C4 <left & "right">', unit: "microvolts", type: "EEG" },
  { label: "Größe 眼", unit: "µV", type: "ECG" },
];

const declaration = (name: string) => ({
  name,
  type: "EEG",
  channelCount: 3,
  nominalSamplingRate: 100,
  channelFormat: "float32" as const,
  sourceId: `source of ${name}`,
  channels: CHANNELS,
});

describeWithLiblsl("discovery", () => {
  describe("five outlets of one machine, three of liblsl and two of ours", () => {
    const net = loopback();
    const names = ["probe-1", "probe-2", "probe-3", "probe-4", "probe-5"];
    let asking: Peer;
    beforeAll(async () => {
      for (const name of names.slice(0, 3)) await (await net.peer()).createOutlet(declaration(name));
      for (const name of names.slice(3))
        net.use(await createOutlet(declaration(name), { configuration: net.configuration() }));
      asking = await net.peer();
    });

    test("we find all of them", async () => {
      const found = await resolveStreams({
        minimum: 5,
        timeoutSeconds: 10,
        configuration: net.configuration(),
      });
      expect(found.map(({ name }) => name).sort()).toEqual(names);
      expect(new Set(found.map(({ uid }) => uid)).size).toBe(5);
      for (const { endpoints } of found) expect(endpoints.v4?.address).toBe("127.0.0.1");
    });

    test("liblsl finds all of them", async () => {
      const found = await asking.resolve("starts-with(name,'probe')", 5, 10);
      expect(found.map(({ name }) => name).sort()).toEqual(names);
    });

    test("what liblsl says of itself is what we read, and the other way round", async () => {
      const theirs = await resolveStreams({
        predicate: "name='probe-1'",
        minimum: 1,
        timeoutSeconds: 10,
        configuration: net.configuration(),
      });
      const inlet = net.use(await openInlet(theirs[0]!, { configuration: net.configuration() }));
      const full = await inlet.fullInfo();
      expect(full.channels).toEqual(CHANNELS);
      expect(full).toMatchObject({
        name: "probe-1",
        type: "EEG",
        channelCount: 3,
        nominalSamplingRate: 100,
        channelFormat: "float32",
        sourceId: "source of probe-1",
        version: 110,
      });

      const ours = await asking.fullInfo(await asking.openInlet({ predicate: "name='probe-4'" }));
      expect(ours).toMatchObject({
        name: "probe-4",
        type: "EEG",
        channelCount: 3,
        nominalSamplingRate: 100,
        sourceId: "source of probe-4",
      });
      expect(ours.createdAt).toBeGreaterThan(0);
      expect(ours.hostname).toBe(full.hostname);
      // liblsl hands back what its XML library made of ours.
      for (const text of ["<label>C3</label>", "Größe 眼", "C4 &lt;left &amp;", "<unit>µV</unit>"])
        expect(ours.xml).toContain(text);
    });
  });

  describe("predicates", () => {
    const net = loopback();
    let peer: Peer;
    beforeAll(async () => {
      peer = await net.peer();
      await peer.createOutlet({ ...declaration("predicate-theirs"), nominalSamplingRate: 100 });
      net.use(await createOutlet(declaration("predicate-ours"), { configuration: net.configuration() }));
    });

    const matching = [
      "starts-with(name,'pr')",
      'type="EEG"',
      "starts-with(name,'pr') and channel_count>2",
      "count(//channel)=3",
      "not(name='x')",
      "contains(name,'predicate') or 1=0",
      "string-length(name)>3",
      "//type='EEG'",
      "/info/type='EEG'",
      "nominal_srate=100",
      "desc",
      "*",
      "desc/channels/channel[2]/type='EEG'",
    ];
    const other = ["info/type='EEG'", "name='x'", "channel_count<3", "name='predicate-ours' and 1=0"];

    test.each(matching)("both answer to us: %s", async (predicate) => {
      const configuration = net.configuration();
      expect(await resolveStreams({ predicate, minimum: 2, timeoutSeconds: 10, configuration })).toHaveLength(
        2,
      );
    });

    // Together, for a search takes liblsl more than a second.
    test("our outlet answers liblsl to all of them, and to nothing that is not so", async () => {
      const all = matching.map((predicate) => `(${predicate})`).join(" and ");
      expect(await peer.resolve(`name='predicate-ours' and ${all}`, 1, 10)).toHaveLength(1);
      const any = other.map((predicate) => `(${predicate})`).join(" or ");
      expect(await peer.resolve(any, 1, 1.5)).toEqual([]);
    });

    test("none answers to us to what is not so", async () => {
      const configuration = net.configuration();
      const answers = await Promise.all(
        other.map((predicate) => resolveStreams({ predicate, timeoutSeconds: 1, configuration })),
      );
      expect(answers).toEqual(other.map(() => []));
    });
  });

  const net = loopback();
  test("a continuous resolver sees a liblsl outlet come and go", async () => {
    const configuration = net.configuration();
    const resolver = net.use(continuousResolver({ forgetAfterSeconds: 1.5, configuration }));
    const peer = await net.peer();
    await peer.createOutlet(declaration("passing"));
    await expect
      .poll(() => resolver.streams().map(({ name }) => name), { timeout: 10_000 })
      .toEqual(["passing"]);
    await peer.kill();
    await expect.poll(() => resolver.streams(), { timeout: 10_000 }).toEqual([]);
  });
});
