import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { mulberry32, normal } from "../../random/index.ts";
import { BreathFinder, findBreaths } from "./breath-finder.ts";
import { ecgDerivedRespiration } from "./ecg-derived-respiration.ts";
import { respirationEpochs } from "./respiration-epochs.ts";

/** A belt at 25 Hz that breathes at `rate` Hz, drifts and is noisy. */
function belt(seed: number, rate: number, seconds: number): Float64Array {
  const gauss = normal(mulberry32(seed));
  return Float64Array.from({ length: 25 * seconds }, (_, n) => {
    const t = n / 25;
    return Math.sin(2 * Math.PI * rate * t) + 0.05 * t + 0.05 * gauss();
  });
}

describe("BreathFinder", () => {
  test.each([
    ["adult", 0.25],
    ["infant", 0.8],
    ["child", 0.4],
  ] as const)("finds every breath of a drifting, noisy belt, %s", (population, rate) => {
    const breaths = findBreaths(belt(1, rate, 120), { samplingRate: 25, population });
    expect(Math.abs(breaths.length - 120 * rate)).toBeLessThanOrEqual(1);
    for (const { onset, peak, depth } of breaths.slice(1)) {
      const phase = (peak * rate - 0.25) % 1;
      expect(Math.min(phase, 1 - phase)).toBeLessThan(0.1);
      expect(peak).toBeGreaterThan(onset);
      expect(Math.abs(depth - 2)).toBeLessThan(0.35);
    }
  });

  test("any way of cutting the belt gives the same breaths", () => {
    const signal = belt(2, 0.3, 90);
    signal.fill(Number.NaN, 900, 930);
    const options = { samplingRate: 25, population: "adult", startTime: 100 } as const;
    const whole = findBreaths(signal, options);
    expect(whole.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }), (cuts) => {
        const finder = new BreathFinder(options);
        let from = 0;
        const breaths = [...cuts, signal.length].flatMap((cut) => {
          const part = signal.subarray(from, from + cut);
          from += cut;
          return finder.push(part);
        });
        expect(breaths).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test("the belt's scale does not matter, nor does a constant", () => {
    const signal = belt(3, 0.3, 60);
    const options = { samplingRate: 25, population: "adult" } as const;
    const plain = findBreaths(signal, options);
    const scaled = findBreaths(
      signal.map((value) => 1e-6 * (value + 12)),
      options,
    );
    expect(scaled.map(({ peak }) => peak)).toEqual(plain.map(({ peak }) => peak));
    expect(scaled[3].depth).toBeCloseTo(1e-6 * plain[3].depth, 12);
  });

  test("no breath spans a missing stretch, and breathing that becomes shallow is found again", () => {
    const signal = belt(4, 0.3, 120);
    signal.fill(Number.NaN, 1000, 1100);
    for (let n = 1800; n < signal.length; n++) signal[n] = 0.15 * Math.sin((2 * Math.PI * 0.3 * n) / 25);
    const breaths = findBreaths(signal, { samplingRate: 25, population: "adult" });
    for (const { onset, peak } of breaths) expect(peak < 40 || onset > 44).toBe(true);
    expect(breaths.filter(({ onset }) => onset > 100).length).toBeGreaterThanOrEqual(5);
  });

  test("a belt that is not there has no breaths; too slow a rate is refused", () => {
    const options = { samplingRate: 25, population: "infant" } as const;
    expect(findBreaths(new Float64Array(2000).fill(Number.NaN), options)).toEqual([]);
    expect(findBreaths(new Float64Array(2000), options)).toEqual([]);
    expect(() => new BreathFinder({ samplingRate: 2, population: "adult" })).toThrow(OptionError);
  });
});

describe("respirationEpochs", () => {
  const band = { low: 0.24, high: 1.04 };

  test("rate, depth and the flag for breathing outside the band", () => {
    const breaths = Array.from({ length: 60 }, (_, k) => {
      const onset = k < 30 ? k : 30 + (k - 30) / 1.5;
      return { onset, peak: onset + 0.3, depth: k < 30 ? 2 : 1 };
    });
    const epochs = respirationEpochs(breaths, { epochSeconds: 15, startTime: 0, nEpochs: 5, band });
    expect(epochs.map(({ outsideBand }) => outsideBand)).toEqual([false, false, true, true, false]);
    expect(epochs[0]).toMatchObject({ nBreaths: 15, rate: 1, depth: 2 });
    expect(epochs[2].rate).toBeCloseTo(1.5, 9);
    expect(epochs[4].rate).toBeNaN();
    expect(() => respirationEpochs(breaths, { epochSeconds: 0, startTime: 0, nEpochs: 1, band })).toThrow(
      OptionError,
    );
  });
});

describe("ecgDerivedRespiration", () => {
  test("follows a QRS that breathes, whatever the polarity and the baseline", () => {
    const samplingRate = 500;
    const beatTimes = Array.from({ length: 70 }, (_, k) => 0.5 + 0.8 * k);
    const height = (t: number) => 1 + 0.2 * Math.sin(2 * Math.PI * 0.25 * t);
    const ecg = new Float64Array(60 * samplingRate);
    for (const beat of beatTimes)
      for (let n = -20; n <= 20; n++) {
        const at = Math.round(beat * samplingRate) + n;
        ecg[at] += height(beat) * Math.exp(-((n / 5) ** 2));
      }
    const options = { samplingRate, beatTimes, population: "adult" } as const;
    const { times, values } = ecgDerivedRespiration(ecg, options);
    expect(times).toEqual(Float64Array.from(beatTimes));
    for (const [k, value] of values.entries()) expect(value).toBeCloseTo(height(beatTimes[k]), 9);
    const turned = ecgDerivedRespiration(
      ecg.map((value) => 3 - value),
      options,
    );
    for (const [k, value] of turned.values.entries()) expect(value).toBeCloseTo(values[k], 9);
  });

  test("a QRS that is cut off has no value, one with a hole is NaN", () => {
    const ecg = new Float64Array(1000).fill(Number.NaN, 480, 482);
    const options = { samplingRate: 250, beatTimes: [0.01, 1, 1.92, 3, 3.99], population: "adult" } as const;
    const { times, values } = ecgDerivedRespiration(ecg, options);
    expect([...times]).toEqual([1, 1.92, 3]);
    expect([...values]).toEqual([0, Number.NaN, 0]);
    expect(() => ecgDerivedRespiration(ecg, { ...options, samplingRate: 50 })).toThrow(OptionError);
  });
});
