import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flow, pairSession, type Scripted, scripted } from "./scripted-session.test-support.ts";

describe("the event log of a session that has no page", () => {
  let folder: string;
  let bench: Scripted;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "attune-log-"));
  });
  afterEach(async () => {
    await bench.session.end();
    await rm(folder, { recursive: true, force: true });
  });
  const table = (): Promise<string> => readFile(join(folder, "dyad-001.log.tsv"), "utf8");

  test("stands beside the recording: what was told before it began, alarms, markers and notes", async () => {
    bench = scripted(pairSession(), { folder });
    const { session, time } = bench;
    session.say("info", "lab", "told before it began");
    await session.connect();
    await flow(bench, 3);
    await session.begin();
    await flow(bench, 2);
    session.note("baby\tasleep\nnow");
    bench.device("adult-cap").offset("adult-cap/markers", 1000);
    bench.device("adult-cap").marker("tone", 1);
    // Both caps say nothing: a warning after one second, an alarm after three.
    await time.advance(4);
    await flow(bench, 1);
    bench.device("infant-cap").samples("infant-cap/eeg", 10, { firstSample: 5000 });
    await time.advance(0.5);
    await session.end("the infant is tired");
    const text = await table();
    const lines = text.trimEnd().split("\n");
    expect(lines[0]).toBe("onset\tlevel\tsource\tmessage\trecording_time\tspell\tspell_over");
    expect(lines.every((line) => line.split("\t").length === 7)).toBe(true);
    expect(text).toMatch(/\tinfo\tlab\ttold before it began\t-3\.000\tn\/a\tn\/a\n/);
    expect(text).toMatch(/\tinfo\tsession\tnote baby asleep now\t2\.000\tn\/a\tn\/a\n/);
    expect(text).toMatch(/\tinfo\tadult-cap\/markers markers\ttone\t/);
    for (const cap of ["adult-cap/eeg", "infant-cap/eeg"]) {
      expect(text).toMatch(new RegExp(`\\twarning\\t${cap}\\tno samples for 1\\.\\d s\\t`));
      expect(text).toMatch(new RegExp(`\\talarm\\t${cap}\\tno samples for 3\\.\\d s: check`));
      expect(text).toMatch(
        new RegExp(`\\tinfo\\t${cap}\\twas silent for [34]\\.\\d s: samples are flowing again\\t`),
      );
    }
    expect(text).toMatch(/\talarm\tinfant-cap\/eeg\t\d\d\.\d % of its samples were lost in the last 10 s/);
    expect(text).toMatch(/\tsession\tthe infant is tired\t/);
    // Silence is one spell from its first warning to its end; losses are another.
    for (const cap of ["adult-cap/eeg", "infant-cap/eeg"]) {
      const about = lines
        .map((line) => line.split("\t"))
        .filter(([, , source, message]) => source === cap && message!.match(/^no samples|^was silent/));
      expect(about.map(([, , , , , , over]) => over)).toEqual(["no", "no", "yes"]);
      expect(new Set(about.map(([, , , , , spell]) => spell)).size).toBe(1);
    }
    // The terminal prints the same alarms.
    expect(bench.about("infant-cap/eeg").some((message) => message.includes("were lost"))).toBe(true);
  });

  test("a disk that does not take it is one alarm, and what waited is written when it does", async () => {
    let isBroken = true;
    let written = "";
    let nTries = 0;
    bench = scripted(pairSession(), {
      folder,
      logDisk: {
        open: async () => ({
          appendFile: async (text) => {
            nTries++;
            if (isBroken) throw Object.assign(new Error("full"), { code: "ENOSPC" });
            written += String(text);
          },
          datasync: async () => {},
          close: async () => {},
        }),
      },
    });
    const { session } = bench;
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await session.connect();
    await flow(bench, 1);
    await session.begin();
    for (let n = 0; n < 5; n++) {
      session.note(`note ${n}`);
      await settled();
    }
    expect(nTries).toBeGreaterThan(3);
    expect(bench.about("log").filter((message) => /cannot be written \(ENOSPC\)/.test(message))).toHaveLength(
      1,
    );
    expect(session.recording!.health.state).toBe("recording");
    isBroken = false;
    session.note("after");
    await settled();
    await settled();
    for (const text of ["note note 0", "note note 4", "note after", "cannot be written"])
      expect(written).toContain(text);
    expect(written.match(/onset/g)).toHaveLength(1);
    expect(bench.about("log")).toContain("the event log can be written again");
  });
});
