import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompactStamps } from "./compact-stamps.ts";

const bitsOf = (stamps: ArrayLike<number>): BigUint64Array =>
  new BigUint64Array(Float64Array.from(stamps).buffer);

function compacted(stamps: ArrayLike<number>, samplingRate: number): CompactStamps {
  const compact = new CompactStamps(samplingRate);
  for (let k = 0; k < stamps.length; k++) compact.push(stamps[k]!);
  return compact;
}

function copied(compact: CompactStamps): Float64Array {
  const out = new Float64Array(compact.length);
  compact.copyTo(out);
  return out;
}

/** A stream with jitter, stalls and leaps, deduced stamps in between. */
function restlessStamps(n: number, samplingRate: number): Float64Array {
  const stamps = new Float64Array(n);
  let previous = 12_345.678;
  for (let k = 0; k < n; k++) {
    const jitter = k % 3 === 0 ? ((k * 7919) % 1009) * 10 ** -((k % 17) + 1) : 0;
    const leap = k % 5003 === 5002 ? -previous : 0;
    previous = previous + 1 / samplingRate + jitter + leap;
    stamps[k] = previous;
  }
  return stamps;
}

describe("the stamps of a stream in compact form", () => {
  test("come back to the bit, whatever they are", () => {
    const stamp = fc.oneof(
      fc.double({ noNaN: true }),
      fc.double({ min: -1e11, max: 1e11, noNaN: true }),
      fc.constantFrom(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, 1e11, -1e11),
    );
    fc.assert(
      fc.property(fc.array(stamp, { maxLength: 300 }), fc.constantFrom(0, 0.1, 250, 1e5), (stamps, rate) => {
        const compact = compacted(stamps, rate);
        expect(bitsOf(copied(compact))).toEqual(bitsOf(stamps));
        expect(bitsOf(stamps.map((_, k) => compact.at(k)))).toEqual(bitsOf(stamps));
      }),
    );
  });

  test("come back to the bit at every distance from what is deduced", () => {
    const next = new Float64Array(1);
    const bits = new BigInt64Array(next.buffer);
    for (const base of [1, 1e5, 0.001, 2 ** -20]) {
      const stamps: number[] = [];
      for (let power = 0n; power < 53n; power++)
        for (const nearby of [-1n, 0n, 1n])
          for (const sign of [-1n, 1n]) {
            stamps.push(base);
            next[0] = base;
            bits[0]! += sign * (2n ** power + nearby);
            stamps.push(next[0]!);
          }
      expect(bitsOf(copied(compacted(stamps, 0)))).toEqual(bitsOf(stamps));
    }
  });

  test("come back over many blocks, all at once and one by one in any order", () => {
    const stamps = restlessStamps(200_000, 250);
    const compact = compacted(stamps, 250);
    expect(bitsOf(copied(compact))).toEqual(bitsOf(stamps));
    for (let k = 0; k < 2000; k++) {
      const index = (k * 104_729) % stamps.length;
      expect(compact.at(index)).toBe(stamps[index]);
    }
  });

  test("can be looked at while they grow", () => {
    const stamps = restlessStamps(5000, 100);
    const compact = new CompactStamps(100);
    for (let k = 0; k < stamps.length; k++) {
      compact.push(stamps[k]!);
      if (k % 97 !== 0) continue;
      expect(compact.at(k)).toBe(stamps[k]);
      expect(compact.at(k >> 1)).toBe(stamps[k >> 1]);
    }
  });

  test("take one byte each where the file leaves them to be deduced", () => {
    const n = 1_000_000;
    const compact = new CompactStamps(250);
    for (let k = 0, stamp = 10_000; k < n; k++, stamp += 1 / 250) compact.push(stamp);
    expect(compact.nBytes / n).toBeLessThan(1.3);
  });
});
