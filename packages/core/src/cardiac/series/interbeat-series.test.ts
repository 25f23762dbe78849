import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../../errors.ts";
import { InterbeatSeries, interbeatSeries, type SeriesMethod } from "./interbeat-series.ts";

const methods = ["linear", "bin-mean"] as const;

/** Beats with missing stretches: closing times in s, intervals in ms or NaN. */
const knots = fc
  .array(fc.record({ ms: fc.integer({ min: 250, max: 2600 }), missing: fc.nat(9) }), { maxLength: 60 })
  .map((steps) => {
    const times: number[] = [];
    const intervals: number[] = [];
    let time = 3.21;
    for (const { ms, missing } of steps) {
      time += ms / 1000;
      times.push(time);
      intervals.push(missing === 0 || ms > 2000 ? Number.NaN : ms);
    }
    return { times: Float64Array.from(times), intervals: Float64Array.from(intervals) };
  });

/** The line between two closing beats, read at one time; written for reading, not for speed. */
function readLinear(times: Float64Array, intervals: Float64Array, at: number): number {
  for (let k = 0; k < times.length; k++) if (times[k] === at) return intervals[k];
  const after = times.findIndex((time) => time > at);
  if (after <= 0 || times[after] - times[after - 1] > 2) return Number.NaN;
  const share = (at - times[after - 1]) / (times[after] - times[after - 1]);
  return intervals[after - 1] + share * (intervals[after] - intervals[after - 1]);
}

function expectSame(actual: number, expected: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else expect(Math.abs(actual - expected)).toBeLessThan(1e-8);
}

describe("interbeatSeries", () => {
  test("linear reads the line between neighbouring beats, and missing stays missing", () => {
    fc.assert(
      fc.property(knots, fc.constantFrom(4, 5), (beats, samplingRate) => {
        const { startTime, values } = interbeatSeries(beats, { samplingRate });
        for (let k = 0; k < values.length; k++)
          expectSame(values[k], readLinear(beats.times, beats.intervals, startTime + k / samplingRate));
        const valid = [...beats.times].filter((_, k) => !Number.isNaN(beats.intervals[k]));
        if (valid.length > 0) expect(startTime - valid[0]).toBeLessThan(1 / samplingRate);
      }),
      { numRuns: 200 },
    );
  });

  test("bin means keep the integral: covered bins add up to the held intervals", () => {
    const intervals = Float64Array.from({ length: 100 }, (_, k) => 600 + 10 * ((k * 7) % 13));
    let time = 10;
    const times = intervals.map((interval) => (time += interval / 1000));
    for (const samplingRate of [1, 2, 5]) {
      const { values } = interbeatSeries(
        { times, intervals },
        { samplingRate, method: "bin-mean", startTime: 10 },
      );
      const end = 10 + values.length / samplingRate;
      let area = 0;
      for (let k = 0; k < times.length; k++) {
        const opens = times[k] - intervals[k] / 1000;
        area += intervals[k] * Math.max(0, Math.min(times[k], end) - opens);
      }
      expect(values.reduce((sum, value) => sum + value, 0) / samplingRate).toBeCloseTo(area, 6);
      expect(end).toBeGreaterThan(time - 1 / samplingRate);
    }
  });

  test("a bin needs 80 % of its time; the mean is that of the time that is covered", () => {
    const times = Float64Array.of(1, 2, 2.85, 3.7, 4.5);
    const intervals = Float64Array.of(1000, 1000, 850, Number.NaN, 800);
    const { values } = interbeatSeries(
      { times, intervals },
      { samplingRate: 1, method: "bin-mean", startTime: 0, endTime: 5 },
    );
    expect([...values]).toEqual([1000, 1000, expect.closeTo(850, 9), Number.NaN, Number.NaN]);
  });

  test.each(methods)("any way of cutting the input gives the same bits, %s", (method: SeriesMethod) => {
    fc.assert(
      fc.property(knots, fc.array(fc.nat(7), { maxLength: 40 }), ({ times, intervals }, cuts) => {
        const samplingRate = method === "linear" ? 5 : 2;
        const whole = interbeatSeries({ times, intervals }, { samplingRate, method });
        const series = new InterbeatSeries({ samplingRate, method });
        const values: number[] = [];
        let from = 0;
        for (const cut of [...cuts, times.length]) {
          const chunk = series.push(times.subarray(from, from + cut), intervals.subarray(from, from + cut));
          expect(chunk.firstSample).toBe(values.length);
          values.push(...chunk.values);
          from += cut;
        }
        expect(Float64Array.from(values)).toEqual(whole.values);
      }),
      { numRuns: 200 },
    );
  });

  test("a grid point leaves with the first beat at or after it, not earlier", () => {
    const series = new InterbeatSeries({ samplingRate: 5 });
    expect(series.push([1.1], [800]).values.length).toBe(0);
    const chunk = series.push([1.9], [800]);
    expect(chunk.startTime).toBeCloseTo(1.2, 12);
    expect(chunk.values.length).toBe(4);
    expect(series.push([2], [800])).toMatchObject({ firstSample: 4, values: Float64Array.of(800) });
  });

  test("what the beats do not reach is NaN, up to the end asked for", () => {
    const beats = { times: Float64Array.of(1, 1.8, 2.6), intervals: Float64Array.of(800, 800, 800) };
    const { values } = interbeatSeries(beats, { samplingRate: 5, startTime: 0, endTime: 4 });
    expect(values.length).toBe(21);
    expect([...values].map((value) => (Number.isNaN(value) ? "-" : "x")).join("")).toBe(
      "-----xxxxxxxxx-------",
    );
    const shorter = interbeatSeries(beats, { samplingRate: 5, startTime: 1, endTime: 2 });
    expect(shorter.values).toEqual(new Float64Array(6).fill(800));
  });

  test("a series without intervals is empty, misuse is refused", () => {
    expect(
      interbeatSeries({ times: new Float64Array(0), intervals: new Float64Array(0) }, { samplingRate: 5 }),
    ).toMatchObject({ values: new Float64Array(0), startTime: Number.NaN });
    const series = new InterbeatSeries({ samplingRate: 5 });
    expect(() => series.push([1, 2], [800])).toThrow(ShapeError);
    expect(() => series.push([2, 1], [800, 800])).toThrow(OptionError);
    expect(() => new InterbeatSeries({ samplingRate: 0 })).toThrow(OptionError);
    expect(() => new InterbeatSeries({ samplingRate: 5, startTime: Number.NaN })).toThrow(OptionError);
  });
});
