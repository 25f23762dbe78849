import type { FrameBatch } from "@attune/device-kit";
import { cutBytes, joinBytes } from "@attune/device-kit/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Shimmer3Codec } from "./codec.ts";
import { type ChecksumBytes, checksum, withChecksum } from "./commands.ts";
import { packetLayout } from "./packet-layout.ts";

const BOTH_CHIPS = [0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22];
const DIVIDER = 64;

function counts(checksumBytes: ChecksumBytes = 0, divider = DIVIDER) {
  const layout = packetLayout({ divider, samplesPerPacket: 1, channelIds: BOTH_CHIPS }, checksumBytes)!;
  return new Shimmer3Codec({
    layout,
    channels: [...layout.offsets.values()].map((offset) => ({ offset, unitsPerCount: 1 })),
  });
}

interface Frame {
  readonly time: number;
  readonly values: number[];
  readonly flags: number;
}

function frames(batch: FrameBatch): Frame[] {
  return Array.from({ length: batch.nFrames }, (_, k) => {
    if (!Number.isNaN(batch.counter[k])) throw new Error("the Shimmer3 does not count");
    return {
      time: batch.deviceTime[k]!,
      values: [...batch.values.subarray(4 * k, 4 * k + 4)],
      flags: batch.flags[k]!,
    };
  });
}

/** A packet written independently of the simulator. */
function packet(ticks: number, values: readonly number[], checksumBytes: ChecksumBytes = 0): Uint8Array {
  const bytes = Buffer.alloc(18);
  bytes.writeUIntLE(ticks % 2 ** 24, 1, 3);
  for (const [c, value] of values.entries()) bytes.writeIntBE(value, [5, 8, 12, 15][c]!, 3);
  bytes[4] = 0x80;
  bytes[11] = 0x80;
  return withChecksum(Uint8Array.from(bytes), checksumBytes);
}

const values = (k: number) => [0, 1, 2, 3].map((c) => ((k * 7919 + c * 104_729) % 2 ** 24) - 2 ** 23);

function recording(n: number, checksumBytes: ChecksumBytes = 0, start = 1000): Uint8Array[] {
  return Array.from({ length: n }, (_, k) => packet(start + k * DIVIDER, values(k), checksumBytes));
}

function readAll(codec: Shimmer3Codec, parts: readonly Uint8Array[]): Frame[] {
  return parts.flatMap((part) => frames(codec.push(part)));
}

/** Which packet of the recording a frame is, by its time; its values must be those of that packet. */
function indices(out: readonly Frame[], start = 1000): number[] {
  return out.map((frame) => {
    const k = (frame.time * 32_768 - start) / DIVIDER;
    if (frame.values.join() !== values(k).join()) throw new Error(`wrong values in packet ${k}`);
    return k;
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

describe("a packet", () => {
  test("is read as the golden example says", () => {
    const golden = Uint8Array.from(Buffer.from("00a086018001e240fe1dc0800003e8fffc18", "hex"));
    expect(packet(100_000, [123_456, -123_456, 1000, -1000])).toEqual(golden);
    const following = [1, 2, 3, 4, 5, 6].map((k) => packet(100_000 + k * DIVIDER, [0, 0, 0, 0]));
    const [first] = frames(counts().push(joinBytes([golden, ...following])));
    expect(first).toEqual({
      time: 100_000 / 32_768,
      values: [123_456, -123_456, 1000, -1000],
      flags: 0,
    });
  });

  test("has the checksum of polynomial 0x1021 from 0xB0CA, padded to an even length", () => {
    const bitwise = (bytes: readonly number[]) => {
      let crc = 0xb0ca;
      for (const byte of bytes) {
        crc ^= byte << 8;
        for (let k = 0; k < 8; k++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
      }
      return crc;
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const padded = bytes.length % 2 ? [...bytes, 0] : [...bytes];
        expect(checksum(bytes, 0, bytes.length)).toBe(bitwise(padded));
      }),
    );
  });

  test("is laid out as the inquiry says, other sensors in between included", () => {
    const layout = packetLayout(
      { divider: 64, samplesPerPacket: 1, channelIds: [0, 1, 2, 0x1b, 0x1d, 0x1e, 0x1f] },
      0,
    )!;
    expect(layout.bytes).toBe(4 + 6 + 3 + 1 + 3 + 3);
    expect([...layout.offsets]).toEqual([
      ["exg1-ch1", 14],
      ["exg1-ch2", 17],
    ]);
    expect(packetLayout({ divider: 64, samplesPerPacket: 1, channelIds: [0x40] }, 0)).toBeUndefined();
  });
});

describe("time", () => {
  test("goes on where the 24 bits of the time stamp wrap", () => {
    const start = 2 ** 24 - 10 * DIVIDER;
    const out = readAll(counts(), [joinBytes(recording(40, 0, start))]);
    expect(indices(out, start)).toEqual(range(0, 39));
  });

  test("goes on when the codec starts anew", () => {
    const codec = counts(2);
    const all = recording(40, 2, 2 ** 24 - 10 * DIVIDER);
    const before = readAll(codec, [joinBytes(all.slice(0, 5))]);
    codec.reset();
    const after = readAll(codec, [joinBytes(all.slice(20))]);
    expect(indices([...before, ...after], 2 ** 24 - 10 * DIVIDER)).toEqual([
      ...range(0, 5),
      ...range(20, 40),
    ]);
  });

  test("may be a tick off from packet to packet", () => {
    const all = range(0, 30).map((k) => packet(5000 + k * 65 + (k % 3 === 1 ? 1 : 0), values(k)));
    expect(readAll(counts(0, 65), [joinBytes(all)])).toHaveLength(29);
  });
});

describe.each([0, 1, 2] as const)("with %d bytes of checksum", (checksumBytes) => {
  const n = 60;
  const good = recording(n, checksumBytes);
  const size = 18 + checksumBytes;
  const stream = joinBytes(good);
  const nWhole = checksumBytes < 2 ? n - 1 : n;
  const status = withChecksum(Uint8Array.of(0xff, 0x8a, 0x71, 0x01), checksumBytes);
  const bareStatus = withChecksum(Uint8Array.of(0x8a, 0x71, 0x01), checksumBytes);

  test("any way of cutting the bytes gives the same frames and counts, with noise and damage", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.nat(stream.length - 1), { maxLength: 5 }),
        fc.nat(n - 1),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (noise, broken, statusBefore, cuts) => {
          const parts = good.map((bytes) => bytes.slice());
          for (const place of broken) parts[Math.floor(place / size)]![place % size]! ^= 0x5a;
          const bytes = joinBytes([
            noise,
            ...parts.slice(0, statusBefore),
            ...(statusBefore % 2 ? [status] : [bareStatus]),
            ...parts.slice(statusBefore),
          ]);
          const together = counts(checksumBytes);
          const apart = counts(checksumBytes);
          const single = counts(checksumBytes);
          const whole = readAll(together, [bytes]);
          expect(readAll(apart, cutBytes(bytes, cuts))).toEqual(whole);
          expect(readAll(single, cutBytes(bytes, range(0, bytes.length)))).toEqual(whole);
          expect(apart.counters).toEqual(together.counters);
          expect(single.counters).toEqual(together.counters);
        },
      ),
    );
  });

  test("noise before is skipped and counted", () => {
    const codec = counts(checksumBytes);
    const noise = Uint8Array.from({ length: 77 }, (_, k) => (k * 31) & 255);
    expect(indices(readAll(codec, [joinBytes([noise, stream])]))).toEqual(range(0, nWhole));
    expect(codec.counters).toMatchObject({ bytesSkipped: 77, resyncs: 0, framesOk: nWhole });
  });

  test("a dropped byte costs at most two packets and never gives a wrong one", () => {
    for (let place = 8 * size; place < stream.length - 10 * size; place++) {
      const codec = counts(checksumBytes);
      const out = readAll(codec, [joinBytes([stream.subarray(0, place), stream.subarray(place + 1)])]);
      expect(indices(out).length).toBeGreaterThanOrEqual(nWhole - 2);
      expect(codec.counters.resyncs).toBe(1);
      expect(out.filter((frame) => frame.flags === 2)).toHaveLength(1);
    }
  });

  test("inserted bytes cost at most two packets and never give a wrong one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8 * size, max: stream.length - 10 * size }),
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        (place, burst) => {
          const bytes = joinBytes([stream.subarray(0, place), burst, stream.subarray(place)]);
          expect(indices(readAll(counts(checksumBytes), [bytes])).length).toBeGreaterThanOrEqual(nWhole - 2);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("status messages in between cost nothing", () => {
    const codec = counts(checksumBytes);
    const parts = [
      ...good.slice(0, 10),
      status,
      ...good.slice(10, 20),
      bareStatus,
      status,
      ...good.slice(20),
    ];
    expect(indices(readAll(codec, [joinBytes(parts)]))).toEqual(range(0, nWhole));
    expect(codec.counters).toMatchObject({ bytesSkipped: 0, resyncs: 0 });
  });

  test("packets that are missing cost nothing else, those of more than a second included", () => {
    for (const nLost of [1, 7, 1000]) {
      const later = range(0, 20).map((k) =>
        packet(1000 + (20 + nLost + k) * DIVIDER, values(20 + nLost + k), checksumBytes),
      );
      const codec = counts(checksumBytes);
      const out = indices(readAll(codec, [joinBytes([...good.slice(0, 20), ...later])]));
      const last = checksumBytes < 2 ? 19 : 20;
      expect(out).toEqual([...range(0, 20), ...range(20 + nLost, 20 + nLost + last)]);
      expect(codec.counters).toMatchObject({ bytesSkipped: 0, resyncs: 0, checksumErrors: 0 });
    }
  });

  test("a packet sent twice is delivered once", () => {
    const codec = counts(checksumBytes);
    const out = readAll(codec, [joinBytes([...good.slice(0, 11), ...good.slice(10)])]);
    expect(indices(out)).toEqual(range(0, nWhole));
    expect(codec.counters.duplicates).toBe(1);
  });

  test("a flipped bit of a time stamp costs at most its packet and the one before, and moves the time of no other", () => {
    for (let k = 10; k < 40; k += 7)
      for (let bit = 0; bit < 24; bit++) {
        const bytes = stream.slice();
        const place = k * size + 1 + (bit >> 3);
        bytes[place] = bytes[place]! ^ (1 << (bit & 7));
        const out = readAll(counts(checksumBytes), [bytes]);
        // One tick is within what a time stamp may be off.
        const times = out.map((frame) => Math.round((frame.time * 32_768 - 1000) / DIVIDER));
        expect(times.filter((index) => index !== k && index !== k - 1)).toEqual(
          range(0, nWhole).filter((index) => index !== k && index !== k - 1),
        );
      }
  });

  test("a flipped bit of a sample is found where there is a checksum, and costs its packet alone", () => {
    const bytes = stream.slice();
    const place = 30 * size + 6;
    bytes[place] = bytes[place]! ^ 4;
    const codec = counts(checksumBytes);
    const out = readAll(codec, [bytes]);
    if (checksumBytes === 0) expect(out).toHaveLength(nWhole);
    else {
      expect(indices(out)).toEqual([...range(0, 30), ...range(31, nWhole)]);
      expect(codec.counters).toMatchObject({ checksumErrors: 1, resyncs: 0, bytesSkipped: size });
    }
  });
});
