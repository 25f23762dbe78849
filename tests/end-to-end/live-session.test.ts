import { existsSync, readdirSync, readFileSync } from "node:fs";
import { openRecording, repairRecording } from "@attune/recording";
import type { SessionInput } from "@attune/signal";
import { afterAll, describe, expect, test } from "vitest";
import { LiveBench, type LiveProcess, simulatedSession } from "./live-process.ts";

const bench = new LiveBench();
afterAll(() => bench.remove());

const isCoupling = (line: string): boolean => line.startsWith('{"kind":"coupling"');
const couplingsOf = (text: string): string[] => text.split("\n").filter(isCoupling);
const summaryOf = (text: string): { totals: { nWindows: number } } =>
  JSON.parse(
    text
      .trimEnd()
      .split("\n")
      .findLast((line) => line.includes('"kind":"summary"'))!,
  );
const recording = (session: string, run = ""): string => bench.path(`rec-${session}`, `${session}${run}.xdf`);

/** A finished recording: no journal, every footer there, nothing to mend. */
async function expectFinished(path: string): Promise<void> {
  expect(existsSync(`${path}.journal`)).toBe(false);
  const { changed, nFootersWritten, damage } = await repairRecording(path);
  expect({ changed, nFootersWritten, damage }).toEqual({ changed: false, nFootersWritten: 0, damage: [] });
}

async function inputsOf(path: string): Promise<SessionInput[]> {
  const opened = await openRecording(path);
  if (opened.kind !== "continuous") throw new Error("not a session");
  const inputs: SessionInput[] = [];
  for await (const input of opened.play({ alignment: "causal" })) inputs.push(input);
  await opened.close();
  return inputs;
}

/** Recording, and a second or so of it on the disk. */
async function recordingFlows(running: LiveProcess, path: string): Promise<void> {
  await running.says(/recording into/);
  await running.until(() => existsSync(path) && readFileSync(path).length > 60_000, "samples in the file");
}

describe.concurrent("attune live", () => {
  test("prints what its recording gives again, byte for byte, and takes commands as lines", async () => {
    bench.write("equal.yaml", simulatedSession("equal", "markers: [dyad]"));
    const live = bench.attune("live", "equal.yaml", "--json");
    await live.says(/recording into/);
    live.type("phase free-play");
    live.type("key v");
    live.type("key s");
    // Toggled again without a release in between.
    live.type("key v");
    live.type("undo");
    live.type("key x");
    live.type("phase");
    live.type("__proto__");
    live.type("constructor now");
    live.type("note the door opened");
    await live.says(/noted/);
    expect(live.stderr).toContain('the key "x" changes nothing');
    expect(live.stderr).toContain("which phase?");
    expect(live.stderr).toContain('"__proto__" is not understood');
    expect(live.stderr).toContain('"constructor" is not understood');
    await live.until(({ stdout }) => couplingsOf(stdout).length >= 6, "couplings");
    live.type("pause");
    live.type("pause");
    await live.says(/paused/);
    live.type("resume");
    live.type("quit");
    const { code, stdout, stderr } = await live.ended;
    expect(code, stderr).toBe(0);
    const path = recording("equal");
    await expectFinished(path);

    const replay = bench.attune("replay", path, "--session", "--jsonl");
    const again = await replay.ended;
    expect(again.code, again.stderr).toBe(0);
    const couplings = couplingsOf(stdout);
    expect(couplings.length).toBeGreaterThanOrEqual(6);
    for (const scope of ["window", "pooled"])
      expect(couplings.some((line) => line.includes(`"scope":"${scope}"`))).toBe(true);
    expect(couplingsOf(again.stdout)).toEqual(couplings);
    expect(summaryOf(again.stdout).totals).toEqual(summaryOf(stdout).totals);

    const inputs = await inputsOf(path);
    const events = inputs.flatMap((each) => (each.kind === "event" ? [each.label] : []));
    for (const label of ["phase free-play", "note the door opened", "pause", "resume", "quit"])
      expect(events.filter((each) => each === label)).toHaveLength(1);
    const voice = inputs.flatMap((each) =>
      each.kind === "state" && each.layer === "voice" ? [each.state] : [],
    );
    // start, v, s, v, undo (silent again), and the end closes what is still on.
    expect(voice).toEqual(["unknown", "voicing", "silent", "voicing", "silent", "unknown"]);
    expect(existsSync(bench.path("rec-equal", "equal.coding.tsv"))).toBe(true);
    expect(existsSync(bench.path("rec-equal", "equal.timing.txt"))).toBe(true);
  });

  test("ends cleanly on an interrupt, on one after another, and on being told to terminate", async () => {
    const ways = [
      { name: "once", signals: ["SIGINT"] },
      { name: "twice", signals: ["SIGINT", "SIGINT", "SIGINT"] },
      { name: "term", signals: ["SIGTERM", "SIGINT"] },
    ] as const;
    await Promise.all(
      ways.map(async ({ name, signals }) => {
        bench.write(`${name}.yaml`, simulatedSession(name));
        const live = bench.attune("record", `${name}.yaml`);
        await recordingFlows(live, recording(name));
        for (const signal of signals) live.child.kill(signal);
        const { code, stderr, stdout } = await live.ended;
        expect(code, stderr).toBe(0);
        expect(stdout).toContain("Recorded");
        expect(stderr).not.toMatch(/\n\s+at /);
        await expectFinished(recording(name));
        const events = (await inputsOf(recording(name))).flatMap((each) =>
          each.kind === "event" ? [each.label] : [],
        );
        // Signals that come at one moment may be told in any order.
        expect(signals.map((signal) => `ended by ${signal}`)).toContain(events.at(-1));
      }),
    );
  });

  test("an interrupt before it has begun leaves no open recording", async () => {
    bench.write("early.yaml", simulatedSession("early"));
    const live = bench.attune("live", "early.yaml");
    await live.says(/connecting dyad/);
    live.child.kill("SIGINT");
    const { code, stderr } = await live.ended;
    expect(code, stderr).toBe(0);
    if (existsSync(recording("early"))) await expectFinished(recording("early"));
  });

  test("a reader that goes away ends it, with every footer", async () => {
    bench.write("pipe.yaml", simulatedSession("pipe"));
    const live = bench.attune("live", "pipe.yaml", "--json");
    await recordingFlows(live, recording("pipe"));
    live.child.stdout.destroy();
    const { code, stderr } = await live.ended;
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(0);
    await expectFinished(recording("pipe"));
  });

  test("what kill -9 leaves is found, said and repaired by the next session, which is the second run", async () => {
    bench.write("killed.yaml", simulatedSession("killed"));
    const first = recording("killed");
    const live = bench.attune("record", "killed.yaml");
    await recordingFlows(live, first);
    const nBytesBefore = readFileSync(first).length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    live.child.kill("SIGKILL");
    await live.ended;
    expect(existsSync(`${first}.journal`)).toBe(true);

    const check = await bench.attune("check", "killed.yaml", "--seconds", "2", "--json").ended;
    expect(check.code, check.stderr).toBe(0);
    const checks = (
      JSON.parse(check.stdout) as { checks: { check: string; about: string; verdict: string }[] }
    ).checks;
    expect(checks).toContainEqual(
      expect.objectContaining({ check: "interrupted", about: "killed.xdf", verdict: "amber" }),
    );
    expect(checks).toContainEqual(expect.objectContaining({ check: "name", about: "killed_run-2.xdf" }));

    const next = bench.attune("record", "killed.yaml", "--duration", "1");
    const { code, stderr } = await next.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/WARNING recording: killed\.xdf \(begun .*\) was interrupted; repairing it/);
    expect(stderr).toMatch(/killed\.xdf is repaired: \d+\.\d s recovered, [1-9]\d* footers written/);
    expect(stderr).toMatch(/recording into .*killed_run-2\.xdf/);
    await expectFinished(first);
    await expectFinished(recording("killed", "_run-2"));
    const opened = await openRecording(first);
    await opened.close();
    if (opened.kind !== "continuous") throw new Error("not a session");
    const nSamples = opened.streams.find(({ id }) => id === "dyad/adult-eeg")!.nSamples;
    // All that had been delivered a second before: two float64 channels, a stamp and its mark are 25 bytes a sample, half
    // as many samples come from the infant.
    expect(nSamples).toBeGreaterThan((0.8 * nBytesBefore) / (1.5 * 25));
    expect(readFileSync(first).length).toBeGreaterThan(nBytesBefore);
  });

  test("attune repair mends what kill -9 left", async () => {
    bench.write("mend.yaml", simulatedSession("mend"));
    const live = bench.attune("record", "mend.yaml");
    await recordingFlows(live, recording("mend"));
    live.child.kill("SIGKILL");
    await live.ended;
    const repair = await bench.attune("repair", "rec-mend").ended;
    expect(repair.code, repair.stderr).toBe(0);
    expect(repair.stdout).toMatch(/mend\.xdf: .* recovered, [1-9]\d* footers? written/);
    await expectFinished(recording("mend"));
    const nothing = await bench.attune("repair", "rec-mend").ended;
    expect(nothing.stdout).toContain("was interrupted");
  });

  test("a broken leftover does not keep a session from beginning", async () => {
    bench.write("left.yaml", simulatedSession("left"));
    const made = await bench.attune("record", "left.yaml", "--duration", "0.5").ended;
    expect(made.code, made.stderr).toBe(0);
    bench.write("rec-left/other.xdf", "no recording at all");
    bench.write("rec-left/other.xdf.journal", "torn");
    const { code, stderr } = await bench.attune("record", "left.yaml", "--duration", "0.5").ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/other\.xdf could not be repaired/);
    expect(existsSync(recording("left", "_run-2"))).toBe(true);
  });

  test("without recording nothing is written, and with record nothing is analysed", async () => {
    bench.write("look.yaml", simulatedSession("look"));
    const look = await bench.attune("live", "look.yaml", "--no-recording", "--duration", "1").ended;
    expect(look.code, look.stderr).toBe(0);
    expect(look.stdout).toContain("Nothing was recorded.");
    expect(existsSync(bench.path("rec-look"))).toBe(false);

    const record = await bench.attune("record", "look.yaml", "--duration", "1", "--json").ended;
    expect(record.code, record.stderr).toBe(0);
    expect(couplingsOf(record.stdout)).toEqual([]);
    expect(summaryOf(record.stdout).totals.nWindows).toBe(0);
    await expectFinished(recording("look"));
    expect(readdirSync(bench.path("rec-look")).filter((name) => name.endsWith(".xdf"))).toEqual(["look.xdf"]);
  });
});
