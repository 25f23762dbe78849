import { FRAME_FLAGS, type FrameBatch } from "@attune/device-kit";
import { cutBytes, heldBack } from "@attune/device-kit/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { P2Codec } from "./codec.ts";
import { encodeP2Frame, P2_FRAME_BYTES } from "./frame.ts";

const COUNTS = { zeroCount: 0, unitsPerCount: 1 };
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.split(" "), (x) => Number.parseInt(x, 16));
const GOLDEN = bytesOf("a5 5a 02 39 02 33 01 eb 02 22 01 b3 02 00 03 ff 0f");
const GOLDEN_COUNTS = [563, 491, 546, 435, 512, 1023];

interface Frame {
  readonly counter: number;
  readonly values: readonly number[];
  readonly flags: number;
}

const framesOf = (batch: FrameBatch, nChannels = 6): Frame[] =>
  Array.from({ length: batch.nFrames }, (_, i) => ({
    counter: batch.counter[i]!,
    values: [...batch.values.subarray(i * nChannels, (i + 1) * nChannels)],
    flags: batch.flags[i]!,
  }));

/** Distinct, reproducible counts for the frame with running number `index`; `salt` makes other series. */
const countsOf = (index: number, salt = 0): number[] =>
  Array.from({ length: 6 }, (_, c) => (index * 7 + c * 131 + salt * 37 + ((index * (c + 3)) % 11)) % 1024);

function frame(index: number, salt = 0, switches = 0x0f): Uint8Array {
  const bytes = new Uint8Array(P2_FRAME_BYTES);
  encodeP2Frame(bytes, 0, index % 256, countsOf(index, salt), switches);
  return bytes;
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => [...p]));
const series = (from: number, to: number, salt = 0): Uint8Array =>
  join(...Array.from({ length: to - from }, (_, i) => frame(from + i, salt)));

function decode(bytes: Uint8Array, cuts: readonly number[] = [], codec = new P2Codec(6, COUNTS)): Frame[] {
  const borders = [0, ...cuts.map((c) => c % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return borders.slice(1).flatMap((end, i) => framesOf(codec.push(bytes.subarray(borders[i], end))));
}

/** Frames whose values are those that were sent under this count, i.e. not corrupt. */
const isTrue = ({ counter, values }: Frame, upTo: number, salt = 0): boolean => {
  for (let index = counter; index < upTo; index += 256)
    if (countsOf(index, salt).every((v, c) => v === values[c])) return true;
  return false;
};

describe("the golden frame", () => {
  const next = bytesOf("a5 5a 02 3a 02 33 01 eb 02 22 01 b3 02 00 03 ff 0f");

  test("holds count 57 and six values, byte for byte", () => {
    const frames = decode(join(GOLDEN, next, next.subarray(0, 3)));
    expect(frames[0]).toEqual({ counter: 57, values: GOLDEN_COUNTS, flags: 0 });
    expect(frames[1]?.counter).toBe(58);
    const encoded = new Uint8Array(17);
    encodeP2Frame(encoded, 0, 57, GOLDEN_COUNTS, 15);
    expect([...encoded]).toEqual([...GOLDEN]);
  });

  test("is scaled by reference and gain: (563 - 512) / 1024 * 5 V / 2848 = 87.4 uV", () => {
    const codec = new P2Codec(2, { zeroCount: 512, unitsPerCount: (5 / 1024 / 2848) * 1e6 });
    const batch = codec.push(join(GOLDEN, next));
    expect(batch.values[0]).toBeCloseTo(87.4385, 3);
    expect(batch.values[1]).toBeCloseTo(-36.0041, 3);
    expect(batch.nFrames).toBe(1);
    expect(batch.deviceTime[0]).toBeNaN();
  });
});

describe("framing", () => {
  test("byte at a time gives what one push gives, and a frame comes with the third byte of the next", () => {
    const bytes = series(0, 40);
    const whole = decode(bytes);
    expect(whole.map((f) => f.counter)).toEqual(Array.from({ length: 39 }, (_, i) => i));
    expect(
      decode(
        bytes,
        Array.from({ length: bytes.length }, (_, i) => i),
      ),
    ).toEqual(whole);
    const codec = new P2Codec(6, COUNTS);
    codec.push(series(0, 10));
    expect(codec.push(frame(10).subarray(0, 2)).nFrames).toBe(0);
    expect(codec.push(frame(10).subarray(2, 3)).nFrames).toBe(1);
  });

  test("any cutting, with garbage before, between and after, gives the same frames and counters", () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.nat(600), fc.integer({ min: 1, max: 12 })).map(([from, n]) => series(from, from + n)),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.array(fc.nat(5000), { maxLength: 40 }),
        (parts, cuts) => {
          const bytes = join(...parts);
          const one = new P2Codec(6, COUNTS);
          const many = new P2Codec(6, COUNTS);
          expect(decode(bytes, cuts, many)).toEqual(decode(bytes, [], one));
          expect(many.counters).toEqual(one.counters);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("garbage before the first frame is counted, and is no resynchronisation", () => {
    const codec = new P2Codec(6, COUNTS);
    const junk = bytesOf("00 a5 5a 02 ff a5 a5 5a 01 33");
    const frames = decode(join(junk, series(5, 9)), [], codec);
    expect(frames.map((f) => f.counter)).toEqual([5, 6, 7]);
    expect(codec.counters).toMatchObject({ framesOk: 3, bytesSkipped: junk.length, resyncs: 0 });
  });

  test("the count wraps at 256 without a seam", () => {
    expect(decode(series(250, 263)).map((f) => f.counter)).toEqual([
      250, 251, 252, 253, 254, 255, 0, 1, 2, 3, 4, 5,
    ]);
  });

  test("a gap between whole frames costs nothing but itself", () => {
    const codec = new P2Codec(6, COUNTS);
    const frames = decode(join(series(0, 10), series(17, 30)), [], codec);
    expect(frames.map((f) => f.counter)).toEqual([
      ...Array(10).keys(),
      ...Array.from({ length: 12 }, (_, i) => 17 + i),
    ]);
    expect(codec.counters).toMatchObject({ bytesSkipped: 0, resyncs: 0 });
  });

  test("a loss of exactly 256 frames is not taken for a duplicate", () => {
    const frames = decode(join(series(0, 10), series(266 - 1, 280)));
    expect(frames.map((f) => f.counter).slice(8, 13)).toEqual([8, 9, 9, 10, 11]);
  });

  test("a repeated frame is left out and counted", () => {
    const codec = new P2Codec(6, COUNTS);
    const frames = decode(join(series(0, 5), frame(4), frame(4), series(5, 8)), [], codec);
    expect(frames.map((f) => f.counter)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(codec.counters.duplicates).toBe(2);
  });

  test("a change of the switches marks the sample, and only that one", () => {
    const bytes = join(series(0, 4), frame(4, 0, 0x0e), frame(5, 0, 0x0e), series(6, 9));
    const marked = decode(bytes).filter((f) => f.flags & FRAME_FLAGS.marker);
    expect(marked.map((f) => f.counter)).toEqual([4, 6]);
  });

  test("reset forgets the partial frame and the lock, not the counters", () => {
    const codec = new P2Codec(6, COUNTS);
    codec.push(join(series(0, 5), frame(5).subarray(0, 9)));
    codec.reset();
    expect(codec.counters.framesOk).toBe(5);
    expect(framesOf(codec.push(series(100, 104))).map((f) => f.counter)).toEqual([100, 101, 102]);
  });
});

describe("damage", () => {
  const N = 60;
  const place = fc.record({
    frame: fc.integer({ min: 5, max: N - 8 }),
    offset: fc.nat(16),
    salt: fc.nat(500),
  });

  test("a dropped byte costs at most the damaged frame and its neighbour, and no corrupt frame gets through", () => {
    fc.assert(
      fc.property(place, ({ frame: k, offset, salt }) => {
        const bytes = [...series(0, N, salt)];
        bytes.splice(k * P2_FRAME_BYTES + offset, 1);
        const codec = new P2Codec(6, COUNTS);
        const frames = decode(Uint8Array.from(bytes), [], codec);
        expect(frames.every((f) => isTrue(f, N, salt))).toBe(true);
        expect(frames.length).toBeGreaterThanOrEqual(N - 1 - 2);
        expect(frames.at(-1)?.counter).toBe(N - 2);
        expect(codec.counters.resyncs).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  test("an inserted byte likewise", () => {
    fc.assert(
      fc.property(place, fc.nat(255), ({ frame: k, offset, salt }, byte) => {
        const bytes = [...series(0, N, salt)];
        bytes.splice(k * P2_FRAME_BYTES + offset, 0, byte);
        const frames = decode(Uint8Array.from(bytes));
        expect(frames.every((f) => isTrue(f, N, salt))).toBe(true);
        expect(frames.length).toBeGreaterThanOrEqual(N - 1 - 2);
        expect(frames.at(-1)?.counter).toBe(N - 2);
      }),
      { numRuns: 500 },
    );
  });

  test("a flipped bit outside the payload's ten bits and the switches is always seen", () => {
    const checked = [0, 1, 2, 3].flatMap((offset) => [...Array(8).keys()].map((bit) => ({ offset, bit })));
    for (let c = 0; c < 6; c++) for (let bit = 2; bit < 8; bit++) checked.push({ offset: 4 + 2 * c, bit });
    for (const { offset, bit } of checked) {
      const bytes = series(0, N);
      bytes[20 * P2_FRAME_BYTES + offset]! ^= 1 << bit;
      const frames = decode(bytes);
      expect(frames.every((f) => isTrue(f, N))).toBe(true);
      expect(frames.some((f) => f.counter === 20)).toBe(false);
      expect(frames.length).toBeGreaterThanOrEqual(N - 1 - 2);
    }
  });

  test("after a burst of noise the next two good frames lock again, and the first says so", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(16), (noise, cut) => {
        const codec = new P2Codec(6, COUNTS);
        const frames = decode(
          join(series(0, 10), frame(10).subarray(0, cut), noise, series(40, 60)),
          [],
          codec,
        );
        const counters = frames.map((f) => f.counter);
        expect(counters.filter((c) => c >= 42 && c < 59)).toEqual(
          Array.from({ length: 17 }, (_, i) => 42 + i),
        );
        expect(codec.counters.framesOk).toBe(frames.length);
        expect(codec.counters.resyncs).toBe(
          frames.filter((f) => f.flags & FRAME_FLAGS.resynchronised).length,
        );
      }),
      { numRuns: 300 },
    );
  });

  test("random bytes alone yield nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (noise) => {
        expect(decode(noise)).toEqual([]);
      }),
    );
  });
});

test("frames that came whole with an earlier push are said to have been held back, however the bytes are cut", () => {
  const bytes = series(0, 40);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
      const { said, was } = heldBack(new P2Codec(6, COUNTS), cutBytes(bytes, cuts), P2_FRAME_BYTES);
      expect(said).toEqual(was);
      expect(said).toHaveLength(39);
    }),
  );
});
