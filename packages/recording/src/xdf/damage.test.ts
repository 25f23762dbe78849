import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "../bytes/byte-source.ts";
import { RecordingError } from "../errors.ts";
import { openXdf, type XdfRecording } from "./open-xdf.ts";
import { syntheticFile } from "./synthetic.test-support.ts";

const open = (bytes: Uint8Array): Promise<XdfRecording> =>
  openXdf(bytesSource(bytes), "damaged.xdf", { sha256: async () => "" });

/** Every sample as text, stream by stream: what can be compared as a set. */
async function samplesOf(recording: XdfRecording): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>();
  for (const stream of recording.streams) {
    const n = stream.nSamples;
    const { data, text } = await recording.read(stream.id, { fromSample: 0, nSamples: n });
    const rows = Array.from({ length: n }, (_, k) =>
      text ? text[k]! : stream.channels.map((_, c) => data[c * n + k]).join(" "),
    );
    all.set(stream.id, rows);
  }
  return all;
}

let original: Uint8Array;
let truth: Map<string, Set<string>>;
let total: number;

beforeAll(async () => {
  original = await syntheticFile();
  const samples = await samplesOf(await open(original));
  truth = new Map([...samples].map(([id, rows]) => [id, new Set(rows)]));
  total = [...samples.values()].reduce((sum, rows) => sum + rows.length, 0);
});

const countOf = (samples: ReadonlyMap<string, readonly string[]>): number =>
  [...samples.values()].reduce((sum, rows) => sum + rows.length, 0);

async function survivors(
  bytes: Uint8Array,
): Promise<{ recording: XdfRecording; samples: Map<string, string[]> }> {
  const recording = await open(bytes);
  const samples = await samplesOf(recording);
  for (const stream of recording.streams) {
    const window = await recording.read(stream.id, { fromSample: 0, nSamples: stream.nSamples });
    expect(window.sessionTime.every(Number.isFinite)).toBe(true);
  }
  return { recording, samples };
}

function inventedIn(samples: ReadonlyMap<string, readonly string[]>): string[] {
  return [...samples].flatMap(([id, rows]) => rows.filter((row) => !truth.get(id)?.has(row)));
}

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe("damaged XDF", () => {
  test("a sound file has no damage and all its samples", async () => {
    const { recording, samples } = await survivors(original);
    expect(recording.damage).toEqual([]);
    expect(countOf(samples)).toBe(total);
    expect(total).toBe(3 * 4000 + 40);
  });

  test("a file that ends anywhere gives the samples before the end and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (where) => {
        const length = 4 + Math.floor(where * (original.length - 4));
        const { samples } = await survivors(original.slice(0, length));
        expect(inventedIn(samples)).toEqual([]);
        // What is left of the file is what is left of the samples, but for the headers and for the first stream, whose
        // samples are half as large again and come first in every half second.
        expect(countOf(samples)).toBeGreaterThan(total * (length / original.length) * 0.97 - 250);
      }),
      { numRuns: 60 },
    );
  });

  test("inserted bytes cost the chunk they fall into, not the rest of the file", async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.uint8Array({ minLength: 1, maxLength: 64 }), async (where, extra) => {
        const at = 2000 + Math.floor(where * (original.length - 4000));
        const bytes = new Uint8Array(original.length + extra.length);
        bytes.set(original.subarray(0, at));
        bytes.set(extra, at);
        bytes.set(original.subarray(at), at + extra.length);
        const { recording, samples } = await survivors(bytes);
        expect(inventedIn(samples)).toEqual([]);
        expect(countOf(samples)).toBeGreaterThanOrEqual(total - 250);
        expect(recording.damage.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  test.each([0, 1, 4, 0xa5])(
    "megabytes of the byte %i between two chunks are skipped in one go",
    async (byte) => {
      const { position } = samplesChunk(original, 30);
      const extra = 3_500_000;
      const bytes = new Uint8Array(original.length + extra).fill(byte);
      bytes.set(original.subarray(0, position));
      bytes.set(original.subarray(position), position + extra);
      const { recording, samples } = await survivors(bytes);
      expect(inventedIn(samples)).toEqual([]);
      // The sample next to the damage is given up, because it cannot be known to be whole.
      expect(countOf(samples)).toBeGreaterThanOrEqual(total - 2);
      expect(recording.damage.length).toBeLessThan(8);
    },
  );

  test("4 KiB of zeros are left out and reported", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (where) => {
        const at = 2000 + Math.floor(where * (original.length - 9000));
        const bytes = original.slice();
        bytes.fill(0, at, at + 4096);
        const { recording, samples } = await survivors(bytes);
        expect(recording.damage.length).toBeGreaterThan(0);
        // The zeroed block may begin inside the last value of a sample that stands alone: at most one such.
        expect(inventedIn(samples).length).toBeLessThanOrEqual(1);
        expect(countOf(samples)).toBeGreaterThanOrEqual(total - 700);
      }),
      { numRuns: 60 },
    );
  });

  test("removed bytes are noticed and nothing is made up", async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 3000 }), async (where, length) => {
        const at = 2000 + Math.floor(where * (original.length - 8000));
        const bytes = new Uint8Array(original.length - length);
        bytes.set(original.subarray(0, at));
        bytes.set(original.subarray(at + length), at);
        const { samples } = await survivors(bytes);
        expect(inventedIn(samples)).toEqual([]);
        expect(countOf(samples)).toBeGreaterThanOrEqual(total - 600);
      }),
      { numRuns: 60 },
    );
  });

  test("a hole that joins the head of one stream's chunk to the samples of another is not taken for a chunk", async () => {
    // Behind the hole the second stream's samples stand exactly where the first one's would, and are as many.
    const bytes = new Uint8Array(original.length - 2924);
    bytes.set(original.subarray(0, 2000));
    bytes.set(original.subarray(4924), 2000);
    const { recording, samples } = await survivors(bytes);
    expect(inventedIn(samples)).toEqual([]);
    expect(countOf(samples)).toBe(total - 200);
    expect(recording.damage.length).toBeGreaterThan(0);
  });

  test("flipped bytes never crash, and never add samples", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), { maxLength: 30 }),
        async (flips) => {
          const bytes = original.slice();
          for (const [where, mask] of flips) bytes[4 + Math.floor(where * (bytes.length - 4))]! ^= mask;
          try {
            const { samples } = await survivors(bytes);
            for (const [id, rows] of samples)
              if (truth.has(id)) expect(rows.length).toBeLessThanOrEqual(truth.get(id)!.size);
          } catch (error) {
            expect(error).toBeInstanceOf(RecordingError);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  test("rubbish after the magic bytes is no recording, and is read in bounded time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (rubbish) => {
        const bytes = new Uint8Array(4 + rubbish.length);
        bytes.set([0x58, 0x44, 0x46, 0x3a]);
        bytes.set(rubbish, 4);
        const recording = await open(bytes);
        expect(recording.streams.reduce((sum, s) => sum + s.nSamples, 0)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

/** Position of the n-th samples chunk. */
function samplesChunk(bytes: Uint8Array, n: number): { position: number; width: number; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let position = 4;
  let seen = 0;
  for (;;) {
    const width = bytes[position]!;
    const length = width === 1 ? bytes[position + 1]! : view.getUint32(position + 1, true);
    if (view.getUint16(position + 1 + width, true) === 3 && width === 4 && seen++ === n)
      return { position, width, length };
    position += 1 + width + length;
  }
}

describe("lying numbers", () => {
  test.each([10, 0xffffffff, 100_000, 2])(
    "a chunk length of %i does not cost samples that are there",
    async (lie) => {
      const bytes = original.slice();
      const { position } = samplesChunk(bytes, 7);
      new DataView(bytes.buffer).setUint32(position + 1, lie, true);
      const { recording, samples } = await survivors(bytes);
      expect(inventedIn(samples)).toEqual([]);
      expect(countOf(samples)).toBe(total);
      expect(recording.damage.length).toBeGreaterThan(0);
    },
  );

  test.each([0xffffffff, 1_000_000, 101])(
    "a sample count of %i does not cost samples that are there",
    async (lie) => {
      const bytes = original.slice();
      const { position, width } = samplesChunk(bytes, 7);
      new DataView(bytes.buffer).setUint32(position + 1 + width + 6 + 1, lie, true);
      const { recording, samples } = await survivors(bytes);
      expect(inventedIn(samples)).toEqual([]);
      expect(countOf(samples)).toBe(total);
      expect(recording.damage).toMatchObject([
        { what: "a sample chunk that holds fewer samples than it says" },
      ]);
    },
  );

  test("a sample count that is too small costs at most its chunk", async () => {
    const bytes = original.slice();
    const { position, width } = samplesChunk(bytes, 7);
    new DataView(bytes.buffer).setUint32(position + 1 + width + 6 + 1, 3, true);
    const { samples } = await survivors(bytes);
    expect(inventedIn(samples)).toEqual([]);
    expect(countOf(samples)).toBe(total - 100);
  });

  test("a channel count of a thousand million is reported and takes no memory", async () => {
    const text = new TextDecoder("latin1").decode(original);
    const at = text.indexOf("<channel_count>5<");
    const bytes = original.slice();
    bytes[at + 15] = "9".charCodeAt(0);
    const wrong = await open(bytes);
    expect(wrong.damage.length).toBeGreaterThan(0);
    const huge = text.replace("<channel_count>5<", "<channel_count>1000000000<");
    const hugeBytes = Uint8Array.from(huge, (letter) => letter.charCodeAt(0));
    const recording = await open(hugeBytes);
    expect(recording.streams.map((s) => s.id)).not.toContain("1");
    expect(recording.damage.length).toBeGreaterThan(0);
  });

  test("one wild stamp does not move the samples around it", async () => {
    const clean = await open(original);
    const bytes = original.slice();
    const { position, width } = samplesChunk(bytes, 12);
    const view = new DataView(bytes.buffer);
    const at = position + 1 + width + 6 + 5;
    expect(bytes[at]).toBe(8);
    view.setFloat64(at + 1, view.getFloat64(at + 1, true) + 5e6, true);
    const streamId = String(view.getUint32(position + 1 + width + 2, true));
    const recording = await open(bytes);
    const whole = { fromSample: 0, nSamples: 4000 };
    const expected = (await clean.read(streamId, whole)).sessionTime;
    const got = (await recording.read(streamId, whole)).sessionTime;
    const worst = got.reduce((max, t, k) => Math.max(max, Math.abs(t - expected[k]!)), 0);
    expect(worst).toBeLessThan(2e-3);
    expect(recording.damage.some(({ what }) => what.startsWith("stamps of samples"))).toBe(true);
  });
});
