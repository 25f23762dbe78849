import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { SessionInput } from "@attune/signal";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { RecordingError } from "../errors.ts";
import { journalOf, machineMark } from "../recorder/journal.ts";
import {
  chunkOf,
  drain,
  eeg,
  openContinuous,
  replay,
  startRecorder,
} from "../recorder/recorder.test-support.ts";
import { syntheticFile, withTemporaryFolder } from "../xdf/synthetic.test-support.ts";
import { findInterrupted } from "./find-interrupted.ts";
import { newEnding } from "./new-ending.ts";
import { repairRecording } from "./repair-recording.ts";

/** A recording as a killed recorder leaves it: without footers, and cut anywhere by the caller. */
let unfinished: Buffer;
let journal: string;
let inputs: SessionInput[];

beforeAll(async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "a.xdf");
    const rig = await startRecorder(path);
    const { recorder, time } = rig;
    inputs = [];
    for (const id of ["a", "b"]) recorder.addStream(eeg(id, { person: id }));
    for (let k = 0; k < 60; k++) {
      for (const id of ["a", "b"]) {
        const chunk = chunkOf(id, k * 10, 10);
        recorder.write(chunk);
        recorder.writeInput(chunk);
        inputs.push(chunk);
        if (k % 10 === 0)
          recorder.write({ kind: "clock-offset", streamId: id, collectedAt: 50 + k / 10, offset: 950 });
      }
      const state = { kind: "state" as const, person: "a", layer: "gaze", state: `s${k}`, at: 1000 + k / 10 };
      recorder.write(state);
      time.advance(0.1);
      if (k % 3 === 0) await drain(rig);
    }
    await drain(rig);
    unfinished = await readFile(path);
    journal = (await readFile(journalOf(path), "utf8")).replace(/"processId":\d+/, '"processId":4194305');
    await recorder.close();
  });
});

async function leave(folder: string, length = unfinished.length): Promise<string> {
  const path = join(folder, "a.xdf");
  await writeFile(path, unfinished.subarray(0, length));
  await writeFile(journalOf(path), journal);
  return path;
}

describe("an interrupted recording", () => {
  test("is found with what it holds, until it is repaired", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = await leave(folder);
      await writeFile(join(folder, "gone.xdf.journal"), journal);
      const [found, ...others] = await findInterrupted(folder);
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        path,
        sessionId: "dyad-012",
        startedAt: "2026-09-21T14:30:00.000Z",
        bytes: unfinished.length,
        nSamples: 1260,
        reason: undefined,
        problem: undefined,
      });
      expect(found!.recoveredSeconds).toBeGreaterThan(5.9);
      const report = await repairRecording(path);
      expect(report).toMatchObject({
        changed: true,
        removedBytes: 0,
        damagedTail: undefined,
        nFootersWritten: 4,
        damage: [],
      });
      expect(await findInterrupted(folder)).toEqual([]);
      expect((await readdir(folder)).sort()).toEqual(["a.xdf", "gone.xdf.journal"]);
      const recording = await openContinuous(path);
      expect(await replay(recording)).toStrictEqual(inputs);
      expect(recording.streams[0]!.clock.nOffsets).toBe(6);
      await recording.close();
    });
  });

  test("cut anywhere it keeps every whole sample, and what was cut off; repairing again changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (where) => {
        await withTemporaryFolder(async (folder) => {
          const length = 4000 + Math.floor(where * (unfinished.length - 4000));
          const path = await leave(folder, length);
          const before = await openContinuous(path);
          const counts = before.streams.map(({ nSamples }) => nSamples);
          await before.close();
          const report = await repairRecording(path);
          expect(report.damage).toEqual([]);
          report.streams.forEach(({ nSamples }, i) => {
            // A sample beside the torn end, which a reader does not trust, is whole after all.
            expect(nSamples - counts[i]!).toBeGreaterThanOrEqual(0);
            expect(nSamples - counts[i]!).toBeLessThanOrEqual(1);
          });
          const repaired = await readFile(path);
          const wholeEnd = length - report.removedBytes;
          expect(repaired.subarray(0, wholeEnd).equals(unfinished.subarray(0, wholeEnd))).toBe(true);
          if (report.damagedTail !== undefined)
            expect(await readFile(report.damagedTail)).toEqual(unfinished.subarray(wholeEnd, length));
          else expect(report.removedBytes).toBe(0);
          const recording = await openContinuous(path);
          const played = await replay(recording);
          expect(played).toStrictEqual(inputs.slice(0, played.length));
          await recording.close();
          const again = await repairRecording(path);
          expect(again).toMatchObject({
            changed: false,
            removedBytes: 0,
            nFootersWritten: 0,
            nSamplesSaved: 0,
          });
          expect((await readFile(path)).equals(repaired)).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("a repair that is killed at any moment is taken up again with the same result", async () => {
    await withTemporaryFolder(async (folder) => {
      // Ends inside a chunk of samples, several of which are whole.
      const length = unfinished.lastIndexOf(Buffer.of(3, 0, 3, 0, 0, 0, 4)) + 150;
      const path = await leave(folder, length);
      const { wholeEnd, bytes: ending, nSamplesSaved } = await newEnding(path);
      expect(nSamplesSaved).toBeGreaterThan(2);
      const report = await repairRecording(path);
      const repaired = await readFile(path);
      const tail = await readFile(report.damagedTail!);
      expect(repaired.subarray(wholeEnd).equals(Buffer.from(ending))).toBe(true);
      const line = JSON.stringify({
        repair: { from: wholeEnd, length: tail.length, tail: "a.xdf.damaged-tail" },
      });
      const states: [Buffer, string][] = [[unfinished.subarray(0, length), journal]];
      for (let n = 0; n <= ending.length; n += 37) {
        const overwritten = Buffer.concat([
          unfinished.subarray(0, wholeEnd),
          ending.subarray(0, n),
          unfinished.subarray(Math.min(wholeEnd + n, length), length),
        ]);
        states.push([overwritten, `${journal}${line}\n`]);
      }
      states.push([repaired, `${journal}${line}\n`], [repaired, `${line}\n`]);
      for (const [bytes, text] of states) {
        await writeFile(path, bytes);
        await writeFile(journalOf(path), text);
        await repairRecording(path);
        expect((await readFile(path)).equals(repaired)).toBe(true);
        expect((await readdir(folder)).sort()).toEqual(["a.xdf", "a.xdf.damaged-tail"]);
        expect((await readFile(report.damagedTail!)).equals(tail)).toBe(true);
      }
    });
  });

  test("the tail of an earlier repair is not overwritten by another one's", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = await leave(folder, 9000);
      await writeFile(`${path}.damaged-tail`, "other");
      const report = await repairRecording(path);
      expect(report.damagedTail).toBe(`${path}.damaged-tail-2`);
      expect(await readFile(`${path}.damaged-tail`, "utf8")).toBe("other");
    });
  });

  test("one that is being recorded is neither listed nor touched", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const rig = await startRecorder(path);
      rig.recorder.addStream(eeg("a"));
      rig.recorder.write(chunkOf("a", 0, 100));
      await drain(rig);
      expect(await findInterrupted(folder)).toEqual([]);
      await expect(repairRecording(path)).rejects.toThrow("is still being recorded");
      // On another computer there is no telling whether the process lives: a journal in use is left alone for longer.
      const foreign = (await readFile(journalOf(path), "utf8")).replace(machineMark(), "0123456789ab");
      await writeFile(journalOf(path), foreign);
      const inSeconds = (seconds: number) => ({ wallClock: () => new Date(Date.now() + seconds * 1000) });
      expect(await findInterrupted(folder, inSeconds(30))).toEqual([]);
      expect(await findInterrupted(folder, inSeconds(90))).toHaveLength(1);
      await rig.recorder.close();
      expect(await repairRecording(path)).toMatchObject({ changed: false });
    });
  });
});

describe("repairing other files", () => {
  test("a recording of another recorder that was killed gets its footers, too", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "lab.xdf");
      const whole = await syntheticFile();
      await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.7)));
      const report = await repairRecording(path);
      expect(report).toMatchObject({ changed: true, nFootersWritten: 4, damage: [] });
      expect((await readdir(folder)).sort()).toEqual(["lab.xdf", "lab.xdf.damaged-tail"]);
      await writeFile(path, whole);
      expect(await repairRecording(path)).toMatchObject({ changed: false, nFootersWritten: 0 });
    });
  });

  test.each([
    ["a.xdfz", gzipSync("XDF:"), "is compressed"],
    ["a.csv", "a,b\n1,2\n", "is no XDF recording"],
    ["a.xdf", "XDF:rubbish that is no chunk at all", "holds no whole chunk"],
  ])("%s is refused and left as it is", async (name, content, message) => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, name);
      await writeFile(path, content);
      await expect(repairRecording(path)).rejects.toThrow(RecordingError);
      await expect(repairRecording(path)).rejects.toThrow(message);
      expect(await readFile(path)).toEqual(Buffer.from(content));
      expect(await readdir(folder)).toEqual([name]);
    });
  });
});
