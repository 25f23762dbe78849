import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SampleRing } from "./sample-ring.ts";

const STEP = 0.002;

function frameOf(start: number, values: readonly number[], nChannels = 1) {
  const data = new Float32Array(nChannels * values.length);
  for (let c = 0; c < nChannels; c++)
    data.set(
      values.map((v) => v + 1000 * c),
      c * values.length,
    );
  return { start, step: STEP, nChannels, nSamples: values.length, data };
}

function contents(ring: SampleRing, first = 0): { time: number; value: number; isBroken: boolean }[] {
  const out: { time: number; value: number; isBroken: boolean }[] = [];
  ring.visitFrom(first, 7, (offset, n, start, step, isBroken) => {
    for (let i = 0; i < n; i++)
      out.push({ time: start + i * step, value: ring.data[offset + i]!, isBroken: isBroken && i === 0 });
  });
  return out;
}

describe("the ring of samples", () => {
  test("keeps the newest samples with their times, whatever the frames", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }), (lengths) => {
        const ring = new SampleRing(2, 64);
        let n = 0;
        for (const length of lengths) {
          ring.append(
            frameOf(
              10 + n * STEP,
              Array.from({ length }, (_, i) => n + i),
              2,
            ),
            false,
          );
          n += length;
        }
        const kept = contents(ring);
        expect(kept.map(({ value }) => value)).toEqual(
          Array.from({ length: Math.min(64, n) }, (_, i) => Math.max(0, n - 64) + i),
        );
        for (const { time, value } of kept) expect(time).toBeCloseTo(10 + value * STEP, 9);
        expect(ring.end).toBeCloseTo(10 + n * STEP, 9);
        expect(ring.start).toBeCloseTo(kept[0]!.time, 9);
        const second: number[] = [];
        ring.visitFrom(0, 7, (offset, length) =>
          second.push(...ring.data.subarray(64 + offset, 64 + offset + length)),
        );
        expect(second).toEqual(kept.map(({ value }) => value + 1000));
      }),
    );
  });

  test("one lost sample is a gap, the jitter of a clock is none", () => {
    const ring = new SampleRing(1, 1000);
    expect(ring.append(frameOf(0, [1, 2, 3]), false)).toBe("continued");
    expect(ring.append(frameOf(3 * STEP + 0.0011, [4, 5]), false)).toBe("continued");
    expect(ring.append(frameOf(5 * STEP + 0.0006, [6]), false)).toBe("continued");
    expect(ring.append(frameOf(ring.end + STEP, [7]), false)).toBe("gap");
    expect(
      contents(ring)
        .filter(({ isBroken }) => isBroken)
        .map(({ value }) => value),
    ).toEqual([1, 7]);
    const times = contents(ring).map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test("data from before what is known begin it anew", () => {
    const ring = new SampleRing(1, 1000);
    ring.append(frameOf(100, [1, 2, 3]), false);
    expect(ring.append(frameOf(40, [8, 9]), true)).toBe("rewound");
    expect(contents(ring).map(({ value }) => value)).toEqual([8, 9]);
    expect(ring.start).toBe(40);
  });

  test("what a connection sends again is taken once, and another session begins anew", () => {
    const ring = new SampleRing(2, 10_000);
    const values = Array.from({ length: 3000 }, (_, i) => i);
    ring.append(frameOf(0, values.slice(0, 2000), 2), false);
    expect(ring.append(frameOf(600 * STEP, values.slice(600, 1200), 2), false)).toBe("continued");
    expect(ring.append(frameOf(1200 * STEP, values.slice(1200, 3000), 2), false)).toBe("continued");
    expect(contents(ring).map(({ value }) => value)).toEqual(values);
    expect(ring.longestGap(0, 100)).toBe(0);
    expect(ring.append(frameOf(-500, [5], 2), false)).toBe("rewound");
    ring.append(frameOf(-490, [6], 2), false);
    expect(ring.longestGap(-600, 0)).toBeCloseTo(10 - STEP, 9);
    expect(ring.longestGap(-480, 0)).toBe(0);
  });

  test("finds the sample of a time", () => {
    const ring = new SampleRing(1, 1000);
    ring.append(frameOf(0, [0, 1, 2, 3]), false);
    ring.append(frameOf(1, [4, 5, 6]), false);
    expect(contents(ring, ring.numberAt(0.003)).map(({ value }) => value)).toEqual([2, 3, 4, 5, 6]);
    expect(contents(ring, ring.numberAt(0.5))[0]!.value).toBe(4);
    expect(contents(ring, ring.numberAt(-5))).toHaveLength(7);
  });
});
