import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodingRow, decodeRow } from "@attune/device-coder";
import { ManualTime } from "@attune/device-kit";
import type { Coupling } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { replaySession } from "../replay/replay-session.ts";
import { parseSession } from "../session-file/read-session.ts";
import { isCorrection } from "./corrections.ts";
import { LiveSession } from "./live-session.ts";
import type { LogEntry } from "./session-log.ts";

const text = `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  dyad: { kind: simulated, seed: 3, coupling: 0.2, artefactsPerMinute: 0, lossesPerMinute: 0 }
streams:
  - { person: adult, signal: eeg, device: dyad, stream: dyad/adult-eeg }
  - { person: infant, signal: eeg, device: dyad, stream: dyad/infant-eeg }
coding:
  layers:
    - { person: adult, layer: gaze, states: { direct: d, averted: a } }
`;

/** Hands the event loop to the analysis thread until `until` holds. */
async function settle(until: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !until(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function runFor(seconds: number, source = text, recordingFolder?: string) {
  const time = new ManualTime();
  const leap = { seconds: 0 };
  const context = { ...time.context, now: () => time.now + leap.seconds };
  const loaded = {
    path: "session.yaml",
    file: parseSession(source, "session.yaml"),
    recordingFolder: recordingFolder ?? "/nowhere",
  };
  const record = recordingFolder !== undefined;
  const session = new LiveSession(loaded, { record, analyse: true, context });
  const couplings: Coupling[] = [];
  const log: LogEntry[] = [];
  session.couplings.subscribe((coupling) => couplings.push(coupling));
  session.log.subscribe((entry) => log.push(entry));
  await session.connect();
  await time.advance(1);
  await session.begin();
  // Time stands still while the analysis works, so that it is never late.
  for (let s = 0; s < seconds; s++) {
    await time.advance(1);
    await settle(() => session.analysisDelay === 0);
  }
  return { session, time, leap, couplings, log };
}

describe("a session with the simulated dyad", () => {
  test("gives coupling per gaze state, from both heads on their own clocks", async () => {
    const { session, couplings } = await runFor(90);
    await session.end();
    const { conditions, nAccepted, nLate } = session.totals;
    expect(conditions.map(({ condition }) => condition).sort()).toEqual(["averted", "direct"]);
    expect(nAccepted).toBeGreaterThan(40);
    expect(nLate).toBe(0);
    const pooled = couplings.filter(({ scope, condition }) => scope === "pooled" && condition === "direct");
    const last = pooled.at(-1)!;
    const strength = (from: string) =>
      Math.max(...last.values.filter((value) => value.from === from).map(({ value }) => value));
    expect(strength("adult")).toBeGreaterThan(3 * strength("infant"));
  });

  test("windows in a pause are not used", async () => {
    const { session, time } = await runFor(20);
    session.pause();
    const before = session.totals.nAccepted;
    for (let s = 0; s < 10; s++) {
      await time.advance(1);
      await settle(() => session.analysisDelay === 0);
    }
    const { nAccepted, rejected } = session.totals;
    expect(nAccepted - before).toBeLessThanOrEqual(2);
    expect(rejected["session requirement"]).toBeGreaterThan(5);
    session.resume();
    await session.end();
  });

  test("is the same again from its recording, to the last bit, with its pauses, corrections and the windows that came too late", async () => {
    const folder = await mkdtemp(join(tmpdir(), "attune-live-"));
    try {
      const slow = text.concat("analysis: { running: { nullEverySeconds: 5 } }\n");
      const { session, time, leap, couplings } = await runFor(40, slow, folder);
      const gaze = { person: "adult", layer: "gaze" } as const;
      // One in the past, which changes no window, and one up to now, which does.
      session.coder.correct({ ...gaze, from: 10, until: 20, state: "averted" });
      session.coder.correct({ ...gaze, from: 38, until: 99, state: "averted" });
      const rows = [...session.coder.rows];
      session.pause();
      await time.advance(3);
      session.resume();
      // Time leaps between chunks that arrive together: the first still waits, so the analysis is late, whatever the machine.
      let nLeaps = 30;
      const leaps = session.outputs.subscribe(({ kind }) => {
        if (kind === "samples" && nLeaps-- > 0) leap.seconds += 0.6;
      });
      for (let s = 0; s < 20; s++) await time.advance(0.1);
      leaps.unsubscribe();
      await settle(() => session.analysisDelay === 0);
      for (let s = 0; s < 10; s++) {
        await time.advance(1);
        await settle(() => session.analysisDelay === 0);
      }
      const { path } = session.recording!;
      await session.end();
      expect(session.totals.nLate).toBeGreaterThan(0);
      const replayed: CodingRow[] = [];
      const again = await replaySession(path, {
        onInput: (input) => {
          if (input.kind === "event") replayed.push(...[decodeRow(input.label) ?? []].flat());
        },
      });
      // Known again at the moment at which they became known, in their place among the inputs.
      expect(replayed.slice(0, rows.length)).toEqual(rows);
      expect(replayed.filter(isCorrection)).toHaveLength(2);
      expect(again.couplings.length).toBeGreaterThan(60);
      expect(again.couplings).toEqual(couplings);
      expect(again.totals).toEqual(session.totals);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
