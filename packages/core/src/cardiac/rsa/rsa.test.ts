import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { mulberry32, normal } from "../../random/index.ts";
import { bandPower, welch } from "../../spectral/index.ts";
import { heartRateVariability, heartRateVariabilityEpochs } from "./heart-rate-variability.ts";
import { rsaPeakToTrough } from "./peak-to-trough.ts";
import { rsaPorgesBohrer } from "./porges-bohrer.ts";
import { rsaFrequencyResponse } from "./porges-bohrer-filter.ts";
import { reactivity } from "./reactivity.ts";
import { SlidingRmssd, slidingRmssd } from "./sliding-rmssd.ts";
import { SlidingRsa, slidingRsa } from "./sliding-rsa.ts";
import { rsaSpectral } from "./spectral-rsa.ts";

const populations = ["adult", "infant", "child"] as const;

function noisySeries(seed: number, nSamples: number): Float64Array {
  const gauss = normal(mulberry32(seed));
  return Float64Array.from({ length: nSamples }, (_, n) => {
    const t = n / 5;
    return (
      800 +
      0.2 * t +
      30 * Math.sin(2 * Math.PI * 0.02 * t) +
      20 * Math.sin(2 * Math.PI * 0.27 * t) +
      4 * gauss()
    );
  });
}

const sinusoid = (frequency: number, nSamples = 1500, samplingRate = 5) =>
  Float64Array.from(
    { length: nSamples },
    (_, n) => 800 + 20 * Math.sin((2 * Math.PI * frequency * n) / samplingRate + 0.3),
  );

describe("rsaPorgesBohrer", () => {
  test("a constant and a slow cubic are no RSA: adding them changes nothing", () => {
    const x = noisySeries(1, 900);
    for (const population of populations) {
      const plain = rsaPorgesBohrer(x, { samplingRate: 5, population });
      const moved = x.map((value, n) => value + 300 + 0.1 * n - 1e-4 * n * n + 1e-7 * n * n * n);
      const found = rsaPorgesBohrer(moved, { samplingRate: 5, population });
      for (let k = 1; k < 5; k++) expect(found.values[k]).toBeCloseTo(plain.values[k], 8);
    }
  });

  test("twice the swing is ln 4 more", () => {
    const x = noisySeries(2, 900);
    const once = rsaPorgesBohrer(x, { samplingRate: 5, population: "infant" });
    const twice = rsaPorgesBohrer(
      x.map((value) => 2 * value),
      { samplingRate: 5, population: "infant" },
    );
    for (let k = 1; k < 5; k++) expect(twice.values[k] - once.values[k]).toBeCloseTo(Math.log(4), 9);
  });

  test("a sinusoid comes out with the gain that the response promises", () => {
    for (const [population, frequency] of [
      ["adult", 0.12],
      ["adult", 0.25],
      ["infant", 0.5],
      ["child", 0.3],
    ] as const) {
      const options = { samplingRate: 5, population };
      const { whole } = rsaPorgesBohrer(sinusoid(frequency), options);
      const { gains } = rsaFrequencyResponse({ ...options, frequencies: [frequency] });
      expect(Math.abs(whole - Math.log(200 * gains[0] ** 2))).toBeLessThan(0.01);
    }
  });

  test("gain correction brings sinusoids inside the band to their true power", () => {
    const error = (population: "adult" | "infant", frequency: number, correctGain: boolean) =>
      Math.abs(
        rsaPorgesBohrer(sinusoid(frequency), { samplingRate: 5, population, correctGain }).values[4] -
          Math.log(200),
      );
    for (const frequency of [0.16, 0.18, 0.2, 0.25, 0.3, 0.35])
      expect(error("adult", frequency, true)).toBeLessThan(0.15);
    for (const frequency of [0.3, 0.4, 0.6, 0.8, 0.95])
      expect(error("infant", frequency, true)).toBeLessThan(0.06);
    expect(error("adult", 0.12, false)).toBeGreaterThan(2.9);
    expect(error("adult", 0.12, true)).toBeLessThan(1.2);
  });

  test("an epoch needs 80 % of valid filtered samples, and a NaN takes only its filters' length with it", () => {
    const x = noisySeries(3, 1500);
    const clean = rsaPorgesBohrer(x, { samplingRate: 5, population: "adult" });
    const holed = rsaPorgesBohrer(x.with(700, Number.NaN), { samplingRate: 5, population: "adult" });
    expect(clean.values[0]).toBeNaN();
    const lost = [...holed.filtered.values].flatMap((value, n) => (Number.isNaN(value) ? [n] : []));
    expect(lost.length).toBe(125);
    expect([lost[0], lost[124]]).toEqual([700 - 124, 700]);
    expect([...holed.values].map(Number.isNaN)).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(holed.values[2]).toBe(clean.values[2]);
    expect(holed.values[7]).toBe(clean.values[7]);
    expect(holed.coverage[4]).toBe(38 / 150);
  });

  test("4 Hz series have filters of the same duration; wrong bands and epochs are refused", () => {
    const at4 = rsaPorgesBohrer(sinusoid(0.25, 1200, 4), { samplingRate: 4, population: "adult" });
    const at5 = rsaPorgesBohrer(sinusoid(0.25), { samplingRate: 5, population: "adult" });
    expect(Math.abs(at4.whole - at5.whole)).toBeLessThan(0.05);
    expect(() => rsaPorgesBohrer([1], { samplingRate: 2, population: "infant" })).toThrow(OptionError);
    expect(() => rsaPorgesBohrer([1], { samplingRate: 5, population: "adult", epochSeconds: 0.1 })).toThrow(
      OptionError,
    );
    expect(rsaPorgesBohrer([], { samplingRate: 5, population: "adult" }).whole).toBeNaN();
    expect(
      rsaPorgesBohrer(new Float64Array(600).fill(800), { samplingRate: 5, population: "adult" }).values
        .length,
    ).toBe(4);
  });
});

describe("SlidingRsa", () => {
  test("any way of cutting the input gives the bits of the whole, NaN included", () => {
    const x = noisySeries(4, 900);
    x.fill(Number.NaN, 400, 404);
    fc.assert(
      fc.property(
        fc.constantFrom(...populations),
        fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 30 }),
        (population, cuts) => {
          const whole = slidingRsa({ values: x, samplingRate: 5, startTime: 7 }, { population });
          const sliding = new SlidingRsa({ samplingRate: 5, population });
          const out: number[] = [];
          let from = 0;
          for (const cut of [...cuts, x.length]) {
            const values = x.subarray(from, from + cut);
            const chunk = sliding.push({ startTime: 7, firstSample: from, values });
            expect(chunk.firstSample).toBe(out.length + sliding.delaySamples);
            out.push(...chunk.values);
            from += values.length;
          }
          expect(Float64Array.from(out)).toEqual(whole.values);
          expect(whole.startTime).toBeCloseTo(7 + sliding.delaySamples / 5, 12);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("one sample at a time too", () => {
    const x = noisySeries(5, 400);
    const sliding = new SlidingRsa({ samplingRate: 5, population: "infant" });
    const out = [...x].flatMap((value, n) => [
      ...sliding.push({ startTime: 0, firstSample: n, values: Float64Array.of(value) }).values,
    ]);
    const whole = slidingRsa({ values: x, samplingRate: 5, startTime: 0 }, { population: "infant" });
    expect(Float64Array.from(out)).toEqual(whole.values);
  });

  test("forgets a NaN after filters and window, and refuses a jump in the samples", () => {
    const x = noisySeries(6, 1000);
    const clean = slidingRsa({ values: x, samplingRate: 5, startTime: 0 }, { population: "adult" });
    const holed = slidingRsa(
      { values: x.with(500, Number.NaN), samplingRate: 5, startTime: 0 },
      { population: "adult" },
    );
    for (let k = 0; k < clean.values.length; k++)
      if (k < 500 - 198 || k > 500) expect(holed.values[k]).toBe(clean.values[k]);
    expect(holed.values[400]).toBeNaN();
    const sliding = new SlidingRsa({ samplingRate: 5, population: "adult" });
    expect(() => sliding.push({ startTime: 0, firstSample: 5, values: new Float64Array(3) })).toThrow(
      OptionError,
    );
    expect(() => new SlidingRsa({ samplingRate: 5, population: "adult", windowSeconds: 0.2 })).toThrow(
      OptionError,
    );
  });

  test("a heart that does not vary has no RSA rather than minus infinity", () => {
    const flat = { values: new Float64Array(400).fill(1024), samplingRate: 5, startTime: 0 };
    const { values } = slidingRsa(flat, { population: "adult" });
    expect(values.length).toBe(400 - 198);
    expect(values.every(Number.isNaN)).toBe(true);
  });
});

describe("rsaSpectral", () => {
  test("agrees with Welch's method where nothing is missing, one epoch or many parts", () => {
    const x = noisySeries(7, 2400);
    const band = { low: 0.12, high: 0.4, edges: "closed" as const };
    const welchPower = (part: Float64Array, segmentLength: number) =>
      bandPower(welch(part, { samplingRate: 4, segmentLength, detrend: "linear" }), band);
    const short = rsaSpectral(x, { samplingRate: 4, population: "adult" });
    expect(short.power.length).toBe(10);
    short.power.forEach((power, k) => {
      expect(power).toBeCloseTo(welchPower(x.subarray(240 * k, 240 * (k + 1)), 240), 8);
    });
    const long = rsaSpectral(x, { samplingRate: 4, population: "adult", epochSeconds: 300 });
    expect(long.power[0]).toBeCloseTo(welchPower(x.subarray(0, 1200), 240), 8);
  });

  test("reads the power and the frequency of a sinusoid, with a tenth of the samples missing too", () => {
    const x = sinusoid(0.25, 480, 4);
    const gauss = mulberry32(8);
    const holed = x.map((value) => (gauss() < 0.1 ? Number.NaN : value));
    for (const series of [x, holed]) {
      const { power, peakFrequency } = rsaSpectral(series, { samplingRate: 4, population: "adult" });
      expect(Math.abs(Math.log(power[0] / 200))).toBeLessThan(0.15);
      expect(peakFrequency[0]).toBeCloseTo(0.25, 9);
    }
    const empty = rsaSpectral(x.fill(Number.NaN, 0, 60), { samplingRate: 4, population: "adult" });
    expect([...empty.power].map(Number.isNaN)).toEqual([true, false]);
    expect(rsaSpectral(x, { samplingRate: 4, population: "infant" }).epochSeconds).toBe(30);
  });
});

describe("time-domain measures", () => {
  test("differences do not reach across a missing interval", () => {
    const measures = heartRateVariability([800, 820, Number.NaN, 1000, 990]);
    expect(measures.rmssd).toBeCloseTo(Math.sqrt((400 + 100) / 2), 12);
    expect(measures.nIntervals).toBe(4);
    expect(measures.meanInterbeatInterval).toBeCloseTo(902.5, 12);
    expect(heartRateVariability([]).heartRate).toBeNaN();
    expect(heartRateVariability([800, 800]).lnRmssd).toBeNaN();
  });

  test("epochs need 80 % of their time and a length that fits the person", () => {
    const times = Float64Array.from({ length: 120 }, (_, k) => 0.5 * (k + 1));
    const intervals = new Float64Array(120).map((_, k) => (k >= 60 && k < 76 ? Number.NaN : 500));
    const epochs = heartRateVariabilityEpochs(
      { times, intervals },
      { population: "infant", epochSeconds: 10, startTime: 0, nEpochs: 6 },
    );
    expect(epochs.map(({ heartRate }) => heartRate)).toEqual([120, 120, 120, Number.NaN, 120, 120]);
    expect(epochs[3].coverage).toBeCloseTo(0.2, 9);
    const options = { population: "adult", epochSeconds: 10, startTime: 0, nEpochs: 1 } as const;
    expect(() => heartRateVariabilityEpochs({ times, intervals }, options)).toThrow(OptionError);
  });

  test("sliding ln RMSSD is that of the last ten seconds, whole or beat by beat", () => {
    const gauss = normal(mulberry32(9));
    const intervals = Float64Array.from({ length: 100 }, (_, k) =>
      k === 50 ? Number.NaN : 430 + 10 * gauss(),
    );
    let time = 0;
    const times = intervals.map((interval) => (time += (Number.isNaN(interval) ? 430 : interval) / 1000));
    const whole = slidingRmssd({ times, intervals });
    const streaming = new SlidingRmssd();
    for (let k = 0; k < 100; k++) {
      const { values } = streaming.push({
        times: times.subarray(k, k + 1),
        intervals: intervals.subarray(k, k + 1),
      });
      expect(values[0]).toEqual(whole.values[k]);
    }
    const inside = intervals.filter((_, k) => times[k] > times[99] - 10);
    expect(whole.values[99]).toBeCloseTo(heartRateVariability(inside).lnRmssd, 12);
    expect(whole.values[5]).toBeNaN();
    expect(whole.values[60]).not.toBeNaN();
  });
});

describe("peak to trough and reactivity", () => {
  test("the wrong way round is 0, a breath without beats is NaN and does not count", () => {
    const times = Float64Array.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5);
    const intervals = Float64Array.of(900, 900, 950, 1000, 800, 800);
    const found = rsaPeakToTrough(
      { times, intervals },
      { onsets: [0, 2, 4, 20, 22], peaks: [1, 3, 5, 21] },
      { population: "adult", extensionSeconds: 0 },
    );
    expect([...found.perBreath]).toEqual([0, 50, 0, Number.NaN]);
    expect(found.mean).toBeCloseTo(50 / 3, 12);
  });

  test("change and z are against the person's own baseline", () => {
    const found = reactivity([6, Number.NaN, 4], [5, 7, Number.NaN]);
    expect(found).toMatchObject({ baselineMean: 6, nBaseline: 2 });
    expect([...found.change]).toEqual([0, Number.NaN, -2]);
    expect(found.z[2]).toBeCloseTo(-2 / Math.SQRT2, 12);
    expect(reactivity([1], [2]).z[0]).toBeNaN();
  });
});
