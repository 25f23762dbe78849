import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { ECG_SHAPES, type EcgShape, ecgAt, SyntheticEcg, type SyntheticEcgOptions } from "./synthetic-ecg.ts";

const beats = Float64Array.from({ length: 60 }, (_, k) => 0.3 + 0.45 * k + 0.02 * Math.sin(k));
const options = (more: Partial<SyntheticEcgOptions> = {}): SyntheticEcgOptions => ({
  samplingRate: 250,
  beats,
  waves: ECG_SHAPES.infant,
  baseline: (seconds) => 0.1 * Math.sin(1.3 * seconds),
  noise: { deviation: 0.02, key: [5, "test"] },
  ...more,
});
const clean = { baseline: () => 0, noise: { deviation: 0, key: [] } } as const;

function read(given: SyntheticEcgOptions, from: number, to: number): Float64Array {
  const out = new Float64Array(to - from);
  new SyntheticEcg(given).read(out, from);
  return out;
}

describe("SyntheticEcg", () => {
  test("any cut, and reading in any order, gives the same bits", () => {
    const whole = read(options(), 0, 5000);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4999), fc.integer({ min: 1, max: 900 })), { minLength: 1, maxLength: 20 }),
        (pieces) => {
          const ecg = new SyntheticEcg(options());
          for (const [from, length] of pieces) {
            const out = new Float64Array(Math.min(length, 5000 - from));
            ecg.read(out, from);
            expect(out).toEqual(whole.slice(from, from + out.length));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each([50, 127.5, 250, 1000])("at %d Hz it is the sum of all waves of all beats", (samplingRate) => {
    const found = read(options({ samplingRate, ...clean }), 0, Math.round(10 * samplingRate));
    for (let n = 0; n < found.length; n += 7) {
      let sum = 0;
      for (const beat of beats)
        for (const [seconds, millivolts, deviation] of ECG_SHAPES.infant)
          sum += millivolts * Math.exp(-0.5 * ((n / samplingRate - beat - seconds) / deviation) ** 2);
      // What lies outside 5 SD is left out: 4e-6 of a millivolt a wave.
      expect(Math.abs(found[n]! - sum)).toBeLessThan(1e-5);
      expect(ecgAt(n / samplingRate, beats, ECG_SHAPES.infant)).toBeCloseTo(found[n]!, 5);
    }
  });

  test.each(Object.keys(ECG_SHAPES) as EcgShape[])("a beat of shape %s lies within its reach", (shape) => {
    for (const [seconds, , deviation] of ECG_SHAPES[shape])
      expect(Math.abs(seconds) + 5 * deviation).toBeLessThanOrEqual(0.6);
    expect(ecgAt(3, [3], ECG_SHAPES[shape])).toBeGreaterThan(0.85);
  });

  test("beats may differ, and may be added while it is read", () => {
    const growing = [0.5, 1.5];
    const waves = (beat: number) => (beat % 2 === 0 ? ECG_SHAPES.adult : ECG_SHAPES.ventricular);
    const ecg = new SyntheticEcg(options({ ...clean, beats: growing, waves }));
    const out = new Float64Array(250);
    ecg.read(out, 0);
    growing.push(2.5);
    ecg.read(out, 500);
    expect(out).toEqual(read(options({ ...clean, beats: growing, waves }), 500, 750));
    expect(out[125]).toBeGreaterThan(0.9);
  });

  test("noise has the deviation that was asked for, another one with another key, and none without", () => {
    const quiet = read(options({ noise: { deviation: 0, key: [5, "test"] } }), 0, 6000);
    const noise = (key: readonly (number | string)[]) =>
      read(options({ noise: { deviation: 0.02, key } }), 0, 6000).map((x, n) => x - quiet[n]!);
    const one = noise([5, "test"]);
    const other = noise([6, "test"]);
    const power = one.reduce((sum, x) => sum + x * x, 0) / one.length;
    const product = one.reduce((sum, x, n) => sum + x * other[n]!, 0) / one.length;
    expect(Math.abs(Math.sqrt(power) / 0.02 - 1)).toBeLessThan(0.04);
    expect(Math.abs(product / power)).toBeLessThan(0.05);
  });

  test("a rate that is none is refused", () => {
    expect(() => new SyntheticEcg(options({ samplingRate: 0 }))).toThrow(OptionError);
  });
});
