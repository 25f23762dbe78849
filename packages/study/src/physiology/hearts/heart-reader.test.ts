import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Binned, Excerpt } from "./grid-sinks.ts";
import { type FoundBeats, HeartReader } from "./heart-reader.ts";

const RATE = 250;

/** Sharp beats every 0.8 s, on a clock that starts at 100 s and runs 0.1 % fast. */
function trace(seconds: number): { values: Float64Array; times: Float64Array } {
  const values = Float64Array.from({ length: seconds * RATE }, (_, n) => {
    const since = ((n / RATE + 0.4) % 0.8) - 0.4;
    return Math.exp(-0.5 * (since / 0.011) ** 2) + 0.002 * Math.sin(n);
  });
  return { values, times: Float64Array.from(values, (_, n) => 100 + (n / RATE) * 1.001) };
}

function readIn(values: Float64Array, times: Float64Array, cuts: readonly number[]): FoundBeats {
  const reader = new HeartReader(RATE, "adult");
  const edges = [0, ...[...cuts].sort((a, b) => a - b), values.length];
  for (let k = 1; k < edges.length; k++)
    reader.push(values.subarray(edges[k - 1], edges[k]), times.subarray(edges[k - 1], edges[k]));
  return reader.finish();
}

describe("HeartReader", () => {
  test("places beats on the session clock, however the recording is cut into blocks", () => {
    const { values, times } = trace(40);
    const whole = readIn(values, times, []);
    expect(whole.times.length).toBeGreaterThan(45);
    for (const time of whole.times.slice(1)) {
      const beat = (time - 100) / 1.001 / 0.8;
      expect(Math.abs(beat - Math.round(beat)) * 0.8).toBeLessThan(0.002);
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: values.length }), { maxLength: 6 }), (cuts) => {
        const cut = readIn(values, times, cuts);
        expect(cut.times.length).toBe(whole.times.length);
        cut.times.forEach((time, k) => {
          expect(time).toBeCloseTo(whole.times[k]!, 9);
        });
      }),
      { numRuns: 20 },
    );
  });

  test("a gap in the stamps moves what follows and is no interval", () => {
    const { values, times } = trace(40);
    const late = times.map((time, n) => (n >= 20 * RATE ? time + 7 : time));
    const found = readIn(values, late, [17 * RATE]);
    expect(found.nGaps).toBe(1);
    expect(Array.from(found.times).some((time) => time > 120.1 && time < 127)).toBe(false);
    expect(found.present[123]).toBe(0);
    expect(found.present[110]).toBeGreaterThan(0.99);
  });
});

describe("sinks on a grid", () => {
  test("an excerpt interpolates between samples and leaves gaps missing", () => {
    const excerpt = new Excerpt(1, 4, 10);
    const times = Float64Array.from([0.95, 1.05, 1.15, 1.25, 3.05, 3.15]);
    excerpt.push(
      times.map((time) => 2 * time),
      times,
      10,
    );
    expect(excerpt.values[1]).toBeCloseTo(2.2, 9);
    expect(excerpt.values[10]).toBeNaN();
    expect(excerpt.values[21]).toBeCloseTo(6.2, 9);
  });

  test("bins hold means and spreads, and nothing where there is nothing", () => {
    const bins = new Binned(1);
    bins.push(Float64Array.of(1, 3, Number.NaN, 5), Float64Array.of(0.1, 0.6, 0.7, 2.5));
    expect(Array.from(bins.means())).toEqual([2, Number.NaN, 5]);
    expect(bins.spreads()[0]).toBeCloseTo(Math.SQRT2, 12);
  });
});
