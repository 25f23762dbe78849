import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { openRecording } from "@attune/recording";
import { afterAll, describe, expect, test } from "vitest";
import { attuneCommand, LiveBench, type LiveEnded, simulatedSession } from "./live-process.ts";

const bench = new LiveBench();
afterAll(() => bench.remove());

/** One sentence on stderr, no stack, the exit code that was said. */
function expectSentence({ code, stderr }: LiveEnded, expectedCode: number, says: RegExp): void {
  const sentences = stderr.trimEnd().split("\n");
  expect(sentences.at(-1), stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at |Something went wrong/);
  expect(code, stderr).toBe(expectedCode);
}

const withDevice = (session: string, device: string): string =>
  simulatedSession(session).replace(/devices:\n {2}dyad: .*\n/, `devices:\n  dyad: ${device}\n`);

describe.concurrent("what cannot run", () => {
  const cases: readonly (readonly [what: string, text: string, code: number, says: RegExp])[] = [
    [
      "a kind of device that does not exist",
      withDevice("kind", "{ kind: telepathy }"),
      2,
      /devices\.dyad: there is no kind of device called "telepathy"; there are lsl, /,
    ],
    [
      "a device that is not there",
      withDevice("missing", "{ kind: attune-line, port: /dev/no-such-port }"),
      1,
      /cannot begin without dyad \(.*\/dev\/no-such-port/,
    ],
    [
      "a stream that the device does not deliver",
      simulatedSession("stream").replace("dyad/adult-eeg", "dyad/nobody"),
      2,
      /adult's eeg should come from "dyad", which delivers ".*": name one with stream:/,
    ],
    [
      "a folder that cannot be written",
      simulatedSession("folder").replace("rec-folder", "/proc/attune"),
      1,
      /Cannot record into \/proc\/attune\/folder\.xdf .*choose another folder/,
    ],
    ["an alias that stands for nothing", "session: *who", 2, /Unresolved alias.*write out what/],
  ];
  test.each(cases)("%s is said in one sentence", async (what, text, code, says) => {
    const name = `${what.replaceAll(" ", "-")}.yaml`;
    bench.write(name, text);
    expectSentence(await bench.attune("live", name, "--duration", "1").ended, code, says);
  });

  test("a file that is not there", async () => {
    expectSentence(
      await bench.attune("live", "nothing.yaml").ended,
      2,
      /Cannot read the session file .*nothing\.yaml/,
    );
  });
});

describe.concurrent("what goes wrong while it runs", () => {
  test("an output that cannot be opened is an alarm, and the session goes on", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", () => resolve()));
    const { port } = taken.address() as { port: number };
    bench.write("taken.yaml", simulatedSession("taken", `outputs: { websocket: { port: ${port} } }`));
    const { code, stderr } = await bench.attune("live", "taken.yaml", "--duration", "1").ended;
    taken.close();
    expect(stderr).toMatch(new RegExp(`ALARM outputs: websocket could not be opened.*port ${port}`));
    expect(code, stderr).toBe(0);
    expect(existsSync(bench.path("rec-taken", "taken.xdf.journal"))).toBe(false);
  });

  test("a yanked folder is an alarm, the session goes on, and the exit code says it", async () => {
    bench.write("yanked.yaml", simulatedSession("yanked"));
    const live = bench.attune("record", "yanked.yaml");
    await live.says(/recording into/);
    rmSync(bench.path("rec-yanked"), { recursive: true });
    await live.says(/ALARM recording: .*its file was deleted/);
    live.type("note still here");
    await live.says(/noted/);
    live.type("quit");
    expectSentence(await live.ended, 1, /recording .*yanked\.xdf is incomplete/);
  });

  test("a file that may not grow is an alarm, and what was written can be repaired", async () => {
    bench.write("limit.yaml", simulatedSession("limit"));
    // 64 KiB in blocks of 1024 bytes.
    const line = 'ulimit -f 64; exec "$0" "$@"';
    const live = bench.run("bash", ["-c", line, process.execPath, attuneCommand, "record", "limit.yaml"]);
    await live.says(/ALARM recording: .*cannot be written any more .*everything before is kept/);
    live.type("quit");
    expectSentence(await live.ended, 1, /is incomplete, it could not be written any more/);
    const repaired = await bench.attune("repair", "rec-limit").ended;
    expect(repaired.code, repaired.stderr).toBe(0);
    const opened = await openRecording(bench.path("rec-limit", "limit.xdf"));
    await opened.close();
    if (opened.kind !== "continuous") throw new Error("not a session");
    expect(opened.streams.find(({ id }) => id === "dyad/adult-eeg")!.nSamples).toBeGreaterThan(100);
  });

  test("output into a file on a full disk costs the output, not the recording", async () => {
    bench.write("devfull.yaml", simulatedSession("devfull"));
    const line = 'exec "$0" "$@" > /dev/full';
    const live = bench.run("bash", [
      "-c",
      line,
      process.execPath,
      attuneCommand,
      "live",
      "devfull.yaml",
      "--json",
    ]);
    await live.says(/recording into/);
    await live.says(/ALARM output: what is printed gets lost \(ENOSPC\); recording goes on/);
    live.type("note still here");
    await live.says(/noted/);
    await setTimeout(500);
    live.type("quit");
    expectSentence(await live.ended, 1, /What is printed cannot be written \(ENOSPC\)/);
    expect(existsSync(bench.path("rec-devfull", "devfull.xdf.journal"))).toBe(false);
    const opened = await openRecording(bench.path("rec-devfull", "devfull.xdf"));
    await opened.close();
    if (opened.kind !== "continuous") throw new Error("not a session");
    expect(Math.max(...opened.streams.map(({ nSamples }) => nSamples))).toBeGreaterThan(100);
  });

  test("a full disk is an alarm, the session goes on, and what was written can be read", async (context) => {
    // A small disk in a namespace of its own, which ends with its processes.
    const small = "mount -t tmpfs -o size=200k tmpfs rec-full";
    mkdirSync(bench.path("rec-full"));
    const may = spawnSync("unshare", ["-m", "bash", "-c", small], { cwd: bench.folder }).status === 0;
    if (!may) context.skip("this user may not mount a small disk");
    bench.write("full.yaml", simulatedSession("full"));
    const script = `${small} || exit 9
      "$0" "$1" record full.yaml; echo "first $?"
      "$0" "$1" record full.yaml --duration 0.5 </dev/null
      "$0" "$1" info rec-full/full.xdf --json`;
    const live = bench.run("unshare", ["-m", "bash", "-c", script, process.execPath, attuneCommand]);
    await live.says(/ALARM recording: .*the disk is full; everything before is kept/);
    live.type("note still here");
    await live.says(/noted/);
    live.type("quit");
    const { stdout, stderr } = await live.ended;
    expect(stdout).toContain("first 1\n");
    expect(stderr).toMatch(/is incomplete, the disk became full/);
    // The next start says it, whether or not there is room to mend it.
    expect(stderr).toMatch(/full\.xdf .*was interrupted: .*disk is full/);
    expect(stderr).not.toMatch(/\n\s+at |Something went wrong/);
    const { streams } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { streams: { nSamples: number }[] };
    expect(Math.max(...streams.map(({ nSamples }) => nSamples))).toBeGreaterThan(500);
  });
});
