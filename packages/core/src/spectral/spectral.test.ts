import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { irwinHall, mulberry32 } from "../random/index.ts";
import { bandPower } from "./band-power.ts";
import { detrend } from "./detrend.ts";
import { FftPlan } from "./fft.ts";
import { hilbert } from "./hilbert.ts";
import { welch } from "./welch.ts";
import { windowFunction } from "./window-function.ts";

const noise = (seed: number, length: number): Float64Array =>
  Float64Array.from({ length }, irwinHall(mulberry32(seed)));

/** The sum that defines the transform. */
function definition(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let t = 0; t < n; t++) {
      const angle = (-2 * Math.PI * ((k * t) % n)) / n;
      out[2 * k] += x[2 * t] * Math.cos(angle) - x[2 * t + 1] * Math.sin(angle);
      out[2 * k + 1] += x[2 * t] * Math.sin(angle) + x[2 * t + 1] * Math.cos(angle);
    }
  return out;
}

const worst = (a: Float64Array, b: Float64Array): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
};

describe("FftPlan", () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 12, 17, 37, 64, 97, 100, 151, 200, 255, 256, 360])(
    "of %i samples is the defining sum, and its inverse leads back",
    (size) => {
      const x = noise(size, 2 * size);
      const plan = new FftPlan(size);
      const spectrum = new Float64Array(2 * size);
      const back = new Float64Array(2 * size);
      // Twice, so that scratch space left by the first run would show.
      for (let run = 0; run < 2; run++) {
        plan.forward(spectrum, x);
        plan.inverse(back, spectrum);
      }
      expect(worst(spectrum, definition(x))).toBeLessThan(1e-11);
      expect(worst(back, x)).toBeLessThan(1e-13);
    },
  );

  test("a long transform of awkward length keeps its precision", () => {
    const size = 120_011;
    const x = noise(3, 2 * size);
    const plan = new FftPlan(size);
    const spectrum = new Float64Array(2 * size);
    const back = new Float64Array(2 * size);
    plan.forward(spectrum, x);
    plan.inverse(back, spectrum);
    expect(worst(back, x)).toBeLessThan(1e-12);
    const power = (z: Float64Array) => z.reduce((sum, value) => sum + value * value, 0);
    expect(power(spectrum) / (size * power(x))).toBeCloseTo(1, 11);
  });

  test("wrong shapes and sizes are errors", () => {
    const plan = new FftPlan(4);
    const x = new Float64Array(8);
    expect(() => plan.forward(x, x)).toThrow(ShapeError);
    expect(() => plan.forward(new Float64Array(8), new Float64Array(4))).toThrow(ShapeError);
    expect(() => new FftPlan(0)).toThrow(OptionError);
    expect(() => new FftPlan(2.5)).toThrow(OptionError);
  });
});

describe("hilbert", () => {
  test("turns a cosine into a sine at any length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 400 }), fc.nat(1000), (n, k) => {
        const cycles = 1 + (k % Math.floor((n - 1) / 2));
        const angle = (t: number) => (2 * Math.PI * ((cycles * t) % n)) / n;
        const { real, imaginary } = hilbert(Float64Array.from({ length: n }, (_, t) => Math.cos(angle(t))));
        for (let t = 0; t < n; t++) {
          expect(Math.abs(real[t] - Math.cos(angle(t)))).toBe(0);
          expect(Math.abs(imaginary[t] - Math.sin(angle(t)))).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("channels do not mix; a constant has no imaginary part; NaN fills its channel only", () => {
    const x = noise(1, 3 * 50);
    x.fill(4, 50, 100);
    x[120] = Number.NaN;
    const { imaginary } = hilbert(x, 3);
    expect(imaginary.slice(0, 50)).toEqual(hilbert(x.slice(0, 50)).imaginary);
    for (const value of imaginary.slice(50, 100)) expect(Math.abs(value)).toBeLessThan(1e-14);
    expect(imaginary.slice(100).every(Number.isNaN)).toBe(true);
  });

  test("short and empty inputs", () => {
    expect(hilbert(Float64Array.of(3)).imaginary).toEqual(Float64Array.of(0));
    expect(hilbert(Float64Array.of(3, 5)).imaginary).toEqual(Float64Array.of(0, 0));
    expect(() => hilbert(new Float64Array(0))).toThrow(ShapeError);
    expect(() => hilbert(new Float64Array(5), 2)).toThrow(ShapeError);
  });
});

describe("welch", () => {
  const samplingRate = 250;

  test("a density integrates to the variance", () => {
    const x = noise(5, 20_000);
    const spectrum = welch(x, { samplingRate, segmentLength: 500 });
    expect(bandPower(spectrum, { low: 0, high: 125, edges: "closed" })).toBeCloseTo(1, 1);
    expect(spectrum.nSegments).toBe(79);
  });

  test("a spectrum reads the power of a sinusoid, amplitude^2 / 2, at its frequency", () => {
    const x = Float64Array.from(
      { length: 2000 },
      (_, n) => 3 * Math.sin((2 * Math.PI * 10 * n) / samplingRate),
    );
    for (const window of ["hann", "hamming", "boxcar"] as const) {
      const { frequencies, values } = welch(x, {
        samplingRate,
        segmentLength: 250,
        window,
        scaling: "spectrum",
      });
      expect(frequencies[10]).toBe(10);
      expect(values[10]).toBeCloseTo(4.5, 10);
    }
  });

  test("a line is removed by linear detrending and by nothing else", () => {
    const x = Float64Array.from({ length: 600 }, (_, n) => 3 + 0.1 * n);
    const power = (kind: "linear" | "constant" | false) =>
      bandPower(welch(x, { samplingRate, segmentLength: 200, detrend: kind }), { low: 0, high: 20 });
    expect(power("linear")).toBeLessThan(1e-20);
    expect(power("constant")).toBeGreaterThan(1);
    expect(power(false)).toBeGreaterThan(power("constant"));
  });

  test("overlap may be samples or a share of the segment", () => {
    const x = noise(6, 1000);
    const options = { samplingRate, segmentLength: 200 };
    expect(welch(x, { ...options, overlap: 0.5 })).toEqual(welch(x, { ...options, overlap: 100 }));
    expect(welch(x, options)).toEqual(welch(x, { ...options, overlap: 100 }));
    expect(welch(x, { ...options, overlap: 0 }).nSegments).toBe(5);
  });

  test("a window of one's own is the named one if its numbers are", () => {
    const x = noise(7, 300);
    const options = { samplingRate, segmentLength: 100 };
    expect(welch(x, { ...options, window: windowFunction("hamming", 100) })).toEqual(
      welch(x, { ...options, window: "hamming" }),
    );
    expect(() => welch(x, { ...options, window: new Float64Array(99) })).toThrow(ShapeError);
  });

  test("what cannot be estimated says why", () => {
    const x = new Float64Array(100);
    const valid = { samplingRate, segmentLength: 50 };
    for (const wrong of [
      { segmentLength: 101 },
      { overlap: 50 },
      { overlap: -1 },
      { samplingRate: 0 },
      { fftLength: 40 },
      { window: "hanning" as "hann" },
    ])
      expect(() => welch(x, { ...valid, ...wrong })).toThrow(OptionError);
  });
});

test("neighbouring half-open bands add up; an empty band is NaN", () => {
  const spectrum = { frequencies: Float64Array.of(0, 2, 4, 6, 8), values: Float64Array.of(1, 2, 3, 4, 5) };
  expect(bandPower(spectrum, { low: 2, high: 6 })).toBe(10);
  expect(bandPower(spectrum, { low: 2, high: 6, edges: "closed" })).toBe(18);
  expect(bandPower(spectrum, { low: 4.5, high: 5.5 })).toBeNaN();
  expect(() => bandPower(spectrum, { low: 6, high: 2 })).toThrow(OptionError);
});

test("detrending leaves no mean and no slope, in place too", () => {
  const x = noise(8, 101).map((value, n) => value + 0.3 * n - 5);
  const out = x.slice();
  detrend(out, out);
  let mean = 0;
  let slope = 0;
  out.forEach((value, n) => {
    mean += value;
    slope += value * n;
  });
  expect(Math.abs(mean)).toBeLessThan(1e-10);
  expect(Math.abs(slope)).toBeLessThan(1e-8);
  const line = Float64Array.of(1, 2, 3);
  detrend(line, line, "linear");
  expect(Math.max(...line.map(Math.abs))).toBeLessThan(1e-15);
  const single = new Float64Array(1);
  detrend(single, Float64Array.of(7), "linear");
  expect(single[0]).toBe(0);
});
