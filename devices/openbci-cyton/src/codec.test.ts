import { type CodecFrame, cutBytes, framesOf, heldBack, joinBytes } from "@attune/device-kit/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { microvoltsPerCount } from "./channel-setup.ts";
import { CYTON_FRAME_BYTES, CytonCodec } from "./codec.ts";

const golden = hex("a02a000001ffffff7fffff80000000aec3ff513d0000000003e81f40c1800010c0");
const inputs = (n: number) => Array.from({ length: n }, (_, input) => ({ input, unitsPerCount: 1 }));
const counts = (n: number, daisy = false) => new CytonCodec({ daisy, channels: inputs(n) });

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** A frame written independently of the simulator. */
function frame(n: number, samples: readonly number[], aux = "000000000000", footer = 0xc0): Uint8Array {
  const bytes = Buffer.alloc(33);
  bytes[0] = 0xa0;
  bytes[1] = n & 255;
  for (const [c, value] of samples.entries()) bytes.writeIntBE(value, 2 + 3 * c, 3);
  bytes.set(Buffer.from(aux, "hex"), 26);
  bytes[32] = footer;
  return Uint8Array.from(bytes);
}

/** Samples that cannot be mistaken for header or footer, and name their frame. */
const plain = (k: number) => Array.from({ length: 8 }, (_, c) => 1000 * (k % 30) + c + 1);

function readAll(codec: CytonCodec, parts: readonly Uint8Array[], nValues: number): CodecFrame[] {
  return parts.flatMap((part) => framesOf(codec.push(part), nValues));
}

test("frames that came whole with an earlier push are said to have been held back, however the bytes are cut", () => {
  const bytes = joinBytes(Array.from({ length: 40 }, (_, k) => frame(k, plain(k))));
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
      const { said, was } = heldBack(counts(8), cutBytes(bytes, cuts), CYTON_FRAME_BYTES);
      expect(said).toEqual(was);
      expect(said).toHaveLength(39);
    }),
  );
});

describe("a frame", () => {
  test("is read as the golden example says", () => {
    const codec = new CytonCodec({
      daisy: false,
      channels: inputs(8).map(({ input }) => ({ input, unitsPerCount: microvoltsPerCount(24) })),
    });
    const next = golden.slice();
    next[1] = 43;
    const [first] = framesOf(codec.push(joinBytes([golden, next])), 11);
    expect(first!.counter).toBe(42);
    const expected = [0.022352, -0.022352, 187500, -187500.02, 999.994695, -999.994695, 0, 22.351744];
    for (const [c, value] of expected.entries()) expect(first!.values[c]).toBeCloseTo(value, c < 2 ? 6 : 2);
    expect(first!.values.slice(8)).toEqual([1, -2, 0.002]);
    expect(first!.deviceTime).toBeNaN();
  });

  test("gives the counts back exactly from value / unitsPerCount", () => {
    const unit = microvoltsPerCount(12);
    const codec = new CytonCodec({ daisy: false, channels: [{ input: 0, unitsPerCount: unit }] });
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }), (count) => {
        codec.reset();
        const [first] = framesOf(codec.push(joinBytes([frame(1, [count]), frame(2, [0])])), 4);
        expect(Math.round(first!.values[0]! / unit)).toBe(count);
      }),
    );
  });

  test("holds the last acceleration until a fresh one comes, and knows none before the first", () => {
    const codec = counts(1);
    const stream = joinBytes([
      frame(1, [5]),
      frame(2, [5], "1f4000000000"),
      frame(3, [6]),
      frame(4, [7], "000000003e80"),
      frame(5, [8]),
      frame(6, [8], "010203040506", 0xc1),
      frame(7, [9]),
    ]);
    const read = framesOf(codec.push(stream), 4).map((f) => f.values.slice(1));
    expect(read).toEqual([
      [Number.NaN, Number.NaN, Number.NaN],
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 2],
      [0, 0, 2],
      [Number.NaN, Number.NaN, Number.NaN],
    ]);
  });

  test("with time stamps carries board milliseconds, and one axis where n mod 10 is 7, 8 or 9", () => {
    const codec = counts(1);
    const stream = joinBytes([
      frame(6, [1], "ffff000003e8", 0xc3),
      frame(7, [2], "1f40000003ec", 0xc4),
      frame(8, [3], "c180000003f0", 0xc4),
      frame(9, [4], "0010000003f4", 0xc4),
      frame(10, [5], "0000ffffffff", 0xc4),
      frame(11, [6], "000000000003", 0xc6),
      frame(12, [7], "000000000007", 0xc5),
    ]);
    const read = framesOf(codec.push(joinBytes([stream, frame(13, [8])])), 4);
    expect(read.map((f) => f.deviceTime)).toEqual([
      1,
      1.004,
      1.008,
      1.012,
      (2 ** 32 - 1) / 1000,
      (2 ** 32 + 3) / 1000,
      (2 ** 32 + 7) / 1000,
    ]);
    expect(read[4]!.values.slice(1)).toEqual([1, -2, 0.002]);
    expect(read[5]!.values.slice(1).every(Number.isNaN)).toBe(true);
  });
});

describe("any way of cutting the bytes", () => {
  const stream = joinBytes(Array.from({ length: 40 }, (_, k) => frame(240 + k, plain(k))));
  const whole = readAll(counts(8), [stream], 11);

  test("byte by byte gives the same frames across the wrap of the counter", () => {
    expect(whole).toHaveLength(39);
    expect(whole.map((f) => f.counter)).toEqual(Array.from({ length: 39 }, (_, k) => (240 + k) & 255));
    expect(
      readAll(
        counts(8),
        cutBytes(
          stream,
          Array.from({ length: stream.length }, (_, k) => k),
        ),
        11,
      ),
    ).toEqual(whole);
  });

  test("gives the same frames and counts, with noise and damage in between", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.nat(stream.length - 1), { maxLength: 6 }),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (noise, broken, cuts) => {
          const damaged = stream.slice();
          for (const place of broken) damaged[place] = damaged[place]! ^ 0xff;
          const bytes = joinBytes([noise, damaged]);
          const together = counts(8);
          const apart = counts(8);
          expect(readAll(apart, cutBytes(bytes, cuts), 11)).toEqual(readAll(together, [bytes], 11));
          expect(apart.counters).toEqual(together.counters);
        },
      ),
    );
  });
});

describe("bytes that are wrong", () => {
  const n = 60;
  const good = Array.from({ length: n }, (_, k) => frame(k, plain(k)));
  const stream = joinBytes(good);
  const undamaged = new Map(readAll(counts(8), [stream], 11).map((f) => [f.counter, f.values]));
  /** Every frame that came out is one that was sent. */
  const nothingInvented = (out: readonly CodecFrame[]) => {
    for (const f of out) expect(f.values).toEqual(undamaged.get(f.counter));
  };

  test("before the stream are skipped and counted", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        fc.pre(!noise.includes(0xa0));
        const codec = counts(8);
        const out = readAll(codec, [noise, stream], 11);
        expect(out).toHaveLength(n - 1);
        expect(codec.counters).toMatchObject({ bytesSkipped: noise.length, resyncs: 0, framesOk: n - 1 });
      }),
    );
  });

  test("a dropped byte costs at most two frames and never gives a wrong one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 70, max: stream.length - 100 }), (place) => {
        const codec = counts(8);
        const out = readAll(codec, [joinBytes([stream.subarray(0, place), stream.subarray(place + 1)])], 11);
        nothingInvented(out);
        expect(out.length).toBeGreaterThanOrEqual(n - 3);
        expect(codec.counters.resyncs).toBe(1);
        expect(out.filter((f) => f.flags === 2)).toHaveLength(1);
      }),
    );
  });

  test("inserted bytes cost at most two frames and never give a wrong one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 70, max: stream.length - 100 }),
        fc.uint8Array({ minLength: 1, maxLength: 32 }),
        (place, burst) => {
          fc.pre(!burst.includes(0xa0));
          const codec = counts(8);
          const out = readAll(
            codec,
            [joinBytes([stream.subarray(0, place), burst, stream.subarray(place)])],
            11,
          );
          nothingInvented(out);
          expect(out.length).toBeGreaterThanOrEqual(n - 3);
        },
      ),
    );
  });

  test("a byte of a header or a footer that flips costs at most two frames", () => {
    for (const offset of [0, 32])
      for (let k = 1; k < n - 4; k++) {
        const bytes = stream.slice();
        bytes[33 * k + offset] = 0x55;
        const out = readAll(counts(8), [bytes], 11);
        nothingInvented(out);
        expect(out.length).toBeGreaterThanOrEqual(n - 3);
      }
  });

  test("whole frames that are missing cost nothing else, and the counter shows them", () => {
    const codec = counts(8);
    const out = readAll(codec, [joinBytes([...good.slice(0, 10), ...good.slice(17)])], 11);
    expect(out.map((f) => f.counter)).toEqual([
      ...Array.from({ length: 10 }, (_, k) => k),
      ...Array.from({ length: n - 18 }, (_, k) => 17 + k),
    ]);
    expect(codec.counters).toMatchObject({ bytesSkipped: 0, resyncs: 0 });
  });

  test("a frame sent twice is delivered once; 256 missing frames are no duplicate", () => {
    const codec = counts(8);
    const out = readAll(codec, [joinBytes([good[0]!, good[1]!, good[1]!, good[2]!, good[3]!])], 11);
    expect(out.map((f) => f.counter)).toEqual([0, 1, 2]);
    expect(codec.counters.duplicates).toBe(1);
    const later = readAll(codec, [joinBytes([frame(3, plain(4)), frame(4, plain(5))])], 11);
    expect(later.map((f) => f.counter)).toEqual([3, 3]);
  });
});

describe("with a Daisy", () => {
  const half = (n: number) =>
    frame(
      n,
      Array.from({ length: 8 }, (_, c) => 100 * n + c),
    );
  const sequence = (numbers: readonly number[]) => joinBytes(numbers.map(half));
  const read = (numbers: readonly number[]) =>
    framesOf(counts(16, true).push(sequence(numbers)), 19).map((f) => f.counter);

  test("even n and n + 1 make one sample: board first, then Daisy", () => {
    const [first] = framesOf(counts(16, true).push(sequence([2, 3, 4])), 19);
    expect(first!.counter).toBe(1);
    expect(first!.values.slice(0, 16)).toEqual([
      ...[300, 301, 302, 303, 304, 305, 306, 307],
      ...[200, 201, 202, 203, 204, 205, 206, 207],
    ]);
  });

  test("the counter runs to 127 and wraps", () => {
    expect(read([252, 253, 254, 255, 0, 1, 2, 3, 4])).toEqual([126, 127, 0, 1]);
  });

  test("a missing Daisy half drops the sample", () => {
    expect(read([2, 3, 5, 6, 7, 8])).toEqual([1, 3]);
  });

  test("a missing board half drops the sample", () => {
    expect(read([2, 3, 4, 6, 7, 8])).toEqual([1, 3]);
  });

  test("the Daisy half of one sample is never joined to the board half of another", () => {
    expect(read([2, 3, 4, 7, 8, 9, 10])).toEqual([1, 4]);
  });

  test("the first sample after a start is left out, a later n = 0 is not", () => {
    expect(read([0, 1, 2, 3, 4])).toEqual([1]);
    const codec = counts(16, true);
    codec.push(sequence([0, 1, 2, 3, 4]));
    codec.reset();
    expect(framesOf(codec.push(sequence([0, 1, 2, 3, 4])), 19).map((f) => f.counter)).toEqual([1]);
  });
});
