import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dejitterPyxdf } from "./dejitter.ts";
import { dejitterGapAware } from "./dejitter-gap-aware.ts";

/** Gamma-like delay: the sum of two exponentials, several ms with a long tail. Deterministic. */
function delays(n: number, seed: number, meanSeconds: number): Float64Array {
  let state = seed >>> 0 || 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  return Float64Array.from({ length: n }, () => -0.5 * meanSeconds * Math.log(uniform() * uniform()));
}

const timeAt = (
  segments: readonly { first: number; last: number; start: number; interval: number }[],
  k: number,
): number => {
  const segment = segments.find((s) => k >= s.first && k <= s.last)!;
  return segment.start + (k - segment.first) * segment.interval;
};

const RATE = 250;
const N = 250 * 120;

/** Stamps of 120 s at 250 Hz, the true times, with `lost` seconds missing after half of them. */
function lossy(lost: number, seed = 7): { stamps: Float64Array; truth: Float64Array } {
  const delay = delays(N, seed, 0.003);
  const truth = Float64Array.from(
    { length: N },
    (_, k) => 1000 + k / (RATE * 1.00003) + (k >= N / 2 ? lost : 0),
  );
  return { stamps: truth.map((t, k) => t + delay[k]!), truth };
}

function worstError(segments: Parameters<typeof timeAt>[0], truth: Float64Array): number {
  const errors = Array.from(truth, (t, k) => timeAt(segments, k) - t);
  const middle = [...errors].sort((a, b) => a - b)[errors.length >> 1]!;
  return errors.reduce((max, e) => Math.max(max, Math.abs(e - middle)), 0);
}

describe("dejitterGapAware", () => {
  test.each([0.04, 0.12, 0.3, 0.9])(
    "finds a loss of %f s where one line per run is wrong by up to half of it",
    (lost) => {
      const { stamps, truth } = lossy(lost);
      const aware = dejitterGapAware(stamps, RATE);
      expect(aware.cuts.map((c) => [c.index, c.kind])).toEqual([[N / 2, "loss"]]);
      expect(aware.cuts[0]!.missingSeconds).toBeCloseTo(lost, 3);
      expect(worstError(aware.segments, truth)).toBeLessThan(2e-4);
      expect(worstError(dejitterPyxdf(stamps, RATE).segments, truth)).toBeGreaterThan(0.3 * lost);
    },
  );

  test.each([0.05, 0.3, 0.9])("a stall of %f s in which nothing is lost gives no cut", (stall) => {
    const { stamps, truth } = lossy(0);
    const from = 12_000;
    for (let k = from; k < N; k++) stamps[k] = Math.max(stamps[k]!, truth[from]! + stall);
    const aware = dejitterGapAware(stamps, RATE);
    expect(aware.cuts).toEqual([]);
    expect(worstError(aware.segments, truth)).toBeLessThan(stall * 0.02 + 2e-4);
  });

  test("agrees with one line per run where nothing is lost", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const { stamps } = lossy(0, seed);
        const aware = dejitterGapAware(stamps, RATE);
        const plain = dejitterPyxdf(stamps, RATE);
        expect(aware.cuts).toEqual([]);
        expect(aware.segments).toEqual(plain.segments);
        expect(aware.effectiveSamplingRate).toBe(plain.effectiveSamplingRate);
      }),
      { numRuns: 10 },
    );
  });

  test("a break keeps its length, and both sides keep their own line", () => {
    const { stamps, truth } = lossy(7.5);
    const aware = dejitterGapAware(stamps, RATE);
    expect(aware.cuts).toHaveLength(1);
    expect(aware.cuts[0]).toMatchObject({ index: N / 2, kind: "break" });
    expect(worstError(aware.segments, truth)).toBeLessThan(2e-4);
  });

  test("wild stamps are excursions and do not bend the line", () => {
    const { stamps, truth } = lossy(0);
    for (let k = 5000; k < 5013; k++) stamps[k]! += 1e6;
    const aware = dejitterGapAware(stamps, RATE);
    expect(aware.excursions).toEqual([{ first: 5000, last: 5012 }]);
    expect(aware.cuts).toEqual([]);
    expect(worstError(aware.segments, truth)).toBeLessThan(2e-4);
    expect(stamps[5000]).toBeGreaterThan(1e6);
  });

  test("any stamps give segments that cover every sample once, with finite times", () => {
    const stamp = fc.oneof(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.constant(5),
      fc.double({ min: 0, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(stamp, { maxLength: 300 }), fc.constantFrom(1, 50, 1000), (values, rate) => {
        const { segments } = dejitterGapAware(Float64Array.from(values), rate);
        let next = 0;
        for (const segment of segments) {
          expect(segment.first).toBe(next);
          expect(Number.isFinite(segment.start) && Number.isFinite(segment.interval)).toBe(true);
          next = segment.last + 1;
        }
        expect(next).toBe(values.length);
      }),
    );
  });
});
