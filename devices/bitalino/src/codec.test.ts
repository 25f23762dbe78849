import { type CodecFrame, cutBytes, framesOf, heldBack, joinBytes } from "@attune/device-kit/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BitalinoCodec } from "./codec.ts";
import { crc4, encodeFrame, FRAME_BYTES } from "./frame.ts";
import { scaleOf } from "./scale.ts";

const raw = { unit: "", unitsPerCount: 1, zeroCount: 0 };
const counts = (n: number, digitalInputs = false) =>
  new BitalinoCodec({ scales: Array.from({ length: n }, () => raw), digitalInputs });

function readAll(codec: BitalinoCodec, parts: readonly Uint8Array[], nValues: number): CodecFrame[] {
  return parts.flatMap((part) => framesOf(codec.push(part), nValues));
}

/** Frame k of a recording: values that name it, like noise to the checksum. */
function analog(k: number, nChannels: number): number[] {
  return Array.from({ length: nChannels }, (_, c) => (k * 7919 + c * 104_729 + 13) % (c < 4 ? 1024 : 64));
}

function recording(n: number, nChannels: number): Uint8Array[] {
  return Array.from({ length: n }, (_, k) => encodeFrame(k & 15, 0b1010, analog(k, nChannels)));
}

/** CRC-4 bit by bit, as the data sheet words it. */
function bitwiseCrc4(bytes: Uint8Array): number {
  let crc = 0;
  const bits = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, k) => (byte >> (7 - k)) & 1));
  for (const bit of [...bits.slice(0, -4), 0, 0, 0, 0]) {
    crc = (crc << 1) | bit;
    if (crc & 16) crc ^= 0b10011;
  }
  return crc;
}

describe("a frame", () => {
  const golden: [string, number, number, number[]][] = [
    ["95aa6a00ff03b89f", 9, 0b1011, [512, 1023, 1, 682, 42, 21]],
    ["f03a37", 3, 0b0011, [700]],
    ["004bc890c1ff", 15, 0b1100, [100, 200, 300]],
  ];

  test.each(golden)(
    "%s is read and written as the golden example says",
    (text, sequence, digital, values) => {
      const bytes = Uint8Array.from(Buffer.from(text, "hex"));
      expect(encodeFrame(sequence, digital, values)).toEqual(bytes);
      const following = [1, 2, 3, 4].map((k) => encodeFrame(sequence + k, 0, values));
      const [first] = framesOf(
        counts(values.length, true).push(joinBytes([bytes, ...following])),
        values.length + 2,
      );
      expect(first).toEqual({
        counter: sequence,
        values: [...values, digital >> 3, (digital >> 2) & 1],
        deviceTime: Number.NaN,
        flags: 0,
      });
    },
  );

  test("of any number of channels is read back, in 3 to 8 bytes", () => {
    for (let n = 1; n <= 6; n++) {
      const all = recording(40, n);
      expect(all[0]).toHaveLength(FRAME_BYTES[n as 1]);
      const out = readAll(counts(n), [joinBytes(all)], n);
      expect(out.map((f) => f.values)).toEqual(Array.from({ length: 39 }, (_, k) => analog(k, n)));
    }
  });

  test("has the checksum of x^4 + x + 1 over all other bits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 8 }), (bytes) => {
        expect(crc4(bytes, 0, bytes.length)).toBe(bitwiseCrc4(bytes));
      }),
    );
  });

  test("gives physical units by the kind of sensor", () => {
    const value = (scale: { unitsPerCount: number; zeroCount: number }, count: number) =>
      (count - scale.zeroCount) * scale.unitsPerCount;
    const ecg = new BitalinoCodec({ scales: [scaleOf({ kind: "ecg", bits: 10 })], digitalInputs: false });
    const stream = joinBytes([3, 4, 5, 6, 7].map((sequence) => encodeFrame(sequence, 3, [700])));
    expect(framesOf(ecg.push(stream), 1)[0]!.values[0]).toBeCloseTo(0.55078125, 12);
    expect(value(scaleOf({ kind: "ecg", bits: 6 }), 32)).toBe(0);
    expect(value(scaleOf({ kind: "emg", bits: 10 }), 1024)).toBeCloseTo(1.65 / 1.009, 9);
    expect(value(scaleOf({ kind: "emg", bits: 10, gain: 1000 }), 1024)).toBeCloseTo(1.65, 9);
    expect(value(scaleOf({ kind: "eeg", bits: 10 }), 1024)).toBeCloseTo(39.4907, 3);
    expect(value(scaleOf({ kind: "eda", bits: 10 }), 1024)).toBeCloseTo(25, 9);
    expect(value(scaleOf({ kind: "voltage", bits: 6 }), 64)).toBeCloseTo(3.3, 9);
    const g = scaleOf({ kind: "acceleration", bits: 10, calibration: [208, 312] });
    expect([value(g, 208), value(g, 260), value(g, 312)]).toEqual([-1, 0, 1]);
  });
});

describe("any way of cutting the bytes", () => {
  test("gives the same frames and counts, with noise and damage in between", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat(300), { maxLength: 6 }),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (nChannels, noise, broken, cuts) => {
          const damaged = joinBytes(recording(50, nChannels));
          for (const place of broken)
            if (place < damaged.length) damaged[place] = damaged[place]! ^ (1 << (place % 8));
          const bytes = joinBytes([noise, damaged]);
          const together = counts(nChannels);
          const apart = counts(nChannels);
          const single = counts(nChannels);
          const whole = readAll(together, [bytes], nChannels);
          expect(readAll(apart, cutBytes(bytes, cuts), nChannels)).toEqual(whole);
          const everywhere = Array.from(bytes, (_, k) => k);
          expect(readAll(single, cutBytes(bytes, everywhere), nChannels)).toEqual(whole);
          expect(apart.counters).toEqual(together.counters);
          expect(single.counters).toEqual(together.counters);
        },
      ),
    );
  });

  test("and the sequence number wraps at 16", () => {
    const out = readAll(counts(6), [joinBytes(recording(100, 6))], 6);
    expect(out.map((f) => f.counter)).toEqual(Array.from({ length: 99 }, (_, k) => k & 15));
  });
});

describe("bytes that are wrong", () => {
  const n = 60;
  const nChannels = 6;
  const size = 8;
  const good = recording(n, nChannels);
  const stream = joinBytes(good);
  const sent = new Set(good.map((_, k) => analog(k, nChannels).join()));
  const invented = (out: readonly CodecFrame[]) => out.filter((f) => !sent.has(f.values.join())).length;

  test("a flipped byte costs its frame alone, moves no boundary and never gives a wrong frame", () => {
    for (let place = 4 * size; place < stream.length - 5 * size; place++)
      for (const bits of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const bytes = stream.slice();
        bytes[place] = bytes[place]! ^ bits;
        const codec = counts(nChannels);
        const out = readAll(codec, [bytes], nChannels);
        expect(invented(out)).toBe(0);
        expect(out.length).toBe(n - 2);
        expect(codec.counters.resyncs).toBe(0);
      }
  });

  test("a dropped byte costs one frame, rarely two, and never gives a wrong one", () => {
    let lost = 0;
    for (let place = 4 * size; place < stream.length - 6 * size; place++) {
      const codec = counts(nChannels);
      const out = readAll(
        codec,
        [joinBytes([stream.subarray(0, place), stream.subarray(place + 1)])],
        nChannels,
      );
      expect(invented(out)).toBe(0);
      expect(codec.counters.resyncs).toBe(1);
      expect(out.filter((f) => f.flags === 2)).toHaveLength(1);
      lost += n - 1 - out.length;
    }
    expect(lost / (stream.length - 10 * size)).toBeLessThan(1.15);
  });

  test("an inserted byte costs one frame, rarely two, and never gives a wrong one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4 * size, max: stream.length - 6 * size }),
        fc.uint8Array({ minLength: 1, maxLength: 3 }),
        (place, burst) => {
          const bytes = joinBytes([stream.subarray(0, place), burst, stream.subarray(place)]);
          const out = readAll(counts(nChannels), [bytes], nChannels);
          expect(invented(out)).toBe(0);
          expect(out.length).toBeGreaterThanOrEqual(n - 3);
          expect(out.filter((f) => f.flags === 2).length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("before the stream are skipped", () => {
    const codec = counts(nChannels);
    const noise = Uint8Array.from({ length: 50 }, (_, k) => (k * 37 + 11) & 255);
    // The first frame after noise cannot be told from one that begins with noise.
    expect(readAll(codec, [joinBytes([noise, stream])], nChannels)).toHaveLength(n - 2);
    expect(codec.counters).toMatchObject({ bytesSkipped: 50 + size, resyncs: 0, framesOk: n - 2 });
  });

  test("whole frames that are missing cost nothing else", () => {
    for (let nLost = 1; nLost < 20; nLost++) {
      const codec = counts(nChannels);
      const out = readAll(codec, [joinBytes([...good.slice(0, 10), ...good.slice(10 + nLost)])], nChannels);
      expect(out).toHaveLength(n - 1 - nLost);
      expect(codec.counters).toMatchObject({ bytesSkipped: 0, resyncs: 0 });
    }
  });

  test("a frame sent twice is delivered once", () => {
    const codec = counts(nChannels);
    const out = readAll(codec, [joinBytes([...good.slice(0, 11), ...good.slice(10)])], nChannels);
    expect(out.map((f) => f.values)).toEqual(Array.from({ length: n - 1 }, (_, k) => analog(k, nChannels)));
    expect(codec.counters.duplicates).toBe(1);
  });

  test("of every kind, in 100,000 frames with one byte in ten thousand hit, give no wrong frame", () => {
    let state = 12345;
    const uniform = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    const long = joinBytes(Array.from({ length: 100_000 }, (_, k) => encodeFrame(k & 15, 5, analog(k, 6))));
    const truth = new Set(Array.from({ length: 100_000 }, (_, k) => `${k & 15}:${analog(k, 6)}`));
    const damaged: number[] = [];
    let hits = 0;
    for (const byte of long) {
      if (uniform() > 1e-4) damaged.push(byte);
      else {
        hits++;
        const kind = Math.floor(uniform() * 3);
        if (kind === 0) damaged.push(byte ^ (1 << Math.floor(uniform() * 8)));
        if (kind === 1) damaged.push(byte, Math.floor(uniform() * 256));
      }
    }
    const codec = counts(6);
    const out = readAll(codec, [Uint8Array.from(damaged)], 6);
    const wrong = out.filter((f) => !truth.has(`${f.counter}:${f.values}`)).length;
    expect(hits).toBeGreaterThan(60);
    expect(wrong).toBe(0);
    expect(100_000 - 1 - out.length).toBeLessThan(1.15 * hits);
  });
});

test("frames that came whole with an earlier push are said to have been held back, however the bytes are cut", () => {
  const bytes = joinBytes(recording(40, 6));
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
      const { said, was } = heldBack(counts(6), cutBytes(bytes, cuts), FRAME_BYTES[6]);
      expect(said).toEqual(was);
      expect(said).toHaveLength(39);
    }),
  );
  // So is a frame that waited until the boundary was found again behind frames that are missing.
  const codec = counts(6);
  codec.push(joinBytes(recording(9, 6)));
  const after = joinBytes(recording(40, 6).slice(20));
  expect(codec.push(after.subarray(0, 3 * FRAME_BYTES[6]))).toMatchObject({ nFrames: 0 });
  expect(codec.push(after.subarray(3 * FRAME_BYTES[6]))).toMatchObject({ nHeldBack: 4 });
});
