import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mulberry32 } from "@attune/core";
import { findInterrupted, openRecorder, openRecording, repairRecording } from "@attune/recording";
import type { SessionInput } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { killedDyad } from "./recording-kill-dyad.ts";

const child = join(import.meta.dirname, "recording-kill-child.ts");
const nKills = process.env.ATTUNE_LONG === "1" ? 20 : 4;
const uniform = mulberry32(Number(process.env.ATTUNE_PROPERTY_SEED ?? 1));
const kills = Array.from({ length: nKills }, (_, i) => ({ seed: i + 1, seconds: 1.2 + 3 * uniform() }));

/** One input as the child announced it: when, and of chunks the stream and the sample after its last one. */
type Announced = readonly [at: number, streamId?: string, end?: number];

/** Run the child and kill it so long after its first input. */
async function recordAndKill(path: string, seed: number, seconds: number): Promise<Announced[]> {
  const recording = spawn(process.execPath, ["--import", "tsx", child, path, String(seed)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaints = "";
  recording.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  recording.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "") setTimeout(() => recording.kill("SIGKILL"), seconds * 1000);
    output += text;
  });
  const [, signal] = (await once(recording, "close")) as [number | null, string | null];
  if (signal !== "SIGKILL") throw new Error(`the child ended by itself: ${complaints}`);
  // The last line may be cut.
  return output
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Announced);
}

describe.concurrent("a recorder that is killed", () => {
  test.each(kills)(
    "after $seconds s loses at most the last second, and its recording can be repaired",
    async ({ seed, seconds }) => {
      const folder = await mkdtemp(join(tmpdir(), "attune-kill-"));
      try {
        const path = join(folder, "run-1.xdf");
        const announced = await recordAndKill(path, seed, seconds);
        const lastAt = announced.at(-1)![0];
        const owed = announced.filter(([at]) => at <= lastAt - 1);
        expect(owed.length).toBeGreaterThan(0);

        const [interrupted] = await findInterrupted(folder);
        expect(interrupted).toMatchObject({ path, sessionId: "killed", problem: undefined });
        const found = await playedOf(path);
        expect(found.length).toBeGreaterThanOrEqual(owed.length);
        const streams = new Map<string, number>();
        for (const input of found)
          if (input.kind === "samples") streams.set(input.streamId, input.firstSample + input.nSamples);
        for (const id of ["adult-eeg", "infant-eeg"]) {
          const end = owed.findLast(([, streamId]) => streamId === id)?.[2] ?? 0;
          expect(streams.get(id)).toBeGreaterThanOrEqual(end);
        }

        const expected: SessionInput[] = [];
        const source = killedDyad(seed).inputs({ chunkSeconds: 0.04 })[Symbol.iterator]();
        for (let i = 0; i < found.length; i++) {
          const input = source.next().value as SessionInput;
          expected.push(input.kind === "samples" ? { ...input, receivedAt: announced[i]![0] } : input);
        }
        expect(found).toStrictEqual(expected);

        const report = await repairRecording(path);
        expect(report).toMatchObject({ changed: true, damage: [] });
        expect(report.nFootersWritten).toBeGreaterThanOrEqual(3);
        const repaired = await playedOf(path);
        expect(repaired.slice(0, found.length)).toStrictEqual(found);
        expect(await repairRecording(path)).toMatchObject({ changed: false });
        expect(await findInterrupted(folder)).toEqual([]);
        await nextRecorderStarts(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    30_000,
  );
});

async function playedOf(path: string): Promise<SessionInput[]> {
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error("not continuous");
  const inputs: SessionInput[] = [];
  for await (const input of recording.play({ alignment: "causal" })) inputs.push(input);
  expect(await recording.session!.check()).toMatchObject({ isExact: true, nInputs: inputs.length });
  await recording.close();
  return inputs;
}

async function nextRecorderStarts(folder: string): Promise<void> {
  const start = (name: string) =>
    openRecorder({
      path: join(folder, name),
      session: { id: "next", settings: {}, settingsHash: "none", seed: 1, versions: {} },
      now: () => performance.now() / 1000,
      setTimer: () => ({ cancel: () => {} }),
    });
  await expect(start("run-1.xdf")).rejects.toThrow("choose another name");
  const next = await start("run-2.xdf");
  await next.close();
  expect(next.health.state).toBe("closed");
}
