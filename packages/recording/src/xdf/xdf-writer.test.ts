import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../bytes/byte-source.ts";
import { RecordingError } from "../errors.ts";
import type { ChannelFormat } from "./format.ts";
import { openXdf, type XdfRecording } from "./open-xdf.ts";
import { withTemporaryFolder } from "./synthetic.test-support.ts";
import { XdfWriter } from "./xdf-writer.ts";

async function written(write: (writer: XdfWriter) => Promise<void>): Promise<XdfRecording> {
  const bytes = await withTemporaryFolder(async (folder) => {
    const writer = await XdfWriter.create(join(folder, "a.xdf"));
    await write(writer);
    await writer.close();
    return new Uint8Array(await readFile(join(folder, "a.xdf")));
  });
  return openXdf(bytesSource(bytes), "a.xdf", { timing: "recorded", sha256: async () => "" });
}

const number: Record<Exclude<ChannelFormat, "string" | "int64">, fc.Arbitrary<number>> = {
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  int32: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  float32: fc.float(),
  double64: fc.double(),
};

const stampsOf = (n: number, rate: number): Float64Array => {
  const stamps = new Float64Array(n);
  for (let k = 0; k < n; k++)
    stamps[k] = k % 7 === 3 || k === 0 || rate === 0 ? 12_345.678 + k * 0.01 : stamps[k - 1]! + 1 / rate;
  return stamps;
};

describe("XdfWriter", () => {
  for (const format of Object.keys(number) as (keyof typeof number)[])
    test(`what is written as ${format} is read back to the bit, however it is cut into chunks`, async () => {
      const shape = fc.record({
        nChannels: fc.integer({ min: 1, max: 5 }),
        nSamples: fc.integer({ min: 1, max: 40 }),
      });
      const recordingOf = shape.chain(({ nChannels, nSamples }) =>
        fc.record({
          nChannels: fc.constant(nChannels),
          nSamples: fc.constant(nSamples),
          chunk: fc.integer({ min: 1, max: 40 }),
          rate: fc.constantFrom(0, 100, 512),
          values: fc.array(number[format], {
            minLength: nChannels * nSamples,
            maxLength: nChannels * nSamples,
          }),
        }),
      );
      await fc.assert(
        fc.asyncProperty(recordingOf, async ({ nChannels, nSamples, chunk, rate, values }) => {
          const channels = Array.from({ length: nChannels }, (_, c) => ({ label: `a<&>${c}`, unit: "µV" }));
          const stamps = stampsOf(nSamples, rate);
          const data = Float64Array.from(values);
          const recording = await written(async (writer) => {
            await writer.addStream(7, {
              name: "x & y",
              type: "EEG",
              channels,
              nominalSamplingRate: rate,
              format,
            });
            for (let k = 0; k < nSamples; k += chunk) {
              const n = Math.min(chunk, nSamples - k);
              const part = new Float64Array(nChannels * n);
              for (let c = 0; c < nChannels; c++)
                part.set(data.subarray(c * nSamples + k, c * nSamples + k + n), c * n);
              await writer.writeSamples(7, stamps.slice(k, k + n), { data: part });
            }
          });
          expect(recording.damage).toEqual([]);
          expect(recording.streams).toMatchObject([
            { id: "7", name: "x & y", nominalSamplingRate: rate, channels, nSamples },
          ]);
          const window = await recording.read("7", { fromSample: 0, nSamples });
          expect(window.data).toEqual(data);
          expect(window.deviceTime).toEqual(stamps);
          const from = Math.floor(nSamples / 3);
          const part = await recording.read("7", { fromSample: from, nSamples: 5 });
          expect(part.deviceTime).toEqual(stamps.slice(from, from + 5));
        }),
        { numRuns: 25 },
      );
    });

  test("int64 values beyond 2^53 and texts of any length come back exactly", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 20 }),
        fc.array(fc.string({ unit: "binary", maxLength: 400 }), { minLength: 1, maxLength: 20 }),
        async (integers, text) => {
          const channels = [{ label: "a", unit: "" }];
          const recording = await written(async (writer) => {
            await writer.addStream(1, {
              name: "i",
              type: "",
              channels,
              nominalSamplingRate: 0,
              format: "int64",
            });
            await writer.addStream(2, {
              name: "s",
              type: "Markers",
              channels,
              nominalSamplingRate: 0,
              format: "string",
            });
            await writer.writeSamples(1, stampsOf(integers.length, 0), {
              integers: BigInt64Array.from(integers),
            });
            await writer.writeSamples(2, stampsOf(text.length, 0), { text });
          });
          const all = { fromSample: 0, nSamples: 100 };
          expect([...(await recording.read("1", all)).integers!]).toEqual(integers);
          expect((await recording.read("2", all)).text).toEqual(text);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("the bytes are those that the format prescribes", async () => {
    const bytes = await withTemporaryFolder(async (folder) => {
      const writer = await XdfWriter.create(join(folder, "a.xdf"));
      const channels = [{ label: "a", unit: "" }];
      await writer.addStream(1, { name: "n", type: "t", channels, nominalSamplingRate: 2, format: "int16" });
      const before = writer.bytesWritten;
      await writer.writeSamples(1, Float64Array.of(5, 5.5), { data: Float64Array.of(258, -1) });
      await writer.writeClockOffset(1, 5, 0.25);
      await writer.boundary();
      const after = writer.bytesWritten;
      await writer.close();
      return (await readFile(join(folder, "a.xdf"))).subarray(before, after).toString("hex");
    });
    const samples =
      "01" + "19" + "0300" + "01000000" + "0402000000" + "08" + "0000000000001440" + "0201" + "00" + "ffff";
    const offset = "01" + "16" + "0400" + "01000000" + "0000000000001440" + "000000000000d03f";
    const boundary = "01" + "12" + "0500" + "43a546dccbf5410fb30ed5467383cbe4";
    expect(bytes).toBe(samples + offset + boundary);
  });

  test("int64 from numbers is exact as far as Float64 is, and what is no such integer is refused", async () => {
    const info = { name: "n", type: "t", channels: [{ label: "a", unit: "" }], nominalSamplingRate: 0 };
    const data = Float64Array.of(2 ** 53, -(2 ** 53) + 1, 0, -(2 ** 63), 2 ** 63 - 1024);
    const recording = await written(async (writer) => {
      await writer.addStream(1, { ...info, format: "int64" });
      for (const wrong of [Number.NaN, 0.5, 2 ** 63, Number.POSITIVE_INFINITY])
        await expect(
          writer.writeSamples(1, Float64Array.of(1), { data: Float64Array.of(wrong) }),
        ).rejects.toThrow("does not fit int64");
      await writer.writeSamples(1, Float64Array.of(1, 2, 3, 4, 5), { data });
    });
    const window = await recording.read("1", { fromSample: 0, nSamples: 9 });
    expect(window.data).toEqual(data);
    expect(window.integers![1]).toBe(-(2n ** 53n) + 1n);
    expect(window.integers![4]).toBe(2n ** 63n - 1024n);
  });

  test("any text comes back as it is: other scripts, control characters, byte order marks, nothing at all", async () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const all = [...text, "", "\ufeff\ufeffx", "\u0000"];
        const channels = [{ label: "größe <&> 😀", unit: "µV" }];
        const recording = await written(async (writer) => {
          const info = { name: "Ångström & Söhne", type: "Märker", channels, nominalSamplingRate: 0 };
          await writer.addStream(1, { ...info, format: "string" });
          await writer.writeSamples(1, new Float64Array(all.length), { text: all });
        });
        expect(recording.damage).toEqual([]);
        expect(recording.streams[0]).toMatchObject({ name: "Ångström & Söhne", type: "Märker", channels });
        expect((await recording.read("1", { fromSample: 0, nSamples: 99 })).text).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });

  test("empty chunks leave no trace, and a stream without samples is a stream", async () => {
    const info = { name: "n", type: "t", channels: [{ label: "a", unit: "" }], nominalSamplingRate: 2 };
    const recording = await written(async (writer) => {
      await writer.addStream(1, { ...info, format: "float32" });
      await writer.addStream(2, { ...info, format: "string" });
      const bytes = writer.bytesWritten;
      await writer.writeSamples(1, new Float64Array(0), { data: new Float64Array(0) });
      await writer.writeSamples(2, new Float64Array(0), { text: [] });
      expect(writer.bytesWritten).toBe(bytes);
      await writer.writeSamples(1, Float64Array.of(0), { data: Float64Array.of(Number.NaN) });
    });
    expect(recording.damage).toEqual([]);
    expect(recording.streams.map(({ nSamples }) => nSamples)).toEqual([1, 0]);
    const { data, deviceTime } = await recording.read("1", { fromSample: 0, nSamples: 5 });
    expect([data[0], deviceTime[0]]).toEqual([Number.NaN, 0]);
  });

  test("mistakes are refused before anything is written", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.xdf");
      const writer = await XdfWriter.create(path);
      const info = { name: "n", type: "t", channels: [{ label: "a", unit: "" }], nominalSamplingRate: 2 };
      await writer.addStream(1, { ...info, format: "int16" });
      const bytes = writer.bytesWritten;
      const data = Float64Array.of(1);
      await expect(writer.addStream(1, { ...info, format: "int16" })).rejects.toThrow(RecordingError);
      await expect(writer.writeSamples(1, Float64Array.of(1, 2), { data })).rejects.toThrow(
        "1 x 2 = 2 values, got 1",
      );
      await expect(writer.writeSamples(1, Float64Array.of(Number.NaN), { data })).rejects.toThrow(
        "not a finite",
      );
      await expect(writer.writeSamples(1, data, { data: Float64Array.of(40_000) })).rejects.toThrow(
        "does not fit int16",
      );
      await expect(writer.writeClockOffset(1, 1, Number.NaN)).rejects.toThrow("must be finite");
      await expect(writer.writeSamples(9, data, { data })).rejects.toThrow("was not added");
      expect(writer.bytesWritten).toBe(bytes);
      await writer.close();
      await expect(writer.boundary()).rejects.toThrow("closed");
      await expect(XdfWriter.create(path)).rejects.toThrow("choose another name");
    });
  });
});
