import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Columns } from "./columns.ts";

interface Sample {
  readonly x: number;
  readonly value: number;
}

/** The definition, slowly: the least and greatest value of the line through the samples inside each column. */
function bruteForce(runs: readonly (readonly Sample[])[]): Map<number, { low: number; high: number }> {
  const columns = new Map<number, { low: number; high: number }>();
  const touch = (k: number, value: number): void => {
    const known = columns.get(k);
    columns.set(k, {
      low: Math.min(known?.low ?? value, value),
      high: Math.max(known?.high ?? value, value),
    });
  };
  for (const run of runs)
    run.forEach(({ x, value }, i) => {
      if (Number.isNaN(value)) return;
      touch(Math.floor(x), value);
      const next = run[i + 1];
      if (next === undefined || Number.isNaN(next.value)) return;
      for (let border = Math.floor(x) + 1; border <= Math.floor(next.x); border++) {
        const crossing = value + ((next.value - value) * (border - x)) / (next.x - x);
        touch(border - 1, crossing);
        touch(border, crossing);
      }
    });
  return columns;
}

const value = fc.oneof(
  { weight: 9, arbitrary: fc.float({ min: -500, max: 500, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const run = fc.record({
  values: fc.array(value, { minLength: 1, maxLength: 60 }),
  gapAfter: fc.double({ min: 0.05, max: 3, noNaN: true }),
});

describe("columns", () => {
  test("hold the range of the line in each column, with gaps and missing values, however the samples are cut", () => {
    fc.assert(
      fc.property(
        fc.array(run, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0.002, 0.004, 1 / 130, 0.05),
        fc.constantFrom(0.0037, 0.01, 0.031),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: -3, max: 5000, noNaN: true }),
        (runs, step, secondsPerColumn, cuts, begin) => {
          const columns = new Columns(2, 4096);
          columns.reset(secondsPerColumn);
          const expected: Sample[][] = [];
          let start = begin;
          let cut = 0;
          runs.forEach(({ values, gapAfter }, r) => {
            if (r > 0) {
              const from = start;
              start += gapAfter;
              columns.gap(from, start);
            }
            for (let n = 0; n < values.length; ) {
              const length = Math.min(cuts[cut++ % cuts.length]!, values.length - n);
              const piece = values.slice(n, n + length);
              const block = Float64Array.from([...piece, ...piece.map((v) => -v)]);
              columns.add(block, length, length, start + n * step, step);
              n += length;
            }
            expected.push(values.map((v, i) => ({ x: (start + i * step) / secondsPerColumn, value: v })));
            start += values.length * step;
          });
          const wanted = bruteForce(expected);
          const first = Math.floor(begin / secondsPerColumn);
          for (let k = Math.max(first, columns.newest - 4095); k <= columns.newest; k++) {
            const slot = ((k % 4096) + 4096) % 4096;
            const at = wanted.get(k);
            if (at === undefined) expect(columns.low[slot]).toBeNaN();
            else {
              expect(columns.low[slot]).toBeCloseTo(at.low, 2);
              expect(columns.high[slot]).toBeCloseTo(at.high, 2);
              expect(columns.high[4096 + slot]).toBeCloseTo(-at.low, 2);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("mark every column of a gap and draw nothing inside it", () => {
    const columns = new Columns(1, 100);
    columns.reset(0.01);
    columns.add(Float64Array.from([1, 1, 1, 1]), 4, 4, 0, 0.01);
    columns.gap(0.04, 0.095);
    columns.add(Float64Array.from([5, 5]), 2, 2, 0.095, 0.01);
    expect([...columns.gaps.subarray(0, 11)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0]);
    expect([...columns.low.subarray(4, 9)].every(Number.isNaN)).toBe(true);
    expect(columns.low[9]).toBe(5);
  });

  test("forget what has left the ring, and say what has changed once", () => {
    const columns = new Columns(1, 8);
    columns.reset(1);
    expect(columns.takeDirty()).toBe(Number.NEGATIVE_INFINITY);
    columns.add(Float64Array.from([1, 2, 3]), 3, 3, 0, 1);
    expect(columns.takeDirty()).toBe(0);
    expect(columns.takeDirty()).toBe(Number.POSITIVE_INFINITY);
    columns.add(Float64Array.from([4]), 1, 1, 3, 1);
    expect(columns.takeDirty()).toBe(2);
    columns.gap(4, 40);
    columns.add(Float64Array.from([9]), 1, 1, 40, 1);
    expect(columns.holds(32)).toBe(false);
    expect(columns.holds(33)).toBe(true);
    expect([...columns.low].filter((v) => !Number.isNaN(v))).toEqual([9]);
  });
});
