import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import type { SampleChunk, SessionInput } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordingError } from "./errors.ts";
import { openRecording } from "./open-recording.ts";
import type { ContinuousRecording, OpenOptions, PlayOptions } from "./recording.ts";
import { encodeState, STATES_STREAM } from "./states/marker-input.ts";
import { syntheticFile, withTemporaryFolder } from "./xdf/synthetic.test-support.ts";
import { XdfWriter } from "./xdf/xdf-writer.ts";

async function withFile<T>(
  name: string,
  content: string | Uint8Array,
  work: (path: string) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return work(path);
  });
}

async function openContinuous(path: string, options: OpenOptions = {}): Promise<ContinuousRecording> {
  const recording = await openRecording(path, options);
  if (recording.kind !== "continuous") throw new Error("not continuous");
  return recording;
}

async function inputsOf(recording: ContinuousRecording, options: PlayOptions): Promise<SessionInput[]> {
  const inputs: SessionInput[] = [];
  for await (const input of recording.play(options)) inputs.push(input);
  return inputs;
}

const samplesIn = (inputs: SessionInput[]): SampleChunk[] => inputs.filter((i) => i.kind === "samples");

describe("openRecording", () => {
  test.each([
    ["empty.xdf", new Uint8Array(0), "is empty; Attune reads XDF"],
    [
      "photo.xdf",
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70),
      "is not a recording that can be read; Attune reads XDF",
    ],
    ["notes.md", "Just some words.\nAnd more.", "is not a recording"],
    ["page.html", "<html><body>,</body></html>\n,", "is not a recording"],
    ["other.gz", gzipSync("hello"), "is compressed but holds no XDF"],
  ])("%s is refused in one sentence that says what can be read", async (name, content, message) => {
    await withFile(name, content, async (path) => {
      await expect(openRecording(path)).rejects.toThrow(RecordingError);
      await expect(openRecording(path)).rejects.toThrow(message);
    });
  });

  test("a missing file and a folder are said to be that", async () => {
    await expect(openRecording("/nowhere/a.xdf")).rejects.toThrow("there is no such file");
    await withTemporaryFolder(async (folder) => {
      await expect(openRecording(folder)).rejects.toThrow(RecordingError);
    });
  });

  test.each([
    ["nothing but its header", false, "the recording is empty: it has no streams"],
    ["a stream and no samples", true, "the recording is empty: none of its streams has samples"],
  ])("a recording with %s opens and says that it is empty", async (_, withStream, what) => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const writer = await XdfWriter.create(path);
      const info = { name: "n", type: "EEG", channels: [{ label: "a", unit: "" }], nominalSamplingRate: 2 };
      if (withStream) await writer.addStream(1, { ...info, format: "float32" });
      await writer.close();
      const recording = await openContinuous(path);
      expect(recording.damage.map((entry) => entry.what)).toEqual([what]);
      expect(recording.durationSeconds).toBe(0);
      expect(await inputsOf(recording, { alignment: "offline" })).toEqual([]);
      await recording.close();
    });
  });

  test("a wrong request is told from a file that cannot be read", async () => {
    await withFile("a.csv", "Fz\n1\n", async (path) => {
      await expect(openRecording(path)).rejects.toMatchObject({ misuse: true });
      await expect(openRecording(path, { samplingRate: -1 })).rejects.toMatchObject({ misuse: true });
    });
    await expect(openRecording("/nowhere/a.xdf")).rejects.toMatchObject({ misuse: false });
    await withFile("a.xdf", await syntheticFile(), async (path) => {
      const recording = await openContinuous(path);
      await expect(recording.read("9", { fromSample: 0, nSamples: 1 })).rejects.toMatchObject({
        misuse: true,
      });
      await recording.close();
    });
  });

  test("gzip and zlib are the same recording as the plain file; a cut one gives what is left and says so", async () => {
    const plain = await syntheticFile();
    for (const packed of [gzipSync(plain), deflateSync(plain)])
      await withFile("a.xdfz", packed, async (path) => {
        const recording = await openContinuous(path);
        expect(recording.damage).toEqual([]);
        expect(recording.streams.map((s) => s.nSamples)).toEqual([4000, 4000, 4000, 40]);
        await recording.close();
        await writeFile(path, packed.subarray(0, packed.length / 2));
        const cut = await openContinuous(path);
        expect(cut.streams[0]!.nSamples).toBeGreaterThan(1000);
        expect(cut.damage.at(-1)!.what).toContain("breaks off");
        await cut.close();
      });
  });
});

describe("play", () => {
  test("gives every sample once, in order of completion, and the same for any chunk length", async () => {
    await withFile("a.xdf", await syntheticFile(), async (path) => {
      const recording = await openContinuous(path);
      for (const alignment of ["offline", "causal"] as const)
        for (const chunkSeconds of [0.005, 0.1, 0.23, 5]) {
          const inputs = await inputsOf(recording, { alignment, chunkSeconds });
          for (const stream of recording.streams.filter((s) => s.format !== "string")) {
            const chunks = samplesIn(inputs).filter((c) => c.streamId === stream.id);
            let next = 0;
            for (const chunk of chunks) {
              expect(chunk.firstSample).toBe(next);
              next += chunk.nSamples;
              expect(chunk.sessionTime === undefined).toBe(alignment === "causal");
            }
            expect(next).toBe(stream.nSamples);
            const whole = await recording.read(stream.id, { fromSample: 0, nSamples: next });
            const first = chunks.flatMap((c) => [...c.data.subarray(0, c.nSamples)]);
            expect(first).toEqual([...whole.data.subarray(0, next)]);
            expect(chunks.flatMap((c) => [...c.deviceTime])).toEqual([...whole.deviceTime]);
          }
          const complete = inputs.flatMap((i) =>
            i.kind === "samples"
              ? i.sessionTime
                ? [i.sessionTime[i.nSamples - 1]!]
                : []
              : i.kind === "clock-offset"
                ? []
                : [i.at],
          );
          if (alignment === "offline") expect(complete).toEqual([...complete].sort((a, b) => a - b));
          expect(inputs.filter((i) => i.kind === "event")).toHaveLength(40);
          const offsets = inputs.filter((i) => i.kind === "clock-offset");
          expect(offsets).toHaveLength(alignment === "causal" ? 30 : 0);
        }
      await recording.close();
    });
  });

  test("a subset of streams and channels is just that", async () => {
    await withFile("a.xdf", await syntheticFile(), async (path) => {
      const recording = await openContinuous(path);
      const inputs = await inputsOf(recording, {
        alignment: "offline",
        streams: ["2"],
        channels: { "2": [3, 0] },
      });
      const whole = await recording.read("2", { fromSample: 0, nSamples: 4000 });
      const [chunk] = samplesIn(inputs);
      expect(inputs.every((i) => i.kind === "samples" && i.streamId === "2")).toBe(true);
      const n = chunk!.nSamples;
      expect(chunk!.data).toEqual(
        Float64Array.of(...whole.data.subarray(12_000, 12_000 + n), ...whole.data.subarray(0, n)),
      );
      await expect(inputsOf(recording, { alignment: "offline", streams: ["9"] })).rejects.toThrow(
        'no stream "9"',
      );
      await recording.close();
    });
  });

  test("states that the recording carries come as state changes at their corrected time", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const writer = await XdfWriter.create(path);
      const channels = [{ label: "state", unit: "" }];
      await writer.addStream(1, {
        name: STATES_STREAM,
        type: "Markers",
        channels,
        nominalSamplingRate: 0,
        format: "string",
      });
      const text = [
        encodeState({ person: "adult", layer: "gaze", state: "direct" }),
        encodeState({ person: "adult", layer: "gaze", state: "averted" }),
        "not json",
      ];
      await writer.writeClockOffset(1, 1000, 50);
      await writer.writeSamples(1, Float64Array.of(1000, 1002.5, 1003), { text });
      await writer.close();
      const recording = await openContinuous(path);
      expect(recording.epochSeconds).toBe(1050);
      const expected = [
        { kind: "state", person: "adult", layer: "gaze", state: "direct", at: 0 },
        { kind: "state", person: "adult", layer: "gaze", state: "averted", at: 2.5 },
      ];
      expect(await recording.stateChanges()).toEqual(expected);
      expect(await recording.events()).toMatchObject([{ label: "not json", at: 3, source: STATES_STREAM }]);
      for (const alignment of ["offline", "causal"] as const)
        expect((await inputsOf(recording, { alignment })).filter((i) => i.kind === "state")).toEqual(
          expected,
        );
      await recording.close();
    });
  });
});

describe("tables", () => {
  test("sample n lies exactly at n / samplingRate, missing cells are NaN", async () => {
    await withFile("a.csv", "Fz,Cz\n1,2\n,NaN\n-3e-2,n/a\n", async (path) => {
      const recording = await openContinuous(path, { samplingRate: 3 });
      const { data, sessionTime } = await recording.read("table", { fromSample: 0, nSamples: 9 });
      expect(data).toEqual(Float64Array.of(1, Number.NaN, -0.03, 2, Number.NaN, Number.NaN));
      expect(sessionTime).toEqual(Float64Array.of(0, 1 / 3, 2 / 3));
      expect(recording.streams[0]!.channels.map((c) => c.label)).toEqual(["Fz", "Cz"]);
      const [chunk] = samplesIn(await inputsOf(recording, { alignment: "offline" }));
      expect(chunk!.sessionTime![0]).toBe(0);
    });
  });

  test.each([
    ["Fz,Cz\n1,2\n3,x\n", 'row 3, column "Cz": "x" is not a number'],
    ["Fz,Cz\n1,2\n3\n", "row 3: 1 cells where the header has 2 columns"],
    ["Fz,Cz\n1,2,3\n", "row 2: 3 cells"],
    ["Fz,Cz\n1,2\n\n3,4\n", "row 3: the row is empty"],
    ["1,2\n3,4\n", "row 1: there are numbers"],
    ["Fz,Fz\n3,4\n", 'the channel name "Fz" stands twice'],
    ["Fz,\n3,4\n", "column 2 has no name"],
    ["Fz,Cz\n", "has a header row but no samples"],
  ])("%j is refused and says where", async (text, message) => {
    await withFile("a.csv", text, async (path) => {
      await expect(openRecording(path, { samplingRate: 100 })).rejects.toThrow(RecordingError);
      await expect(openRecording(path, { samplingRate: 100 })).rejects.toThrow(message);
    });
  });

  test("the sampling rate must be given", async () => {
    await withFile("a.tsv", "a\tb\n1\t2\n", async (path) => {
      await expect(openRecording(path)).rejects.toThrow("give samplingRate");
    });
  });

  test("any numbers come back as they were written", async () => {
    const rows = fc.array(
      fc.tuple(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(",", "\t", ";"), async (values, separator) => {
        const text = `${["a", "b"].join(separator)}\r\n${values.map((row) => row.join(separator)).join("\r\n")}`;
        await withFile("a.csv", text, async (path) => {
          const recording = await openContinuous(path, { samplingRate: 250 });
          const { data } = await recording.read("table", { fromSample: 0, nSamples: values.length });
          expect([...data].map((x) => x + 0)).toEqual([
            ...values.map((r) => r[0] + 0),
            ...values.map((r) => r[1] + 0),
          ]);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe("epochs", () => {
  test("several persons are one recording, by options or by a file that lists them", async () => {
    await withTemporaryFolder(async (folder) => {
      const sidecar = { shape: [2, 1, 3], sfreq: 500, channels: ["Cz"], unit: "uV", tmin: -0.5 };
      for (const [name, base] of [
        ["a", 0],
        ["i", 10],
      ] as const) {
        await writeFile(join(folder, `${name}.json`), JSON.stringify(sidecar));
        await writeFile(
          join(folder, `${name}.f32`),
          new Uint8Array(Float32Array.from({ length: 6 }, (_, k) => base + k).buffer),
        );
      }
      const list = join(folder, "dyad.json");
      await writeFile(list, JSON.stringify({ persons: { adult: "a.json", infant: "i.json" } }));
      const files = { adult: join(folder, "a.json"), infant: join(folder, "i.json") };
      for (const recording of [await openRecording(list), await openRecording(files.adult, { files })]) {
        if (recording.kind !== "epochs") throw new Error("not epochs");
        const persons = await recording.epochs();
        expect(recording).toMatchObject({ persons: ["adult", "infant"], nEpochs: 2 });
        expect(persons.get("infant")).toMatchObject({
          samplingRate: 500,
          nSamples: 3,
          firstSampleSeconds: -0.5,
        });
        expect(persons.get("infant")!.epochs).toEqual([
          Float64Array.of(10, 11, 12),
          Float64Array.of(13, 14, 15),
        ]);
      }
      await writeFile(join(folder, "i.f32"), new Uint8Array(20));
      const short = await openRecording(list);
      if (short.kind === "epochs")
        await expect(short.epochs()).rejects.toThrow("has 20 bytes, but 2 x 1 x 3 float32 need 24");
      await writeFile(join(folder, "i.json"), JSON.stringify({ ...sidecar, shape: [3, 1, 3] }));
      await expect(openRecording(list)).rejects.toThrow("adult has 2 epochs and infant has 3");
      await writeFile(list, "{ broken");
      await expect(openRecording(list)).rejects.toThrow("is not valid JSON");
    });
  });
});
