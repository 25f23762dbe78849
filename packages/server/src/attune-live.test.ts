import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecording } from "@attune/recording";
import { afterAll, describe, expect, test } from "vitest";
import { TestPage } from "./socket.test-support.ts";

const program = join(import.meta.dirname, "../../cli/bin/attune.mjs");
const folder = mkdtempSync(join(tmpdir(), "attune-gate-"));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

writeFileSync(
  join(folder, "session.yaml"),
  `
session: gate
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.2, artefactsPerMinute: 0, lossesPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
phases:
  - { name: free-play, plannedSeconds: 150 }
`,
);

interface Running {
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
  stderr: string;
  /** Resolves with the match as soon as it was said. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

function attune(...args: string[]): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  running.push(child);
  const result: Running = {
    child,
    stderr: "",
    ended: new Promise((resolve) => child.once("close", resolve)),
    says: async (pattern) => {
      for (let n = 0; n < 1200 && child.exitCode === null; n++) {
        const found = pattern.exec(result.stderr);
        if (found !== null) return found;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`${pattern} was not said:\n${result.stderr}`);
    },
  };
  child.stdout!.resume();
  child.stderr!.setEncoding("utf8").on("data", (part: string) => {
    result.stderr += part;
  });
  return result;
}

describe("attune live with its page", () => {
  test("--gate waits without recording until the page begins it, and the page ends it properly", async () => {
    const live = attune("live", "session.yaml", "--gate");
    const [, address] = await live.says(/begin the session on (http:\S+)/);
    const html = await (await fetch(address!)).text();
    expect(html).toContain("<script");
    const page = await new TestPage(`${address!.replace("http", "ws")}session`).opened();
    await page.until(() => page.newest("checks") !== undefined, "checks");
    expect(page.newest("standing")).toMatchObject({ stage: "monitoring", recording: null });
    expect(existsSync(join(folder, "recordings", "gate.xdf"))).toBe(false);
    expect(await page.ask({ do: "begin", overrides: [] })).toMatchObject({ ok: false, message: /tap adult/ });
    const overrides = ["adult", "infant"].map((about) => ({ check: "tap", about, reason: "simulated" }));
    await page.until(
      () => page.newest("checks")!.checks.every(({ verdict }) => verdict !== "red"),
      "everything in order",
    );
    expect(await page.ask({ do: "begin", overrides })).toMatchObject({ ok: true, message: "recording" });
    await live.says(/recording into/);
    await page.ask({ do: "phase" });
    await page.until(() => page.all("evidence").length > 0, "evidence");
    expect(await page.ask({ do: "end", reason: "enough" })).toMatchObject({ ok: true });
    await page.until(() => page.newest("summary") !== undefined, "the summary");
    expect(page.newest("summary")).toMatchObject({ isComplete: true });
    expect(await page.closed).toMatchObject({ code: 1001 });
    expect(await live.ended).toBe(0);
    const path = join(folder, "recordings", "gate.xdf");
    const recording = await openRecording(path);
    await recording.close();
    const log = readFileSync(join(folder, "recordings", "gate.log.tsv"), "utf8");
    expect(log).toContain("override tap adult: simulated");
    expect(log).toContain("\tenough\n");
  });

  test("a gate that nobody opens ends with the program, and nothing was recorded", async () => {
    writeFileSync(
      join(folder, "other.yaml"),
      readFileSync(join(folder, "session.yaml"), "utf8").replace("session: gate", "session: other"),
    );
    const live = attune("live", "other.yaml", "--gate");
    await live.says(/begin the session on/);
    live.child.kill("SIGINT");
    expect(await live.ended).toBe(0);
    expect(live.stderr).toContain("nothing was recorded");
    expect(existsSync(join(folder, "recordings", "other.xdf"))).toBe(false);
  });

  test("a gate without a page is a misunderstanding", async () => {
    const live = attune("live", "session.yaml", "--gate", "--no-page");
    expect(await live.ended).toBe(2);
    expect(live.stderr).toMatch(/--gate waits for the page/);
  });
});
