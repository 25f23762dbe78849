import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LiveSession, openVirtualLab, readSession, replaySession, type VirtualLab } from "@attune/live";
import type { Beat, Covariation, HeartOutput } from "@attune/signal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithPty } from "../support/pty.ts";

const LAB_SECONDS = 38;
/** Of LSL's clock estimate on loopback, and of a serial line whose arrivals tell the time. */
const MOST_ERROR_MS = { adult: 2, infant: 15 } as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describeWithPty(
  "two ECGs of the virtual laboratory, one over Lab Streaming Layer and one on a serial port",
  () => {
    let folder: string;
    let lab: VirtualLab;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "attune-hearts-"));
      const basePort = await freePort();
      lab = await openVirtualLab({
        folder,
        seed: 4,
        minutes: 3,
        coupling: 0.2,
        websocketPort: await freePort(),
        lsl: {
          ports: { multicastPort: basePort, basePort: basePort + 1, portRange: 32 },
          loopbackOnly: true,
        },
      });
    }, 30_000);
    afterAll(async () => {
      await lab?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test("give the planted beats at their times, the planted leader, and the same again from the recording to the bit", async () => {
      // Hearts and no heads, in shorter windows: what is looked at comes within half a minute.
      const text = (await readFile(lab.sessionPath, "utf8"))
        .split("\n")
        .filter((line) => !/^analysis:/.test(line))
        .concat(
          "analysis: { hearts: { interbeat: { windowSeconds: 20, stepSeconds: 2 }, nullSeconds: 0 } }\n",
        )
        .join("\n");
      await writeFile(lab.sessionPath, text);
      const truth = JSON.parse(await readFile(lab.truthPath, "utf8"));
      const truePeaks = JSON.parse(await readFile(join(folder, "beats.json"), "utf8"));
      const session = new LiveSession(await readSession(lab.sessionPath), { record: true, analyse: true });
      const outputs: HeartOutput[] = [];
      session.hearts.subscribe((output) => outputs.push(output));
      await session.connect();
      await session.begin();
      await new Promise((resolve) => setTimeout(resolve, LAB_SECONDS * 1000));
      const { path } = session.recording!;
      await session.end();

      for (const person of ["adult", "infant"] as const) {
        const beats = outputs.filter((item): item is Beat => item.kind === "beat" && item.person === person);
        expect(beats.length).toBeGreaterThan(person === "adult" ? 30 : 60);
        const times = beats.map(({ at }) => session.hostTime(at) - truth.startedAtHostSeconds);
        const planted: readonly number[] = truePeaks[person];
        const errors = times.map((at) => 1000 * Math.min(...planted.map((beat) => Math.abs(at - beat))));
        const median = errors.sort((a, b) => a - b)[errors.length >> 1]!;
        process.stderr.write(`${person}: ${beats.length} beats, median error ${median.toFixed(2)} ms\n`);
        expect(median).toBeLessThan(MOST_ERROR_MS[person]);
      }
      const windows = outputs.filter((item): item is Covariation => item.kind === "covariation");
      expect(windows.length).toBeGreaterThanOrEqual(2);
      const { infantFollowsBySeconds } = truth.hearts;
      const right = windows.filter(({ lagSeconds }) => Math.abs(lagSeconds - infantFollowsBySeconds) <= 1);
      expect(right.length).toBeGreaterThan(windows.length / 2);
      const again = await replaySession(path);
      expect(again.hearts).toEqual(outputs);
      expect(again.totals).toEqual(session.totals);
    }, 90_000);
  },
);
