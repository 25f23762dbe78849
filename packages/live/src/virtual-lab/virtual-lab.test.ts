import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecording } from "@attune/recording";
import type { StateChange, StateInterval } from "@attune/signal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveSession } from "../session/live-session.ts";
import { readSession } from "../session-file/read-session.ts";
import { openVirtualLab, type VirtualLab } from "./virtual-lab.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let folder: string;
let lab: VirtualLab;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-lab-"));
  const basePort = await freePort();
  lab = await openVirtualLab({
    folder,
    seed: 4,
    minutes: 2,
    coupling: 0,
    websocketPort: await freePort(),
    lsl: { ports: { multicastPort: basePort, basePort: basePort + 1, portRange: 48 }, loopbackOnly: true },
  });
}, 30_000);
afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});

test("voices, touch and belts of the laboratory arrive in a session as they were planted, and in its recording", async () => {
  const truth = JSON.parse(await readFile(lab.truthPath, "utf8"));
  const planted: readonly StateInterval[] = truth.states;
  const session = new LiveSession(await readSession(lab.sessionPath), { record: true, analyse: false });
  const states: StateChange[] = [];
  const heard = new Set<string>();
  try {
    await new Promise<void>((resolve, reject) => {
      session.outputs.subscribe((output) => {
        if (output.kind !== "state") return;
        states.push(output);
        if (output.state === "silence" && states.some((each) => isVoiceOf(each, output.person)))
          heard.add(output.person);
        if (heard.size === 2) resolve();
      });
      session
        .connect()
        .then(() => session.begin())
        .catch(reject);
    });
    const toLab = (at: number): number => session.hostTime(at) - truth.startedAtHostSeconds;
    for (const person of ["adult", "infant"]) {
      const onset = states.find((each) => isVoiceOf(each, person))!;
      const distances = planted
        .filter((each) => each.person === person && each.layer === "voice")
        .map((each) => toLab(onset.at) - each.onset);
      const nearest = distances.sort((a, b) => Math.abs(a) - Math.abs(b))[0]!;
      process.stderr.write(`${person}: voice ${(1000 * nearest).toFixed(0)} ms from where it was planted\n`);
      expect(Math.abs(nearest), person).toBeLessThan(0.1);
    }
    const touch = states.find(({ person, layer }) => person === "adult" && layer === "touch")!;
    const held = planted.find(
      ({ layer, onset, duration }) =>
        layer === "touch" && onset <= toLab(touch.at) && toLab(touch.at) < onset + duration,
    );
    expect(touch.state).toBe(held?.state ?? "none");
  } finally {
    await session.end();
  }
  const { path } = session.recording!;
  const recording = await openRecording(path);
  if (recording.kind !== "continuous") throw new Error("it has a time axis");
  const names = new Map(recording.streams.map((stream) => [stream.name, stream]));
  for (const name of ["Virtual voices", "Virtual adult belt", "Virtual infant belt"])
    expect(names.get(name)!.nSamples, name).toBeGreaterThan(50);
  await recording.close();
}, 60_000);

const isVoiceOf = (change: StateChange, person: string): boolean =>
  change.person === person && change.layer === "voice" && change.state === "voice";
