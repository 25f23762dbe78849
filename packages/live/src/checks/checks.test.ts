import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eegStream, markerStream } from "../session/scripted-device.test-support.ts";
import { flow, pairSession, type Scripted, scripted } from "../session/scripted-session.test-support.ts";
import type { StreamPulse } from "../session/stream-watch.ts";
import { parseSession } from "../session-file/read-session.ts";
import type { Check } from "./check.ts";
import { bytesPerSecond, checkFolder, diskMinutes } from "./folder-checks.ts";
import { impedanceFile, lastMeasured, storeImpedances } from "./impedance-file.ts";
import { measureImpedances } from "./measure-impedances.ts";
import { preflight } from "./preflight.ts";
import { checkDoubleUse, checkStream } from "./stream-checks.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attune-checks-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const briefly = (checks: readonly Check[]): string[] =>
  checks.map(({ check, about, verdict }) => `${verdict} ${check} ${about}`);
const found = (checks: readonly Check[], kind: string): Check[] =>
  checks.filter(({ check }) => check === kind);

/** What was begun, when the boards have had their time for it; files take theirs. */
async function measured<T>({ time }: Scripted, work: Promise<T>): Promise<T> {
  await time.advance(6);
  return work;
}

/** A session whose caps have delivered for so long. */
async function checked(
  name: string,
  {
    text = pairSession(),
    seconds = 3,
    wallClock = () => new Date(),
  }: Partial<{
    text: string;
    seconds: number;
    wallClock: () => Date;
  }> = {},
): Promise<Check[]> {
  const it = scripted(text, { folder: join(root, name) });
  await it.session.connect();
  await flow(it, seconds);
  const checks = await preflight(it.session, { wallClock });
  await it.session.end();
  return checks;
}

describe("a session in which everything is right", () => {
  test("has a green line for each thing, and an amber one for a marker stream that is silent", async () => {
    const checks = await checked("good");
    expect(briefly(checks)).toEqual([
      "green device adult-cap",
      "green device infant-cap",
      "green samples adult-cap/eeg",
      "green rate adult-cap/eeg",
      "green loss adult-cap/eeg",
      "green clock adult-cap/eeg",
      "amber samples adult-cap/markers",
      "green samples infant-cap/eeg",
      "green rate infant-cap/eeg",
      "green loss infant-cap/eeg",
      "green clock infant-cap/eeg",
      "green people adult",
      "green people infant",
      "green analysis eeg",
      `green folder ${join(root, "good")}`,
      `green disk ${join(root, "good")}`,
      "green name dyad-001.xdf",
    ]);
    for (const { message } of checks) expect(message).not.toMatch(/NaN|undefined|\n/);
  });
});

describe("a stream", () => {
  const pulse = (change: Partial<StreamPulse> = {}): StreamPulse => ({
    streamId: "a",
    nSamples: 500,
    nLost: 0,
    measuredSamplingRate: 100,
    silentSeconds: 0.1,
    lostPercent: 0,
    recentLostPercent: 0,
    halfSamplingRates: [change.measuredSamplingRate ?? 100, change.measuredSamplingRate ?? 100],
    ...change,
  });
  const verdicts = (change: Partial<StreamPulse>, nOffsets = 3) =>
    briefly(checkStream(eegStream("a"), pulse(change), nOffsets));

  test("that was found and delivers nothing is red", () => {
    expect(briefly(checkStream(eegStream("a"), undefined, 3))).toEqual(["red samples a"]);
  });
  test("that has fallen silent is red", () => {
    expect(verdicts({ silentSeconds: 1.5 })).toEqual(["red samples a"]);
  });
  test.each([
    [100.99, "green"],
    [101.01, "red"],
    [99.01, "green"],
    [98.99, "red"],
    [Number.NaN, "amber"],
  ])("announced at 100 Hz and measured at %d Hz is %s", (measuredSamplingRate, verdict) => {
    expect(verdicts({ measuredSamplingRate })[1]).toBe(`${verdict} rate a`);
  });
  test("whose rate is off because of a gap, and right before or after it, is amber and not red", () => {
    expect(verdicts({ measuredSamplingRate: 92, halfSamplingRates: [84, 100.2] })[1]).toBe("amber rate a");
    expect(verdicts({ measuredSamplingRate: 98.5, halfSamplingRates: [96, 101.5] })[1]).toBe("amber rate a");
    expect(verdicts({ measuredSamplingRate: 96, halfSamplingRates: [95, 97] })[1]).toBe("red rate a");
  });
  test("that loses a little is amber, and much is red", () => {
    expect(verdicts({ nLost: 1, lostPercent: 0.2, recentLostPercent: 0.2 })[2]).toBe("amber loss a");
    expect(verdicts({ nLost: 50, lostPercent: 9, recentLostPercent: 9 })[2]).toBe("red loss a");
    // Lost minutes ago, and no more since.
    expect(verdicts({ nLost: 50, lostPercent: 9, recentLostPercent: 0 })[2]).toBe("amber loss a");
  });
  test("whose clock was never compared is red", () => {
    expect(verdicts({}, 0)[3]).toBe("red clock a");
  });
  test("of markers is amber until the first one, and then needs its clock too", () => {
    expect(briefly(checkStream(markerStream("m"), undefined, 0))).toEqual(["amber samples m"]);
    expect(briefly(checkStream(markerStream("m"), pulse(), 0))).toEqual(["green samples m", "red clock m"]);
  });

  test("that is used twice is found by its source, or by the number of its outlet", () => {
    const one = eegStream("a", { sourceId: "bs-1", name: "cap" });
    const other = eegStream("b", { sourceId: "bs-1", name: "cap" });
    expect(briefly(checkDoubleUse([one, other]))).toEqual(["red double use a, b"]);
    expect(checkDoubleUse([one, { ...other, name: "cap accelerometer" }])).toEqual([]);
    const nameless = (id: string, uid: string) => eegStream(id, { name: "cap", description: { uid } });
    expect(briefly(checkDoubleUse([nameless("a", "u1"), nameless("b", "u1")]))).toEqual([
      "red double use a, b",
    ]);
    expect(checkDoubleUse([nameless("a", "u1"), nameless("b", "u2")])).toEqual([]);
    expect(checkDoubleUse([eegStream("a"), eegStream("b")])).toEqual([]);
  });
});

describe("devices and people", () => {
  test("a device that is not there is red, and amber where it is optional, and so is its wearer", async () => {
    const needed = await checked("needed", { text: pairSession("", { adult: "refuses: off" }) });
    expect(found(needed, "device")[0]).toMatchObject({ verdict: "red", message: "off" });
    expect(found(needed, "people")).toMatchObject([{ verdict: "red", about: "streams" }]);

    const optional = await checked("optional", {
      text: pairSession("", { adult: "optional: true, refuses: off" }),
    });
    expect(found(optional, "device")[0]!.verdict).toBe("amber");
    expect(briefly(found(optional, "people"))).toEqual(["amber people adult", "green people infant"]);
    expect(found(optional, "analysis")[0]).toMatchObject({ verdict: "amber" });
  });

  test("a device that was there and has gone is red", async () => {
    const it = scripted(pairSession(), { folder: join(root, "gone") });
    await it.session.connect();
    it.device("infant-cap").outlets.machine.to("reconnecting", "unplugged");
    const checks = await preflight(it.session);
    expect(found(checks, "device")[1]).toMatchObject({ verdict: "red", about: "infant-cap" });
    await it.session.end();
  });

  test("a person who wears nothing is red", async () => {
    const text = pairSession().replace(/ {2}- \{ person: infant.*\n/, "");
    expect(briefly(found(await checked("naked", { text }), "people"))).toEqual([
      "green people adult",
      "red people infant",
    ]);
  });

  test("what the analysis would refuse is red before the session, in its own words", async () => {
    const text = pairSession("analysis: { settings: { reference: average } }");
    const [analysis] = found(await checked("average", { text }), "analysis");
    expect(analysis).toMatchObject({ verdict: "red", message: expect.stringMatching(/average reference/) });
  });

  test("one source under two names is red", async () => {
    const text = pairSession("", { adult: "sourceId: x1", infant: "sourceId: x1" });
    expect(briefly(found(await checked("double", { text }), "double use"))).toEqual([
      "red double use adult-cap/eeg, infant-cap/eeg",
    ]);
  });
});

describe("the recording folder", () => {
  const at = (folder: string, more = "") => ({
    path: "session.yaml",
    file: parseSession(pairSession(more), "session.yaml"),
    recordingFolder: folder,
  });

  test("the room is counted in minutes of these streams", () => {
    // 2000 bytes a second for states and clocks; 100 samples of 9 + 2 * 4 bytes.
    expect(bytesPerSecond([eegStream("a")])).toBe(3700);
    expect(bytesPerSecond([eegStream("a"), markerStream("m")])).toBe(3700);
    expect(diskMinutes(3700 * 60 * 90, [eegStream("a")])).toBe(90);
  });

  test("less room than asked for is red", async () => {
    const folder = join(root, "room");
    const wish = "recording: { minimumDiskMinutes: 1.0e+12 }";
    const checks = await checkFolder(at(folder, wish), [eegStream("a")]);
    expect(found(checks, "disk")[0]).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/room for/),
    });
  });

  test.each([["/proc/attune"], ["/dev/null/recordings"]])(
    "%s cannot be written to: red, and at once",
    async (folder) => {
      expect(briefly(await checkFolder(at(folder), []))).toEqual([`red folder ${folder}`]);
    },
  );

  test("the test file is gone afterwards, folders above are made", async () => {
    const folder = join(root, "a", "b", "c");
    await checkFolder(at(folder), []);
    await expect(readFile(folder)).rejects.toMatchObject({ code: "EISDIR" });
  });

  test("earlier runs are amber, and so is one that was interrupted", async () => {
    const folder = join(root, "runs");
    await checkFolder(at(folder), []);
    await writeFile(join(folder, "dyad-001.xdf"), "XDF:");
    await writeFile(join(folder, "dyad-001.xdf.journal"), "");
    const checks = await checkFolder(at(folder), []);
    expect(briefly(checks).slice(2)).toEqual([
      "amber name dyad-001_run-2.xdf",
      "amber interrupted dyad-001.xdf",
    ]);
  });

  test("no free name is red", async () => {
    const folder = join(root, "crowded");
    await checkFolder(at(folder), []);
    await writeFile(join(folder, "dyad-001.xdf"), "");
    await Promise.all(
      Array.from({ length: 998 }, (_, i) => writeFile(join(folder, `dyad-001_run-${i + 2}.xdf`), "")),
    );
    expect(found(await checkFolder(at(folder), []), "name")[0]).toMatchObject({ verdict: "red" });
  });
});

describe("impedances", () => {
  const able = (kilohms: string) =>
    pairSession("impedanceMaxAgeMinutes: 30", { adult: `kilohms: ${kilohms}` });
  const age = async (name: string, minutes: number) =>
    found(
      await checked(name, {
        text: able("[[5, 6]]"),
        seconds: 1,
        wallClock: () => new Date(Date.now() + 60_000 * minutes),
      }),
      "impedance",
    )[0];

  test("are measured channel by channel, switched off again, and kept with their time", async () => {
    const it = scripted(able("[[4.25, null], [null, 11]]"), { folder: join(root, "measured") });
    await it.session.connect();
    const time = new Date("2026-03-01T10:00:00Z");
    const { measurements, checks } = await measured(
      it,
      measureImpedances(it.session, { wallClock: () => time }),
    );
    expect(it.device("adult-cap").switched).toEqual([true, false]);
    expect(checks).toEqual([
      { check: "impedances", about: "adult-cap", verdict: "green", message: "C3 4.3 kOhm, C4 11.0 kOhm" },
    ]);
    expect(measurements).toEqual([
      {
        device: "adult-cap",
        streamId: "adult-cap/eeg",
        time: time.toISOString(),
        channels: [
          { label: "C3", kilohms: 4.25 },
          { label: "C4", kilohms: 11 },
        ],
      },
    ]);
    expect(await readFile(impedanceFile(join(root, "measured")), "utf8")).toBe(
      [
        "time\tsession\tdevice\tstream\tchannel\tkilohms",
        "2026-03-01T10:00:00.000Z\tdyad-001\tadult-cap\tadult-cap/eeg\tC3\t4.25",
        "2026-03-01T10:00:00.000Z\tdyad-001\tadult-cap\tadult-cap/eeg\tC4\t11.00",
        "",
      ].join("\n"),
    );
    await it.session.end();
    expect(it.time.nTimers).toBe(0);
  });

  test("a channel without a number is red when the time is over, and the current is off", async () => {
    const it = scripted(able("[[4, null]]"), { folder: join(root, "open") });
    await it.session.connect();
    const { checks } = await measured(it, measureImpedances(it.session, { timeoutSeconds: 5 }));
    expect(checks[0]).toMatchObject({ verdict: "red", message: expect.stringMatching(/attach C4/) });
    expect(it.device("adult-cap").switched).toEqual([true, false]);
    await it.session.end();
  });

  test("channels that are no electrodes are not waited for and not kept", async () => {
    const it = scripted(able("[[4, 5, null]]"), { folder: join(root, "motion") });
    const cap = it.device("adult-cap");
    cap.layout[0] = eegStream("adult-cap/eeg", {
      channels: [
        { label: "C3", unit: "microvolts" },
        { label: "C4", unit: "µV" },
        { label: "X", unit: "g" },
      ],
    });
    await it.session.connect();
    const { checks, measurements } = await measured(it, measureImpedances(it.session));
    expect(checks[0]).toMatchObject({ verdict: "green", message: "C3 4.0 kOhm, C4 5.0 kOhm" });
    expect(measurements[0]!.channels.map(({ label }) => label)).toEqual(["C3", "C4"]);
    await it.session.end();
  });

  test("whoever interrupts it leaves no current on, and no other device is asked", async () => {
    const text = pairSession("", { adult: "kilohms: []", infant: "kilohms: []" });
    const it = scripted(text, { folder: join(root, "interrupted") });
    await it.session.connect();
    const stop = new AbortController();
    const work = measureImpedances(it.session, { signal: stop.signal });
    await it.time.advance(1);
    stop.abort();
    await work;
    expect(it.device("adult-cap").switched).toEqual([true, false]);
    expect(it.device("infant-cap").switched).toEqual([]);
    await it.session.end();
    expect(it.time.nTimers).toBe(0);
  });

  test("a device that gives nothing is red; devices that cannot are not asked", async () => {
    const it = scripted(able("[]"), { folder: join(root, "mute") });
    await it.session.connect();
    const { checks, measurements } = await measured(it, measureImpedances(it.session, { timeoutSeconds: 5 }));
    expect(briefly(checks)).toEqual(["red impedances adult-cap"]);
    expect(measurements).toEqual([]);
    await it.session.end();
  });

  test("never measured is red; measured lately, in the session or before it, is green; long ago is red", async () => {
    expect(await age("age", 0)).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/never measured/),
    });
    const kept = (time: string) => [
      { device: "adult-cap", streamId: "s", time, channels: [{ label: "C3", kilohms: 5 }] },
    ];
    await storeImpedances(join(root, "age"), "another-dyad", kept(new Date().toISOString()));
    expect((await age("age", 0))!.verdict).toBe("red");
    await storeImpedances(join(root, "age"), "dyad-001", kept(new Date().toISOString()));
    expect(await age("age", 20)).toMatchObject({ verdict: "green", message: "measured 20 minutes ago" });
    expect(await age("age", 31)).toMatchObject({
      verdict: "red",
      message: expect.stringMatching(/30 allowed/),
    });
    expect(await age("age", -60)).toMatchObject({ verdict: "red", message: expect.stringMatching(/clock/) });
  });

  test("a measurement of this session counts by the session's clock", async () => {
    const it = scripted(able("[[5, 6]]"), { folder: join(root, "now") });
    await it.session.connect();
    await measured(it, measureImpedances(it.session, { wallClock: () => new Date(0) }));
    await it.time.advance(600);
    const checks = await preflight(it.session);
    expect(found(checks, "impedance")).toMatchObject([
      { verdict: "green", message: "measured 10 minutes ago" },
    ]);
    await it.session.end();
  });

  test("a file that was torn or written by hand is read as far as it goes", async () => {
    const folder = join(root, "torn");
    await storeImpedances(folder, "d", [
      {
        device: "cap",
        streamId: "s",
        time: "2026-03-01T10:00:00.000Z",
        channels: [{ label: "C\t3", kilohms: Number.NaN }],
      },
    ]);
    expect(await lastMeasured(folder, "d", "cap")).toBeUndefined();
    await writeFile(impedanceFile(folder), "nonsense\n2026-03-01T09:00:00Z\td\tcap\ts\tC3\t7\n2026-03-0");
    await storeImpedances(folder, "d", [
      {
        device: "cap",
        streamId: "s",
        time: "2026-03-01T11:00:00.000Z",
        channels: [{ label: "C3", kilohms: 1 }],
      },
    ]);
    expect(await lastMeasured(folder, "d", "cap")).toBe(Date.parse("2026-03-01T11:00:00.000Z"));
    expect(await lastMeasured(join(root, "nowhere"), "d", "cap")).toBeUndefined();
  });
});
