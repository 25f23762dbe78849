import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SampleFormat } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { RecordingError } from "../errors.ts";
import { findInterrupted } from "../repair/find-interrupted.ts";
import { repairRecording } from "../repair/repair-recording.ts";
import { withTemporaryFolder } from "../xdf/synthetic.test-support.ts";
import { openRecorder } from "./open-recorder.ts";
import {
  chunkOf,
  drain,
  eeg,
  FACTS,
  FakeTime,
  openContinuous,
  replay,
  startRecorder,
  until,
} from "./recorder.test-support.ts";
import { type AppendFile, machineFiles, type RecordingFiles } from "./recording-files.ts";

/** The machine's files, with something put before every call of one recording file. */
function troubled(before: (call: keyof AppendFile, bytes: number) => Promise<void>): RecordingFiles {
  return {
    ...machineFiles,
    create: async (path, options) => {
      const file = await machineFiles.create(path, options);
      if (path.endsWith(".journal")) return file;
      return {
        append: async (bytes) => {
          await before("append", bytes.length);
          await file.append(bytes);
        },
        datasync: async () => {
          await before("datasync", 0);
          await file.datasync();
        },
        isLinked: () => file.isLinked(),
        close: () => file.close(),
      };
    },
  };
}

const errno = (code: string): Error => Object.assign(new Error(`${code}: by the test`), { code });

describe("the recorder", () => {
  test("never overwrites a file, and leaves nothing behind where it cannot begin", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      await writeFile(path, "precious");
      await expect(startRecorder(path)).rejects.toThrow("choose another name");
      await expect(startRecorder(path)).rejects.toMatchObject({ misuse: true });
      await expect(startRecorder(join(folder, "none", "b.xdf"))).rejects.toThrow(RecordingError);
      const cyclic: Record<string, unknown> = {};
      cyclic.self = cyclic;
      const session = { ...FACTS, settings: cyclic };
      await expect(startRecorder(join(folder, "c.xdf"), { session })).rejects.toThrow("cannot be recorded");
      expect(await readFile(path, "utf8")).toBe("precious");
      expect(await readdir(folder)).toEqual(["a.xdf"]);
    });
  });

  test("values come back from every format exactly, each in its own", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, events } = await startRecorder(path);
      const values: Partial<Record<SampleFormat, readonly number[]>> = {
        float32: [Math.fround(0.1), Number.NaN, -0, 3.4028234663852886e38],
        double64: [0.1, Number.NaN, -0, 5e-324],
        int8: [-128, 127, 0, 1],
        int16: [-32_768, 32_767, 0, 1],
        int32: [-(2 ** 31), 2 ** 31 - 1, 0, 1],
        int64: [-(2 ** 53), 2 ** 53, -(2 ** 63), 2 ** 62],
      };
      for (const [format, data] of Object.entries(values)) {
        const channels = [{ label: "x", unit: "" }];
        recorder.addStream(eeg(format, { channels, sampleFormat: format as SampleFormat }));
        recorder.write({
          kind: "samples",
          streamId: format,
          firstSample: 0,
          nSamples: 4,
          data: Float64Array.from(data),
          deviceTime: Float64Array.of(1e6 + 0.1, 1e6 + 0.11, 1e6 + 0.12, 1e6 + 0.13),
        });
      }
      recorder.addStream(eeg("text", { sampleFormat: "string", nominalSamplingRate: 0 }));
      const text = ["\ufeffBOM", "", "ä 😀 \u0000", "x".repeat(70_000)];
      recorder.write({
        kind: "text",
        streamId: "text",
        firstSample: 0,
        nSamples: 2,
        text,
        deviceTime: Float64Array.of(1e6, 1e6),
      });
      await recorder.close();
      expect(events).toEqual([]);
      const recording = await openContinuous(path);
      expect(recording.damage).toEqual([]);
      for (const [format, data] of Object.entries(values)) {
        const window = await recording.read(format, { fromSample: 0, nSamples: 9 });
        expect(window.data).toEqual(Float64Array.from(data));
        expect(window.deviceTime).toEqual(Float64Array.of(1e6 + 0.1, 1e6 + 0.11, 1e6 + 0.12, 1e6 + 0.13));
        expect(recording.streams.find(({ id }) => id === format)!.format).toBe(format);
      }
      expect((await recording.read("text", { fromSample: 0, nSamples: 2 })).text).toEqual(text);
      await recording.close();
    });
  });

  test("what a format cannot hold goes on in double64, a new layout as a stream of its own, and both are said", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, events } = await startRecorder(path);
      recorder.addStream(eeg("a", { sampleFormat: "float32" }));
      const chunks = [chunkOf("a", 0, 10), chunkOf("a", 10, 10), chunkOf("a", 20, 10)];
      chunks[0]!.data.forEach((x, i) => {
        chunks[0]!.data[i] = Math.fround(x);
      });
      for (const chunk of chunks) {
        recorder.write(chunk);
        recorder.writeInput(chunk);
      }
      recorder.addStream(eeg("a", { nominalSamplingRate: 50 }));
      const after = chunkOf("a", 30, 10);
      recorder.write(after);
      recorder.writeInput(after);
      await recorder.close();
      expect(events.map(({ kind }) => kind)).toEqual(["refused"]);
      expect(events[0]!.message).toContain("float32 cannot hold");
      const recording = await openContinuous(path);
      expect(recording.streams.map(({ id, format, nSamples }) => [id, format, nSamples])).toEqual([
        ["a", "float32", 10],
        ["a#3", "double64", 20],
        ["a#4", "double64", 10],
      ]);
      expect(await replay(recording)).toStrictEqual([...chunks, after]);
      expect(await replay(recording, { streams: ["a"] })).toStrictEqual([...chunks, after]);
      await recording.close();
    });
  });

  test("what cannot be recorded at all is refused aloud once, counted, and costs nothing else", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, events } = await startRecorder(path);
      recorder.addStream(eeg("a"));
      const good = chunkOf("a", 0, 10);
      const bad = [
        { ...good, streamId: "nobody" },
        { ...good, deviceTime: good.deviceTime.map(() => Number.NaN) },
        { ...good, deviceTime: good.deviceTime.map((t) => t * 1e12) },
        { ...good, data: new Float64Array(3) },
        { ...good, kind: "text" as const, text: ["x"] },
        { kind: "clock-offset" as const, streamId: "a", collectedAt: 1, offset: Number.NaN },
        { kind: "state" as const, person: "a", layer: "b", state: "c", at: Number.NaN },
      ];
      for (const item of [...bad, ...bad]) recorder.write(item);
      recorder.write(good);
      recorder.writeInput({ ...good, firstSample: 500 });
      recorder.writeInput(good);
      expect(recorder.health.nLeftOut).toBe(2 * bad.length + 1);
      await recorder.close();
      expect(
        events
          .map(({ message }) => message)
          .join("\n")
          .split("\n"),
      ).toHaveLength(6);
      const recording = await openContinuous(path);
      expect(recording.streams.map(({ nSamples }) => nSamples)).toEqual([10, 0]);
      expect(await replay(recording)).toEqual([good]);
      expect(await recording.session!.check()).toMatchObject({ nChunksWithoutSamples: 1, isExact: false });
      await recording.close();
    });
  });

  test("clock offsets are those that were measured, in the stream they belong to; none are made up", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, time } = await startRecorder(path);
      for (const id of ["a", "b"]) recorder.addStream(eeg(id));
      for (let k = 0; k < 8; k++) {
        recorder.write(chunkOf("a", k * 50, 50));
        recorder.write({ kind: "clock-offset", streamId: "a", collectedAt: 50 + k / 2, offset: 950.25 });
        recorder.write(chunkOf("b", k * 50, 50));
        time.advance(0.5);
      }
      await recorder.close();
      const recording = await openContinuous(path);
      expect(recording.streams.map(({ clock }) => [clock.nOffsets, clock.model])).toEqual([
        [8, "median"],
        [0, "none"],
      ]);
      expect(recording.streams[0]!.clock.offset).toBe(950.25);
      await recording.close();
    });
  });

  test("the journal marks durable boundaries every three seconds and goes when all is done; closing twice is once", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, time } = await startRecorder(path);
      recorder.addStream(eeg("a"));
      const marks = async (): Promise<{ bytes: number }[]> =>
        (await readFile(`${path}.journal`, "utf8"))
          .split("\n")
          .filter((line) => line.startsWith('{"bytes"'))
          .map((line) => JSON.parse(line) as { bytes: number });
      for (let k = 0; k < 100; k++) {
        recorder.write(chunkOf("a", k * 10, 10));
        time.advance(0.1);
        await until(() => recorder.health.queueSeconds < 0.3);
      }
      await until(async () => (await marks()).length >= 2);
      const bytes = await readFile(path);
      for (const { bytes: end } of await marks())
        expect(bytes.subarray(end - 16, end).toString("hex")).toBe("43a546dccbf5410fb30ed5467383cbe4");
      expect((await marks()).length).toBeLessThanOrEqual(4);
      expect(await findInterrupted(folder)).toEqual([]);
      expect(recorder.health).toMatchObject({ state: "recording", nLeftOut: 0 });
      expect(recorder.health.bytesPerSecond).toBeGreaterThan(10 * 10 * 25);
      expect(recorder.health.freeDiskMinutes).toBeGreaterThan(1);
      await Promise.all([recorder.close(), recorder.close()]);
      await recorder.close();
      recorder.write(chunkOf("a", 2000, 10));
      recorder.writeInput(chunkOf("a", 2000, 10));
      recorder.addStream(eeg("late"));
      expect(recorder.health).toMatchObject({ state: "closed", nLeftOut: 2, queueBytes: 0 });
      expect(time.nTimers).toBe(0);
      expect(await readdir(folder)).toEqual(["a.xdf"]);
      const recording = await openContinuous(path);
      expect(recording.streams[0]!.nSamples).toBe(1000);
      await recording.close();
    });
  });

  test("a disk that stalls loses nothing up to the bound; beyond, it is said what was lost and where", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      let release = (): void => {};
      let stall: Promise<void> | undefined;
      const files = troubled(async (call) => {
        if (call === "append") await stall;
      });
      const { recorder, time, events } = await startRecorder(path, { files, maxQueueBytes: 20_000 });
      recorder.addStream(eeg("a"));
      const push = (k: number): void => {
        const chunk = chunkOf("a", k * 10, 10);
        recorder.write(chunk);
        recorder.writeInput(chunk);
        time.advance(0.1);
      };
      push(0);
      await drain({ recorder, time });
      stall = new Promise((resolve) => {
        release = resolve;
      });
      let k = 1;
      while (events.length === 0) push(k++);
      const kept = k - 1;
      expect(events[0]!.kind).toBe("overflow");
      expect(recorder.health.queueBytes).toBeGreaterThan(20_000);
      expect(recorder.health.queueBytes).toBeLessThan(21_000);
      expect(recorder.health.queueSeconds).toBeGreaterThan(2);
      expect(recorder.health.state).toBe("recording");
      while (k < kept + 50) push(k++);
      expect(recorder.health.queueBytes).toBeLessThan(21_000);
      const after = k;
      release();
      await until(() => recorder.health.queueBytes < 5000);
      while (k < after + 20) push(k++);
      expect(events.map(({ kind }) => kind)).toEqual(["overflow", "recovered"]);
      await recorder.close();
      const recording = await openContinuous(path);
      const played = await replay(recording);
      const expected = [...Array(kept).keys(), ...Array.from({ length: 20 }, (_, i) => after + i)].map((i) =>
        chunkOf("a", i * 10, 10),
      );
      expect(played).toStrictEqual(expected);
      const check = await recording.session!.check();
      expect(check).toMatchObject({ nInputs: kept + 20, nMissing: after - kept, isExact: false });
      await recording.close();
    });
  });

  test.each([
    ["ENOSPC", "append", "full", "the disk is full"],
    ["EDQUOT", "append", "full", "the disk is full"],
    ["EIO", "append", "failed", "cannot be written any more (EIO"],
    ["EIO", "datasync", "failed", "cannot be written any more (EIO"],
    ["ENOENT", "append", "failed", "cannot be written any more (ENOENT"],
  ] as const)("%s on %s ends the recording cleanly and nothing else", async (code, call, state, words) => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      let failing = false;
      const files = troubled(async (each) => {
        if (failing && each === call) throw errno(code);
      });
      const { recorder, time, events } = await startRecorder(path, { files });
      recorder.addStream(eeg("a"));
      for (let k = 0; k < 20; k++) {
        recorder.write(chunkOf("a", k * 10, 10));
        time.advance(0.1);
      }
      await drain({ recorder, time });
      failing = true;
      for (let k = 20; k < 60; k++) {
        recorder.write(chunkOf("a", k * 10, 10));
        time.advance(0.1);
        await until(() => recorder.health.state !== "recording" || recorder.health.queueSeconds < 0.3);
      }
      await until(() => recorder.health.state === state);
      failing = false;
      recorder.write(chunkOf("a", 600, 10));
      time.advance(10);
      expect(recorder.health.state).toBe(state);
      expect(events.map(({ kind }) => kind)).toEqual([state]);
      expect(events[0]!.message).toContain(words);
      expect(events[0]!.message).toContain("the session goes on without being recorded");
      await recorder.close();
      expect(recorder.health.state).toBe(state);
      expect(time.nTimers).toBe(0);
      const recording = await openContinuous(path);
      const { nSamples } = recording.streams[0]!;
      expect(nSamples).toBeGreaterThanOrEqual(200);
      expect(nSamples).toBeLessThan(600);
      await recording.close();
      const [interrupted] = await findInterrupted(folder);
      expect(interrupted).toMatchObject({ path, sessionId: "dyad-012", nSamples });
      expect(interrupted!.reason).toContain(words);
      await repairRecording(path);
      expect(await findInterrupted(folder)).toEqual([]);
    });
  });

  test("a folder that is removed while recording ends the recording aloud", async () => {
    await withTemporaryFolder(async (parent) => {
      const folder = join(parent, "data");
      await mkdir(folder);
      const { recorder, time, events } = await startRecorder(join(folder, "a.xdf"));
      recorder.addStream(eeg("a"));
      await rm(folder, { recursive: true });
      let k = 0;
      await until(() => {
        recorder.write(chunkOf("a", k++ * 10, 10));
        time.advance(0.1);
        return recorder.health.state === "failed";
      });
      expect(events.map(({ kind }) => kind)).toEqual(["failed"]);
      expect(events[0]!.message).toContain("its file was deleted");
      await recorder.close();
    });
  });

  test("the disk alarm comes in minutes, once per limit, and goes again", async () => {
    await withTemporaryFolder(async (folder) => {
      let free = 1e12;
      const files = { ...machineFiles, freeBytes: async () => free };
      const { recorder, time, events } = await startRecorder(join(folder, "a.xdf"), { files });
      recorder.addStream(eeg("a"));
      let k = 0;
      const run = async (seconds: number): Promise<void> => {
        for (let i = 0; i < seconds * 10; i++) {
          recorder.write(chunkOf("a", k++ * 10, 10));
          time.advance(0.1);
          if (i % 5 === 0) await until(() => recorder.health.queueSeconds < 0.3);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await run(12);
      expect(events).toEqual([]);
      const { bytesPerSecond } = recorder.health;
      const told = async (minutes: number, nEvents: number): Promise<void> => {
        free = bytesPerSecond * 60 * minutes;
        for (let i = 0; i < 40 && events.length < nEvents; i++) await run(1);
        await run(3);
      };
      await told(10, 1);
      await told(9, 1);
      await told(0.5, 2);
      await told(1000, 3);
      expect(events.map(({ kind }) => kind)).toEqual(["disk-low", "disk-low", "recovered"]);
      expect(events[0]!.message).toMatch(/will be full in (9|10|11) minutes/);
      await recorder.close();
    });
  });

  test("a listener that throws does not end the recording", async () => {
    await withTemporaryFolder(async (folder) => {
      const time = new FakeTime();
      const recorder = await openRecorder({
        path: join(folder, "a.xdf"),
        session: FACTS,
        now: time.now,
        setTimer: time.setTimer,
        onEvent: () => {
          throw new Error("listener");
        },
      });
      recorder.write(chunkOf("nobody", 0, 1));
      await recorder.close();
      expect(recorder.health.state).toBe("closed");
    });
  });
});

describe("a disk that is really full", () => {
  test("ends the recording; what is on it can be read and, with room again, repaired", async (context) => {
    await withTemporaryFolder(async (folder) => {
      const disk = join(folder, "disk");
      await mkdir(disk);
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "attune-test", disk], { stdio: "pipe" });
      } catch {
        // Containers may not mount; what a full disk answers is tested without one as well.
        context.skip("a small disk cannot be mounted here: needs root and mount");
      }
      try {
        const path = join(disk, "a.xdf");
        const { recorder, time, events } = await startRecorder(path);
        recorder.addStream(eeg("a"));
        let k = 0;
        await until(() => {
          for (let i = 0; i < 10; i++) {
            const chunk = chunkOf("a", k++ * 100, 100);
            recorder.write(chunk);
            recorder.writeInput(chunk);
          }
          time.advance(0.25);
          return recorder.health.state !== "recording";
        });
        await recorder.close();
        expect(recorder.health.state).toBe("full");
        expect(events.at(-1)!.message).toContain("the disk is full");
        expect((await stat(path)).size).toBeGreaterThan(1_900_000);
        const recording = await openContinuous(path);
        const { nSamples } = recording.streams[0]!;
        expect(nSamples * 25).toBeGreaterThan(1_500_000);
        const { data } = await recording.read("a", { fromSample: nSamples - 1, nSamples: 1 });
        expect(data).toEqual(chunkOf("a", nSamples - 1, 1).data);
        await recording.close();
        execFileSync("mount", ["-o", "remount,size=8m", disk]);
        const report = await repairRecording(path);
        expect(report).toMatchObject({ changed: true, damage: [], nFootersWritten: 2 });
        expect(report.streams[0]!.nSamples).toBeGreaterThanOrEqual(nSamples);
      } finally {
        execFileSync("umount", [disk]);
      }
    });
  });
});
