import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { type ContinuousRecording, openRecording, type Timing } from "@attune/recording";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson, sharedPath } from "../support/shared.ts";

interface OracleStream {
  stream_id: number;
  name: string;
  type: string;
  channel_count: number;
  channel_format: string;
  nominal_srate: number;
  effective_srate: number;
  n: number;
  segments: [number, number][];
  n_clock_offsets: number;
  ts?: Record<string, number>;
  ts_sum_rel_first?: number;
  values?: Record<string, (number | string)[]>;
  channel_sum?: number[];
  channel_sumsq?: number[];
  sha1_le_bytes?: string;
}

const NUMERIC = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
  double64: Float64Array,
};

/** SHA-1 of the samples as the file holds them: sample by sample, little-endian. */
function sha1OfSamples(data: Float64Array, nChannels: number, format: keyof typeof NUMERIC): string {
  const nSamples = data.length / nChannels;
  const interleaved = new NUMERIC[format](data.length);
  for (let c = 0; c < nChannels; c++)
    for (let n = 0; n < nSamples; n++) interleaved[n * nChannels + c] = data[c * nSamples + n]!;
  return createHash("sha1").update(new Uint8Array(interleaved.buffer)).digest("hex");
}

async function openContinuous(path: string, timing: Timing): Promise<ContinuousRecording> {
  const recording = await openRecording(path, { timing });
  if (recording.kind !== "continuous") throw new Error(`${path} is not continuous`);
  return recording;
}

const MODES = [
  { mode: "raw", timing: "recorded", tolerance: 1e-6 },
  { mode: "sync", timing: "synchronised", tolerance: 1e-6 },
  { mode: "full", timing: "pyxdf", tolerance: 1e-5 },
] as const;

describeWithShared("XDF against pyxdf", () => {
  const names = readdirSync(sharedPath("golden", "formats")).filter((name) => name.startsWith("xdf__"));
  test("there are files to compare", () => expect(names.length).toBeGreaterThan(5));

  for (const name of names)
    for (const { mode, timing, tolerance } of MODES)
      test(`${name} reads as pyxdf's ${mode}`, async () => {
        const golden = readSharedJson("golden", "formats", name);
        const recording = await openContinuous(sharedPath(golden.file), timing);
        const oracle: OracleStream[] = golden[mode].streams;
        expect(recording.streams.map((s) => s.id).sort()).toEqual(oracle.map((s) => `${s.stream_id}`).sort());
        for (const expected of oracle) {
          const stream = recording.streams.find((s) => s.id === `${expected.stream_id}`)!;
          expect(stream).toMatchObject({
            name: expected.name,
            type: expected.type,
            format: expected.channel_format,
            nominalSamplingRate: expected.nominal_srate,
            nSamples: expected.n,
          });
          expect(stream.channels.length).toBe(expected.channel_count);
          if (timing === "pyxdf" && stream.nominalSamplingRate > 0 && expected.n > 1) {
            expect(stream.effectiveSamplingRate / expected.effective_srate).toBeCloseTo(1, 6);
            expect(stream.gaps.map((gap) => gap.sample)).toEqual(
              expected.segments.slice(1).map(([first]) => first),
            );
          }
          const window = await recording.read(stream.id, { fromSample: 0, nSamples: stream.nSamples });
          expect(window.sessionTime.length).toBe(expected.n);
          const time = timing === "recorded" ? window.deviceTime : window.sessionTime;
          const epoch = timing === "recorded" ? 0 : recording.epochSeconds;
          let worst = 0;
          for (const [index, stamp] of Object.entries(expected.ts ?? {}))
            worst = Math.max(worst, Math.abs(time[Number(index)]! + epoch - stamp));
          expect(worst).toBeLessThan(tolerance);
          if (expected.ts_sum_rel_first !== undefined) {
            const sum = time.reduce((total, t) => total + (t - time[0]!), 0);
            expect(Math.abs(sum - expected.ts_sum_rel_first) / expected.n).toBeLessThan(tolerance);
          }
          const nChannels = stream.channels.length;
          for (const [index, row] of Object.entries(expected.values ?? {})) {
            const n = Number(index);
            const got = row.map(
              (_, c) => window.text?.[n * nChannels + c] ?? window.data[c * expected.n + n],
            );
            expect(got).toEqual(row);
          }
          if (expected.sha1_le_bytes !== undefined)
            expect(sha1OfSamples(window.data, nChannels, stream.format as keyof typeof NUMERIC)).toBe(
              expected.sha1_le_bytes,
            );
          expected.channel_sum?.forEach((sum, c) => {
            const row = window.data.subarray(c * expected.n, (c + 1) * expected.n);
            const got = row.reduce((total, x) => total + x, 0);
            expect(Math.abs(got - sum)).toBeLessThanOrEqual(
              1e-9 * Math.sqrt(expected.n * expected.channel_sumsq![c]!),
            );
          });
        }
        expect(recording.damage).toEqual([]);
        await recording.close();
      });
});
