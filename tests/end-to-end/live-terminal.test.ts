import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { servePty } from "@attune/device-kit";
import { CytonSimulator } from "@attune/device-openbci-cyton";
import { openRecording, repairRecording } from "@attune/recording";
import type { SessionInput } from "@attune/signal";
import { afterAll, expect, test } from "vitest";
import { describeWithPty } from "../support/pty.ts";
import { attuneCommand, LiveBench, type LiveProcess, simulatedSession } from "./live-process.ts";

const bench = new LiveBench();
afterAll(() => bench.remove());

/** attune at a terminal: socat makes it, what is typed goes in, what is shown comes out. */
function atTerminal(...args: string[]): LiveProcess {
  const line = [process.execPath, attuneCommand, ...args].join(" ");
  return bench.run("socat", ["-", `EXEC:${line},pty,setsid,ctty,stderr,echo=0`]);
}

const isRunning = (processId: number): boolean =>
  spawnSync("kill", ["-0", String(processId)], { stdio: "ignore" }).status === 0;

async function inputsOf(path: string): Promise<SessionInput[]> {
  expect(existsSync(`${path}.journal`)).toBe(false);
  expect(await repairRecording(path)).toMatchObject({ changed: false });
  const opened = await openRecording(path);
  if (opened.kind !== "continuous") throw new Error("not a session");
  const inputs: SessionInput[] = [];
  for await (const input of opened.play({ alignment: "causal" })) inputs.push(input);
  await opened.close();
  return inputs;
}

const eventsOf = (inputs: readonly SessionInput[]): string[] =>
  inputs.flatMap((each) => (each.kind === "event" && each.source === "session" ? [each.label] : []));

describeWithPty("attune at a terminal", () => {
  test("keys code, pause, take back and write notes; ctrl+c ends it, also while a note is written", async () => {
    bench.write("keys.yaml", simulatedSession("keys"));
    const live = atTerminal("record", "keys.yaml");
    const key = (text: string): void => void live.child.stdin.write(text);
    await live.prints(/keys code behaviour/);
    // The time that has been recorded stands there.
    await live.prints(/RECORDING 0:00/);
    key("v");
    await live.prints(/infant voice: voicing/);
    key("s");
    await live.prints(/infant voice: silent/);
    key("\x7f");
    await live.prints(/infant voice: silent[\s\S]*infant voice: voicing/);
    key(" ");
    await live.prints(/PAUSED: windows are not used/);
    key(" ");
    await live.prints(/resumed/);
    key("\r");
    await live.prints(/note: /);
    key("very cold today\r");
    await live.prints(/noted/);
    key("v\r");
    await live.prints(/noted[\s\S]*note: /);
    key("half a no\x03");
    await live.ended;
    const inputs = await inputsOf(bench.path("rec-keys", "keys.xdf"));
    expect(eventsOf(inputs)).toEqual(["pause", "resume", "note very cold today", "quit by ctrl+c"]);
    const voice = inputs.flatMap((each) =>
      each.kind === "state" && each.layer === "voice" ? [each.state] : [],
    );
    expect(voice).toEqual(["unknown", "voicing", "silent", "voicing", "unknown"]);
  });

  test("a terminal that is closed ends the session with every footer", async () => {
    bench.write("closed.yaml", simulatedSession("closed"));
    const live = atTerminal("record", "closed.yaml");
    await live.prints(/RECORDING 0:0[1-9]/);
    const path = bench.path("rec-closed", "closed.xdf");
    const [start] = readFileSync(`${path}.journal`, "utf8").split("\n");
    const { processId } = JSON.parse(start!) as { processId: number };
    expect(isRunning(processId)).toBe(true);
    live.child.kill("SIGKILL");
    await live.ended;
    for (let waited = 0; isRunning(processId) && waited < 20_000; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isRunning(processId)).toBe(false);
    expect(eventsOf(await inputsOf(path)).at(-1)).toMatch(/ended by SIGHUP|its reader went away/);
  });

  test("check --impedance asks the board, keeps the numbers, and the next check knows their age", async () => {
    const link = bench.path("cyton");
    const electrodeKilohms = Array.from({ length: 16 }, (_, c) => 5 + c);
    const board = await servePty({ simulator: new CytonSimulator({ electrodeKilohms }), link });
    try {
      bench.write(
        "cyton.yaml",
        `
session: cyton
people: [{ id: infant, role: infant }]
devices: { board: { kind: openbci-cyton, port: ${link} } }
streams: [{ person: infant, signal: eeg, device: board }]
impedanceMaxAgeMinutes: 10
recording: { folder: rec-cyton }
`,
      );
      const first = await bench.attune("check", "cyton.yaml", "--seconds", "4", "--impedance", "--json")
        .ended;
      const report = JSON.parse(first.stdout) as {
        ready: boolean;
        checks: { check: string; verdict: string; message: string }[];
        impedances: { device: string; channels: { label: string; kilohms: number }[] }[];
      };
      const of = (kind: string) => report.checks.filter(({ check }) => check === kind);
      expect(of("impedances"), first.stderr).toMatchObject([{ verdict: "green" }]);
      expect(of("impedance")).toMatchObject([{ verdict: "green", message: "measured 0 minutes ago" }]);
      const kilohms = report.impedances[0]!.channels.map((channel) => channel.kilohms);
      expect(kilohms).toHaveLength(8);
      for (const [c, value] of kilohms.entries())
        expect(Math.abs(value - electrodeKilohms[c]!)).toBeLessThan(1.5);
      const rows = readFileSync(bench.path("rec-cyton", "impedances.tsv"), "utf8").trimEnd().split("\n");
      expect(rows).toHaveLength(9);
      const second = await bench.attune("check", "cyton.yaml", "--seconds", "3", "--json").ended;
      expect(second.stdout).toMatch(/"measured \d minutes ago"/);
    } finally {
      await board.close();
    }
  });
});
