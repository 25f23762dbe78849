import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DisplayFilter, designDisplayFilter, type FilterChoice } from "./display-filter.ts";

const RATE = 500;
const all: FilterChoice = { highPass: true, lowPass: true, notch: 50 };

/** Amplitude that a long sine has after the filter, from its last second. */
function amplitudeAfter(choice: FilterChoice, hertz: number): number {
  const n = RATE * 20;
  const values = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / RATE));
  new DisplayFilter(designDisplayFilter(choice, RATE), 1).apply(0, values, 0, n);
  const last = values.subarray(n - RATE);
  return Math.sqrt((2 * last.reduce((sum, v) => sum + v * v, 0)) / RATE);
}

/** |H| of the analogue prototype at the prewarped frequency: what the bilinear transform promises. */
const warp = (hertz: number): number => Math.tan((Math.PI * hertz) / RATE);
const butterworthLow = (hertz: number, cutoff: number): number =>
  1 / Math.sqrt(1 + (warp(hertz) / warp(cutoff)) ** 4);

describe("display filters", () => {
  test.each([0.5, 1, 2, 10, 30])(
    "the high-pass has the gain of a second-order Butterworth at %d Hz",
    (hertz) => {
      const expected = Math.sqrt(1 - butterworthLow(hertz, 1) ** 2);
      expect(amplitudeAfter({ highPass: true, lowPass: false, notch: 0 }, hertz)).toBeCloseTo(expected, 2);
    },
  );

  test.each([5, 20, 40, 80, 120])(
    "the low-pass has the gain of a second-order Butterworth at %d Hz",
    (hertz) => {
      expect(amplitudeAfter({ highPass: false, lowPass: true, notch: 0 }, hertz)).toBeCloseTo(
        butterworthLow(hertz, 40),
        3,
      );
    },
  );

  test("the notch takes out the mains and nothing beside it", () => {
    const notch: FilterChoice = { highPass: false, lowPass: false, notch: 50 };
    expect(amplitudeAfter(notch, 50)).toBeLessThan(1e-3);
    expect(amplitudeAfter(notch, 45)).toBeGreaterThan(0.95);
    expect(amplitudeAfter(notch, 10)).toBeGreaterThan(0.999);
  });

  test("any way of cutting the samples gives the same bits, across missing values too", () => {
    const value = fc.oneof(
      { weight: 12, arbitrary: fc.double({ min: -300, max: 300, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (values, cuts) => {
          const sections = designDisplayFilter(all, RATE);
          const whole = Float64Array.from(values);
          new DisplayFilter(sections, 1).apply(0, whole, 0, whole.length);
          const pieces = Float64Array.from(values);
          const filter = new DisplayFilter(sections, 1);
          for (let n = 0, c = 0; n < pieces.length; c++) {
            const length = Math.min(cuts[c % cuts.length]!, pieces.length - n);
            filter.apply(0, pieces, n, length);
            n += length;
          }
          expect(pieces).toEqual(whole);
          values.forEach((v, i) => {
            expect(Number.isNaN(whole[i]!)).toBe(Number.isNaN(v));
          });
        },
      ),
    );
  });

  test("an electrode's offset makes no step at the beginning nor after a gap", () => {
    const filter = new DisplayFilter(designDisplayFilter(all, RATE), 1);
    const values = new Float64Array(100).fill(-180_000);
    filter.apply(0, values, 0, 100);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(1e-4);
    filter.reset();
    const others = new Float64Array(100).fill(42_000);
    filter.apply(0, others, 0, 100);
    expect(Math.max(...others.map(Math.abs))).toBeLessThan(1e-4);
  });

  test("a frequency that a slow stream cannot hold is left out", () => {
    expect(designDisplayFilter(all, 64).length).toBe(5);
    expect(designDisplayFilter(all, 500).length).toBe(15);
  });
});
