import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { autoregressive, noise } from "./series.test-support.ts";
import { StateAccumulators } from "./state-accumulators.ts";
import { Moments, stateContrast } from "./state-moments.ts";
import { splitByState, stateStream } from "./state-split.ts";
import { windowedCrossCorrelation } from "./windowed-cross-correlation.ts";

const samplingRate = 1;

/** Coupled in the state only: 40 s in, 60 s out. */
function switched(n: number, share: number, key: number) {
  const state = stateStream(
    Array.from({ length: n / 100 }, (_, k) => [100 * k + 20, 100 * k + 60] as const),
    n,
    samplingRate,
  );
  const common = autoregressive(0.6, n, "common", key);
  const mix = (own: Float64Array) => own.map((x, t) => (state[t] === 1 ? share * common[t]! : 0) + x);
  const windows = windowedCrossCorrelation(
    mix(autoregressive(0.6, n, "first", key)),
    mix(autoregressive(0.6, n, "second", key)),
    { samplingRate, windowSeconds: 20, stepSeconds: 5, maxLagSeconds: 0 },
  );
  return { windows, state };
}

describe("splitByState", () => {
  test("finds covariation that the state switches on", () => {
    const { windows, state } = switched(3000, 2, 1);
    const { inside, outside, difference, hedgesG, p } = splitByState(windows, state, { samplingRate });
    expect(inside.mean).toBeGreaterThan(0.8);
    expect(Math.abs(outside.mean)).toBeLessThan(0.15);
    expect(inside.median).toBeGreaterThan(outside.median);
    expect(difference).toBe(inside.mean - outside.mean);
    expect(hedgesG).toBeGreaterThan(1.5);
    expect(p).toBeLessThan(0.02);
  });

  test("a state that does nothing is rejected at about the level", () => {
    // Bouts and pauses of random length: with a regular state every rotation by its period would repeat it.
    let rejected = 0;
    for (let k = 0; k < 200; k++) {
      const { windows } = switched(600, 0, 100 + k);
      const lengths = noise(40, "bouts", k).map((x) => 20 + 8 * Math.abs(x));
      const bouts: [number, number][] = [];
      for (let i = 0, t = 0; i < 40 && t < 600; i += 2) {
        bouts.push([t, t + lengths[i]!]);
        t += lengths[i]! + lengths[i + 1]!;
      }
      if (splitByState(windows, stateStream(bouts, 600, 1), { samplingRate }).p <= 0.05) rejected++;
    }
    expect(rejected / 200).toBeLessThan(0.1);
  });

  test("labels in at half, out at none, and leaves the rest and the unknown out", () => {
    const state = new Float64Array(60);
    state.fill(1, 0, 5);
    state.fill(1, 10, 14);
    state.fill(Number.NaN, 30, 31);
    const windows = {
      z: Float64Array.of(1, 2, 3, 4, 5, Number.NaN),
      starts: Float64Array.of(0, 10, 20, 30, 40, 50),
      windowSeconds: 10,
    };
    const { inside, outside, nMixed, nWithoutValue, difference, p } = splitByState(windows, state, {
      samplingRate,
    });
    expect([inside.n, inside.mean, outside.n, outside.mean]).toEqual([1, 1, 2, 4]);
    expect([nMixed, nWithoutValue]).toEqual([2, 1]);
    // Fewer than three on a side: nothing, not 0.
    expect([difference, p]).toEqual([Number.NaN, Number.NaN]);
  });

  test("wrong calls are refused", () => {
    const { windows, state } = switched(600, 0, 2);
    expect(() => splitByState(windows, state.slice(0, 500), { samplingRate })).toThrow(ShapeError);
    expect(() => splitByState(windows, state, { samplingRate, minimumShare: 0 })).toThrow(OptionError);
  });

  test("a state stream holds the onset and not the offset, at any rate", () => {
    expect(Array.from(stateStream([[0.2, 0.6]], 5, 5))).toEqual([0, 1, 1, 0, 0]);
    expect(
      Array.from(
        stateStream(
          [
            [-3, 1],
            [3.5, 99],
          ],
          5,
          1,
        ),
      ),
    ).toEqual([1, 0, 0, 0, 1]);
  });
});

describe("StateAccumulators", () => {
  test("have the same contrast online as splitByState afterwards", () => {
    const { windows, state } = switched(2000, 1, 3);
    const split = splitByState(windows, state, { samplingRate });
    const online = new StateAccumulators(["touch"]);
    windows.z.forEach((z, w) => {
      const from = windows.starts[w]!;
      online.add(z, [state.subarray(from, from + 20).reduce((sum, s) => sum + s, 0) / 20]);
    });
    const [touch] = online.summary();
    expect(touch?.inside.n).toBe(split.inside.n);
    expect(touch?.outside.n).toBe(split.outside.n);
    expect(touch?.difference).toBeCloseTo(split.difference, 12);
    expect(touch?.hedgesG).toBeCloseTo(split.hedgesG, 12);
  });

  test("a window goes to the state that holds half of it, else to the mixed bin", () => {
    const states = new StateAccumulators(["stress", "calm", "play"]);
    states.add(1, [0.6, 0.4, 0]);
    states.add(2, [0.4, 0.3, 0.3]);
    states.add(3, [0.5, 0.5, 0]);
    states.add(4, [0, Number.NaN, 1]);
    states.add(Number.NaN, [1, 0, 0]);
    const [stress, calm, play] = states.summary();
    expect([stress?.inside.n, calm?.inside.n, play?.inside.n]).toEqual([2, 1, 1]);
    expect([stress?.outside.n, calm?.outside.n, play?.outside.n]).toEqual([1, 0, 2]);
    expect([states.mixed.n, states.mixed.mean, states.nWithoutValue]).toEqual([2, 2.5, 1]);
    expect(stress?.difference).toBeNaN();
    states.reset();
    expect([states.mixed.n, states.summary()[0]?.inside.n, states.nWithoutValue]).toEqual([0, 0, 0]);
    expect(() => states.add(1, [1])).toThrow(ShapeError);
    expect(() => new StateAccumulators(["a", "a"])).toThrow(OptionError);
  });

  test("running moments equal those of the whole, far from 0 too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 }),
        (values) => {
          const moments = new Moments();
          for (const value of values) moments.add(1e9 + value);
          moments.add(Number.NaN);
          const mean = values.reduce((s, v) => s + v, 0) / values.length;
          const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1);
          const { n, mean: runningMean, variance: runningVariance } = moments.summary();
          expect(n).toBe(values.length);
          expect(runningMean - 1e9).toBeCloseTo(mean, 4);
          expect(Math.abs(runningVariance - variance)).toBeLessThanOrEqual(1e-6 * (1 + variance));
        },
      ),
    );
  });

  test("Hedges' g is the corrected standardised difference", () => {
    const group = (n: number, mean: number, variance: number) => ({ n, mean, variance });
    const { hedgesG } = stateContrast(group(10, 2, 4), group(12, 1, 4));
    expect(hedgesG).toBeCloseTo((1 - 3 / 79) * 0.5, 12);
    expect(stateContrast(group(2, 2, 4), group(12, 1, 4)).hedgesG).toBeNaN();
  });
});
