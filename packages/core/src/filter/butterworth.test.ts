import * as fc from "fast-check";
import fili from "fili";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { type ButterworthOptions, butterworth } from "./butterworth.ts";
import { frequencyResponse } from "./frequency-response.ts";
import { notch } from "./notch.ts";
import { settlingSamples } from "./settling.ts";

/** |H|^2 straight from the definition of a Butterworth filter, with frequencies warped as the bilinear map does. */
function definition({ kind, order, cutoff, samplingRate }: ButterworthOptions, frequency: number): number {
  const warp = (f: number) => Math.tan((Math.PI * f) / samplingRate);
  const w = warp(frequency);
  const [low, high] = typeof cutoff === "number" ? [cutoff, cutoff] : cutoff;
  const band = (w * w - warp(low) * warp(high)) / (w * (warp(high) - warp(low)));
  const ratio = {
    lowpass: w / warp(low),
    highpass: warp(low) / w,
    bandpass: band,
    bandstop: 1 / band,
  }[kind];
  return 1 / (1 + ratio ** (2 * order));
}

const anyDesign = fc
  .record({
    kind: fc.constantFrom("lowpass", "highpass", "bandpass", "bandstop"),
    order: fc.integer({ min: 1, max: 8 }),
    samplingRate: fc.constantFrom(128, 200, 256, 500, 1000),
    low: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
    width: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
  })
  .map(({ kind, order, samplingRate, low, width }): ButterworthOptions => {
    const isBand = kind === "bandpass" || kind === "bandstop";
    const high = Math.min(0.48, low + width);
    return {
      kind: kind as ButterworthOptions["kind"],
      order,
      samplingRate,
      cutoff: isBand ? [low * samplingRate, high * samplingRate] : low * samplingRate,
    };
  });

test("any design has the magnitude that defines a Butterworth filter, and is stable", () => {
  fc.assert(
    fc.property(anyDesign, (design) => {
      const sections = butterworth(design);
      const frequencies = [0.003, 0.02, 0.07, 0.13, 0.22, 0.31, 0.44].map((f) => f * design.samplingRate);
      const { magnitude } = frequencyResponse(sections, frequencies, design.samplingRate);
      frequencies.forEach((f, i) => {
        expect(Math.abs(magnitude[i] - Math.sqrt(definition(design, f)))).toBeLessThan(1e-9);
      });
      expect(settlingSamples(sections)).toBeLessThan(1e6);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("a band filter of order n has n sections, an odd low-pass has one root at the origin on each side", () => {
  const band = butterworth({ kind: "bandpass", order: 4, cutoff: [3, 6], samplingRate: 250 });
  expect(band.length).toBe(4 * 6);
  const odd = butterworth({ kind: "lowpass", order: 5, cutoff: 30, samplingRate: 250 });
  expect(odd.length).toBe(3 * 6);
  const zeros = (coefficient: number) => [0, 1, 2].filter((s) => odd[s * 6 + coefficient] === 0).length;
  expect([zeros(2), zeros(5)]).toEqual([1, 1]);
});

test("fili's low-pass agrees, its band-pass is one resonator repeated and no Butterworth filter", () => {
  const toSections = (cascade: ReturnType<InstanceType<typeof fili.CalcCascades>["lowpass"]>): Float64Array =>
    Float64Array.from(cascade.flatMap(({ a, b, k }) => [b[0] * k, b[1] * k, b[2] * k, 1, ...a]));
  const calculator = new fili.CalcCascades();
  const rate = 250;

  const low = toSections(calculator.lowpass({ order: 2, characteristic: "butterworth", Fs: rate, Fc: 20 }));
  const frequencies = [1, 5, 10, 20, 40, 80];
  const theirs = frequencyResponse(low, frequencies, rate).magnitude;
  const ours = frequencyResponse(
    butterworth({ kind: "lowpass", order: 4, cutoff: 20, samplingRate: rate }),
    frequencies,
    rate,
  ).magnitude;
  frequencies.forEach((_, i) => {
    expect(Math.abs(theirs[i] - ours[i])).toBeLessThan(1e-9);
  });

  const band = toSections(
    calculator.bandpass({ order: 2, characteristic: "butterworth", Fs: rate, Fc: 8, BW: 1, gain: 0 }),
  );
  expect(band.slice(0, 6)).toEqual(band.slice(6));
  const edges = [8 / Math.SQRT2, 8 * Math.SQRT2];
  const atEdges = frequencyResponse(band, edges, rate).magnitude;
  // A Butterworth filter of any order has half power at its edges; two equal sections have a quarter there.
  for (const magnitude of atEdges) expect(magnitude).toBeLessThan(0.6);
  const right = butterworth({ kind: "bandpass", order: 2, cutoff: [edges[0], edges[1]], samplingRate: rate });
  for (const magnitude of frequencyResponse(right, edges, rate).magnitude)
    expect(magnitude).toBeCloseTo(Math.SQRT1_2, 10);
});

test("a notch is zero at its frequency, one far away, half power at its width", () => {
  const sections = notch({ frequency: 50, quality: 25, samplingRate: 500 });
  const { magnitude } = frequencyResponse(sections, [0, 50, 250], 500);
  expect(magnitude[0]).toBeCloseTo(1, 12);
  expect(magnitude[1]).toBeLessThan(1e-12);
  expect(magnitude[2]).toBeCloseTo(1, 12);
  const edges = frequencyResponse(sections, [49, 51], 500).magnitude;
  // The width of 2 Hz is exact in the warped frequency, a percent off in Hz.
  for (const edge of edges) expect(Math.abs(edge - Math.SQRT1_2)).toBeLessThan(0.02);
});

describe("what cannot be designed says why", () => {
  const valid = { kind: "bandpass", order: 4, cutoff: [3, 6], samplingRate: 250 } as const;
  test.each([
    { ...valid, order: 0 },
    { ...valid, order: 2.5 },
    { ...valid, cutoff: 6 },
    { ...valid, cutoff: [6, 3] as const },
    { ...valid, cutoff: [3, 125] as const },
    { ...valid, cutoff: [0, 6] as const },
    { ...valid, kind: "lowpass" as const },
    { ...valid, samplingRate: Number.NaN },
    { ...valid, kind: "bandpas" as "bandpass" },
  ])("%j", (options) => {
    expect(() => butterworth(options)).toThrow(OptionError);
  });
  test.each([
    { frequency: 130, quality: 30, samplingRate: 250 },
    { frequency: 50, quality: 0, samplingRate: 250 },
    { frequency: 50, quality: 30, samplingRate: 0 },
  ])("%j", (options) => {
    expect(() => notch(options)).toThrow(OptionError);
  });
});
