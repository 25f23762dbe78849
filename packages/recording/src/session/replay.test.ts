import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceOutput, SampleFormat, SessionInput, Stream } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordingError } from "../errors.ts";
import {
  chunkOf,
  drain,
  eeg,
  FACTS,
  openContinuous,
  replay,
  startRecorder,
} from "../recorder/recorder.test-support.ts";
import { withTemporaryFolder } from "../xdf/synthetic.test-support.ts";

const FORMATS = ["float32", "double64", "int8", "int16", "int32", "int64"] as const;

const valuesOf: Record<(typeof FORMATS)[number], fc.Arbitrary<number>> = {
  float32: fc.float(),
  double64: fc.double(),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc.maxSafeInteger().map((x) => x + 0),
};

const text = fc.string({ unit: "binary", maxLength: 12 });
const time = fc.double({ noDefaultInfinity: true, noNaN: true });
const stamp = fc.double({ min: -1e10, max: 1e10, noNaN: true });

/** One thing that happens: to the recorder, to the analysis, or to both. */
type Step =
  | { readonly kind: "write" | "both" | "input"; readonly item: SessionInput | DeviceOutput }
  | { readonly kind: "pass"; readonly seconds: number };

interface Plan {
  readonly streams: readonly Stream[];
  readonly steps: readonly Step[];
}

/** Any interleaving of chunks (with losses, restarts of the counter and odd values), offsets, states, events and lag. */
const plan: fc.Arbitrary<Plan> = fc
  .array(
    fc.tuple(fc.constantFrom(...FORMATS), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 100, 250)),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .chain((shapes) => {
    const streams = shapes.map(
      ([sampleFormat, nChannels, nominalSamplingRate], i): Stream => ({
        id: `device-${i}`,
        name: `Device ${i}`,
        type: "EEG",
        channels: Array.from({ length: nChannels }, (_, c) => ({ label: `c${c}`, unit: "uV" })),
        nominalSamplingRate,
        sampleFormat,
      }),
    );
    const samples = fc.integer({ min: 0, max: shapes.length - 1 }).chain((i) => {
      const [format, nChannels] = shapes[i]!;
      return fc.integer({ min: 0, max: 6 }).chain((nSamples) =>
        fc.record({
          i: fc.constant(i),
          nSamples: fc.constant(nSamples),
          jump: fc.oneof(
            { weight: 5, arbitrary: fc.constant(0) },
            fc.integer({ min: 1, max: 50 }),
            fc.constant(-1),
          ),
          data: fc.array(valuesOf[format as Exclude<SampleFormat, "string">], {
            minLength: nSamples * nChannels,
            maxLength: nSamples * nChannels,
          }),
          odd: fc.boolean(),
          stamps: fc.array(stamp, { minLength: nSamples, maxLength: nSamples }),
          receivedAt: fc.option(time, { nil: undefined }),
          sessionTime: fc.option(fc.array(time, { minLength: nSamples, maxLength: nSamples }), {
            nil: undefined,
            freq: 8,
          }),
          seen: fc.constantFrom("write", "both", "both", "both"),
        }),
      );
    });
    const others: fc.Arbitrary<Step> = fc.oneof(
      fc.record({
        kind: fc.constantFrom("both", "input"),
        item: fc.oneof(
          fc.record({
            kind: fc.constant("clock-offset" as const),
            streamId: fc.constantFrom(...streams.map(({ id }) => id)),
            collectedAt: stamp,
            offset: stamp,
          }),
          fc.record({
            kind: fc.constant("state" as const),
            person: text,
            layer: text,
            state: text,
            at: time,
          }),
          fc.record({ kind: fc.constant("event" as const), label: text, at: time, source: text }),
        ),
      }) as fc.Arbitrary<Step>,
      fc.record({
        kind: fc.constant("input" as const),
        item: fc.record({ kind: fc.constant("analysis-lag" as const), late: fc.boolean(), at: fc.double() }),
      }),
      fc.record({ kind: fc.constant("pass" as const), seconds: fc.double({ min: 0, max: 2, noNaN: true }) }),
    );
    const step = fc.oneof(
      { weight: 3, arbitrary: samples.map((chunk) => ({ chunk })) },
      { weight: 2, arbitrary: others.map((other) => ({ other })) },
    );
    return fc.array(step, { maxLength: 40 }).map((raw): Plan => {
      const next = streams.map(() => 0);
      const steps = raw.map((each): Step => {
        if ("other" in each) return each.other;
        const { i, nSamples, jump, data, odd, stamps, receivedAt, sessionTime, seen } = each.chunk;
        const firstSample = jump < 0 ? 0 : next[i]! + jump;
        next[i] = firstSample + nSamples;
        const values = Float64Array.from(data);
        // Values that the stream's format cannot hold.
        if (odd && streams[i]!.sampleFormat !== "double64" && values.length > 0 && nSamples > 4)
          values[0] = 0.1 + 1e9;
        return {
          kind: seen as "write" | "both",
          item: {
            kind: "samples",
            streamId: streams[i]!.id,
            firstSample,
            nSamples,
            data: values,
            deviceTime: Float64Array.from(stamps),
            ...(receivedAt === undefined ? {} : { receivedAt }),
            ...(sessionTime === undefined ? {} : { sessionTime: Float64Array.from(sessionTime) }),
          },
        };
      });
      return { streams, steps };
    });
  });

/** Integer formats have one zero; everything else is compared to the bit. */
function comparable(input: SessionInput): unknown {
  return input.kind === "samples" ? { ...input, data: input.data.map((x) => x + 0) } : { ...input };
}

describe("a recorded session", () => {
  test("any interleaving of inputs is played exactly as the analysis took it", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ streams, steps }) => {
        await withTemporaryFolder(async (folder) => {
          const path = join(folder, "a.xdf");
          const { recorder, time: clock } = await startRecorder(path);
          const seen: SessionInput[] = [];
          for (const stream of streams) recorder.addStream(stream);
          for (const step of steps) {
            if (step.kind === "pass") {
              clock.advance(step.seconds);
              continue;
            }
            if (step.kind !== "input") recorder.write(step.item as DeviceOutput);
            if (step.kind !== "write") {
              recorder.writeInput(step.item as SessionInput);
              seen.push(step.item as SessionInput);
            }
          }
          await recorder.close();
          expect(recorder.health.state).toBe("closed");
          const recording = await openContinuous(path);
          const played = await replay(recording);
          expect(played.map(comparable)).toStrictEqual(seen.map(comparable));
          expect(await recording.session!.check()).toEqual({
            nInputs: seen.length,
            nMissing: 0,
            nChunksWithoutSamples: 0,
            isExact: true,
          });
          await recording.close();
        });
      }),
      { numRuns: 60 },
    );
  });

  test("says with what settings and of whom it was", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder } = await startRecorder(path);
      const description = { model: "X-32 <&>", "declared latency": 0.003, wireless: true };
      const channels = [{ label: "Fz", unit: "uV", unitsPerCount: 0.022351744455307063 }];
      const stream = eeg("amp-1", { channels, description, person: "adult", sourceId: "SN 7" });
      recorder.addStream(stream);
      recorder.addStream(eeg("amp-2", { person: "infant" }));
      recorder.write({ kind: "state", person: "adult", layer: "gaze", state: "direct", at: 1000.5 });
      recorder.write({ kind: "event", label: "phase 1", at: 1001, source: "button box" });
      await recorder.close();
      const recording = await openContinuous(path);
      const settings = { window: { seconds: 1 }, note: "größer & <kleiner> \uffff \ud800 😀 \u0000" };
      expect(recording.session).toMatchObject({ ...FACTS, settings });
      expect(recording.session!.people).toEqual({ "amp-1": "adult", "amp-2": "infant" });
      expect(recording.streams[0]).toMatchObject({
        id: "amp-1",
        channels,
        description,
        sourceId: "SN 7",
        person: "adult",
        format: "double64",
      });
      expect(recording.streams.map(({ name }) => name)).toEqual([
        "amp-1",
        "amp-2",
        "Attune-States",
        "button box",
      ]);
      expect(await recording.stateChanges()).toEqual([
        { kind: "state", person: "adult", layer: "gaze", state: "direct", at: 1000.5 },
      ]);
      expect(await recording.events()).toEqual([
        { kind: "event", label: "phase 1", at: 1001, source: "button box" },
      ]);
      await recording.close();
    });
  });

  test("plays chosen streams and channels, and by the rule of other recordings when asked", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder } = await startRecorder(path);
      for (const id of ["a", "b"]) recorder.addStream(eeg(id));
      for (let k = 0; k < 5; k++)
        for (const id of ["a", "b"]) {
          const chunk = chunkOf(id, k * 10, 10);
          recorder.write(chunk);
          recorder.writeInput(chunk);
          recorder.writeInput({ kind: "clock-offset", streamId: id, collectedAt: k, offset: 900 });
        }
      recorder.writeInput({ kind: "analysis-lag", late: true, at: 3 });
      await recorder.close();
      const recording = await openContinuous(path);
      const played = await replay(recording, { streams: ["b"], channels: { b: [1] } });
      expect(played.map(({ kind }) => kind)).toEqual([
        ...Array.from({ length: 5 }, () => ["samples", "clock-offset"]).flat(),
        "analysis-lag",
      ]);
      expect(played[2]).toMatchObject({
        streamId: "b",
        firstSample: 10,
        data: chunkOf("b", 10, 10).data.slice(10),
      });
      await expect(replay(recording, { streams: ["c"] })).rejects.toThrow(RecordingError);
      const ruled = await replay(recording, { order: "rule", chunkSeconds: 0.25 });
      expect(ruled.filter(({ kind }) => kind === "samples")).toHaveLength(4);
      await recording.close();
    });
  });

  test("whose header is damaged plays by the rule of other recordings, and says so", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder } = await startRecorder(path);
      recorder.addStream(eeg("a"));
      const chunk = chunkOf("a", 0, 100);
      recorder.write(chunk);
      recorder.writeInput(chunk);
      await recorder.close();
      const bytes = await readFile(path);
      bytes.write("X", bytes.indexOf('{"id":"dyad-012"'));
      await writeFile(path, bytes);
      const recording = await openContinuous(path);
      expect(recording.session).toBeUndefined();
      expect(recording.damage[0]!.what).toContain("cannot be replayed as it was");
      expect(recording.streams.map(({ id }) => id)).toEqual(["a"]);
      expect(await recording.events()).toEqual([]);
      expect((await replay(recording)).filter(({ kind }) => kind === "samples")).toHaveLength(5);
      await recording.close();
    });
  });

  test("a file that ends anywhere plays what it holds of the session, and nothing else", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, time: clock } = await startRecorder(path);
      const seen: SessionInput[] = [];
      for (const id of ["a", "b"]) recorder.addStream(eeg(id, { sampleFormat: "double64" }));
      for (let k = 0; k < 60; k++) {
        for (const id of ["a", "b"]) {
          const chunk = chunkOf(id, k * 10 + (k > 30 ? 7 : 0), 10);
          recorder.write(chunk);
          recorder.writeInput(chunk);
          seen.push(chunk);
        }
        const state = {
          kind: "state" as const,
          person: "adult",
          layer: "gaze",
          state: `s${k}`,
          at: 1000 + k,
        };
        recorder.writeInput(state);
        seen.push(state);
        clock.advance(0.1);
        if (k % 5 === 0) await drain({ recorder, time: clock });
      }
      await recorder.close();
      const whole = await readFile(path);
      const cut = join(folder, "cut.xdf");
      await fc.assert(
        fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (where) => {
          await writeFile(cut, whole.subarray(0, 3000 + Math.floor(where * (whole.length - 3000))));
          const recording = await openContinuous(cut);
          const played = await replay(recording);
          expect(played).toStrictEqual(seen.slice(0, played.length));
          expect(played.length).toBeGreaterThan(seen.length * where * 0.85 - 30);
          await recording.close();
        }),
        { numRuns: 80 },
      );
    });
  });

  test("a hole in the middle costs the chunks that lay in it; those behind are found by their stamps", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const { recorder, time: clock } = await startRecorder(path);
      const seen: SessionInput[] = [];
      for (const id of ["a", "b"]) recorder.addStream(eeg(id));
      for (let k = 0; k < 100; k++) {
        for (const id of ["a", "b"]) {
          const chunk = chunkOf(id, k * 10, 10);
          recorder.write(chunk);
          recorder.writeInput(chunk);
          seen.push(chunk);
        }
        clock.advance(0.1);
        if (k % 10 === 0) await drain({ recorder, time: clock });
      }
      await recorder.close();
      const bytes = await readFile(path);
      const middle = Math.floor(bytes.length / 2);
      await writeFile(path, Buffer.concat([bytes.subarray(0, middle), bytes.subarray(middle + 1500)]));
      const recording = await openContinuous(path);
      expect(recording.damage.length).toBeGreaterThan(0);
      const played = await replay(recording);
      const check = await recording.session!.check();
      expect(check.isExact).toBe(false);
      expect(check.nInputs).toBe(played.length);
      expect(played.length + check.nMissing + check.nChunksWithoutSamples).toBe(seen.length);
      expect(played.length).toBeGreaterThan(seen.length - 25);
      let next = 0;
      for (const input of played) {
        while (next < seen.length && JSON.stringify(seen[next]) !== JSON.stringify(input)) next++;
        expect(next).toBeLessThan(seen.length);
        next++;
      }
      await recording.close();
    });
  });
});
