import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { concordanceIndex } from "./concordance-index.ts";
import { crqa } from "./crqa.ts";
import { autoregressive, follower, noise } from "./series.test-support.ts";
import { susy } from "./susy.ts";
import { waveletCoherence } from "./wavelet-coherence.ts";
import { welchCoherence } from "./welch-coherence.ts";
import { windowedCrqa } from "./windowed-crqa.ts";

const samplingRate = 1;

describe("susy", () => {
  test("real segments stand out from mismatched ones in a coupled dyad only", () => {
    const { adult, infant } = follower(900, 2, 0.7, "susy");
    const coupled = susy(adult, infant, { samplingRate });
    const unrelated = susy(adult, autoregressive(0.7, 900, "stranger"), { samplingRate });
    expect(coupled.absolute.effectSize).toBeGreaterThan(0.8);
    expect(coupled.signed.effectSize).toBeGreaterThan(0.8);
    expect(Math.abs(unrelated.absolute.effectSize)).toBeLessThan(0.4);
  });

  test("exchanging the members and adding a constant change nothing but the last bits", () => {
    const { adult, infant } = follower(600, 2, 0.7, "susy-swap");
    const one = susy(adult, infant, { samplingRate });
    const other = susy(
      infant.map((x) => x + 1000),
      adult,
      { samplingRate },
    );
    expect(other.absolute.effectSize).toBeCloseTo(one.absolute.effectSize, 9);
    expect(other.signed.z).toBeCloseTo(one.signed.z, 12);
  });

  test("a long recording draws its mismatched pairs, and the seed decides which", () => {
    const { adult, infant } = follower(6000, 2, 0.5, "susy-long");
    const draw = (seed: number) => susy(adult, infant, { samplingRate, maximumSurrogates: 2000, seed });
    const all = susy(adult, infant, { samplingRate, maximumSurrogates: 50_000 });
    expect([draw(1).isExhaustive, all.isExhaustive]).toEqual([false, true]);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2).absolute.surrogateZ).not.toBe(draw(1).absolute.surrogateZ);
    expect(draw(1).absolute.surrogateZ).toBeCloseTo(all.absolute.surrogateZ, 2);
  });

  test("segments without data are left out, and one segment has no surrogates", () => {
    const { adult, infant } = follower(300, 0, 0.7, "susy-gap");
    adult.fill(Number.NaN, 0, 30);
    const { segmentAbsoluteZ, nSurrogates } = susy(adult, infant, { samplingRate });
    expect(segmentAbsoluteZ[0]).toBeNaN();
    expect(nSurrogates).toBe(81);
    const single = susy(adult.slice(30, 75), infant.slice(30, 75), { samplingRate });
    expect([single.nSegments, single.nSurrogates, single.absolute.effectSize]).toEqual([1, 0, Number.NaN]);
    expect(susy(adult.slice(0, 10), infant.slice(0, 10), { samplingRate }).nSegments).toBe(0);
    expect(() => susy(adult, infant, { samplingRate, maxLagSeconds: 28 })).toThrow(OptionError);
  });
});

describe("concordanceIndex", () => {
  test("is positive for members that rise and fall together, negative for opposites, symmetric", () => {
    const { adult, infant } = follower(900, 0, 0.7, "ssi");
    const together = concordanceIndex(adult, infant, { samplingRate });
    const opposite = concordanceIndex(
      adult,
      infant.map((x) => -x),
      { samplingRate },
    );
    expect(together.index).toBeGreaterThan(0.7);
    expect(opposite.index).toBeCloseTo(-together.index, 9);
    expect(concordanceIndex(infant, adult, { samplingRate }).correlations).toEqual(together.correlations);
  });

  test("gives one moment per second at any rate, and none where too much is missing", () => {
    const at5Hz = concordanceIndex(noise(500, 1), noise(500, 2), { samplingRate: 5 });
    // 100 s: slopes over 26 samples moved by 5 are 95, of which 15 make one correlation.
    expect(at5Hz.correlations).toHaveLength(95 - 14);
    expect(Array.from(at5Hz.starts.subarray(0, 3))).toEqual([0, 1, 2]);
    const gappy = noise(100, 1);
    gappy.fill(Number.NaN, 40, 60);
    const { correlations } = concordanceIndex(gappy, noise(100, 2), { samplingRate });
    expect(correlations[0]).not.toBeNaN();
    expect(correlations[45]).toBeNaN();
  });

  test("is undefined when one of its sums is 0", () => {
    const x = autoregressive(0.5, 100, 3);
    expect(concordanceIndex(x, x, { samplingRate }).index).toBeNaN();
    expect(() => concordanceIndex(x, x.slice(1), { samplingRate })).toThrow(ShapeError);
  });
});

describe("coherence", () => {
  const { adult, infant } = follower(4096, 2, 0.9, "coherence");

  test("the phase of a delay is -2 pi f d by Welch and +2 pi f d by wavelets", () => {
    const welch = welchCoherence(adult, infant, { samplingRate });
    const wavelet = waveletCoherence(adult, infant, { samplingRate, frequencies: [0.0625] });
    expect(welch.frequencies[4]).toBe(0.0625);
    expect(welch.phase[4]).toBeCloseTo(-2 * Math.PI * 0.0625 * 2, 1);
    const inside = Array.from(wavelet.phase.subarray(100, 4000));
    expect(inside.reduce((sum, phase) => sum + phase, 0) / inside.length).toBeCloseTo(
      2 * Math.PI * 0.0625 * 2,
      1,
    );
  });

  test("is high for the coupled, near 1 / m for the unrelated, and 1 for a member with itself", () => {
    const stranger = autoregressive(0.7, 4096, "coherence-stranger");
    const at = (other: Float64Array) =>
      welchCoherence(adult, other, { samplingRate }).coherence.subarray(1, 20);
    const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
    expect(mean(at(infant))).toBeGreaterThan(0.8);
    expect(mean(at(stranger))).toBeLessThan(0.03);
    expect(mean(at(adult.map((x) => 5 - 2 * x)))).toBeCloseTo(1, 9);
  });

  test("exchanging the members keeps coherence and negates phase; a constant changes nothing", () => {
    const frequencies = [0.02, 0.1];
    for (const f of [
      (x: Float64Array, y: Float64Array) => welchCoherence(x, y, { samplingRate }),
      (x: Float64Array, y: Float64Array) =>
        waveletCoherence(x, y, { samplingRate, frequencies, stepSeconds: 7 }),
    ]) {
      const one = f(adult, infant);
      const other = f(
        infant.map((x) => x - 430),
        adult,
      );
      one.coherence.forEach((value, k) => {
        expect(other.coherence[k]).toBeCloseTo(value, 9);
      });
      for (let k = 1; k < 20; k++) expect(Math.cos(other.phase[k]! + one.phase[k]!)).toBeCloseTo(1, 9);
    }
  });

  test("segments and moments without data have no value", () => {
    const gappy = adult.slice(0, 640);
    gappy.fill(Number.NaN, 300, 360);
    const welch = welchCoherence(gappy, infant.slice(0, 640), { samplingRate });
    // Of 19 segments four touch the gap.
    expect(welch.nSegments).toBe(15);
    const { coherence } = waveletCoherence(gappy, infant.slice(0, 640), { samplingRate, frequencies: [0.1] });
    expect(coherence[330]).toBeNaN();
    expect(coherence[100]).not.toBeNaN();
    expect(coherence.every((c) => Number.isNaN(c) || (c >= 0 && c <= 1))).toBe(true);
    const flat = welchCoherence(new Float64Array(200).fill(0.1), infant.slice(0, 200), { samplingRate });
    expect(flat.coherence.every(Number.isNaN)).toBe(true);
  });

  test("says how far the edges reach and refuses impossible frequencies", () => {
    const { edgeSeconds, times } = waveletCoherence(adult.slice(0, 50), infant.slice(0, 50), {
      samplingRate,
      frequencies: [0.1],
      stepSeconds: 5,
    });
    expect(edgeSeconds[0]).toBeCloseTo((Math.SQRT2 * (6 + Math.sqrt(38))) / (4 * Math.PI * 0.1), 9);
    expect(Array.from(times.subarray(0, 3))).toEqual([0, 5, 10]);
    expect(() => waveletCoherence(adult, infant, { samplingRate, frequencies: [0.5] })).toThrow(OptionError);
    expect(() => welchCoherence(adult, infant, { samplingRate, segmentSeconds: 63 })).toThrow(OptionError);
  });
});

describe("crqa", () => {
  const { adult, infant } = follower(240, 3, 0.9, "crqa");

  test("the diagonal profile peaks at the adult's lead", () => {
    const { profile, lags } = crqa(adult, infant, { samplingRate });
    expect(lags[profile.indexOf(Math.max(...profile))]).toBe(3);
  });

  test("exchanging the members mirrors the profile and swaps vertical with horizontal lines", () => {
    const one = crqa(adult, infant, { samplingRate });
    const other = crqa(infant, adult, { samplingRate });
    expect(other.profile).toEqual(one.profile.slice().reverse());
    expect([other.recurrence, other.determinism, other.entropy]).toEqual([
      one.recurrence,
      one.determinism,
      one.entropy,
    ]);
    expect(other.laminarity).toBe(one.horizontalLaminarity);
    expect(other.trappingTime).toBe(one.horizontalTrappingTime);
  });

  test("counts lines as a slow plot of recurrences does", () => {
    const a = noise(40, "plot-a");
    const b = noise(40, "plot-b");
    const z = (x: Float64Array) => {
      const mean = x.reduce((s, v) => s + v, 0) / x.length;
      const sd = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length);
      return x.map((v) => (v - mean) / sd);
    };
    const [x, y] = [z(a), z(b)];
    const plot = Array.from(x, (u) => Array.from(y, (v) => Math.abs(u - v) <= 0.4));
    let points = 0;
    let onDiagonals = 0;
    for (let i = 0; i < 40; i++)
      for (let j = 0; j < 40; j++) {
        if (!plot[i]![j]) continue;
        points++;
        if (plot[i - 1]?.[j - 1] || plot[i + 1]?.[j + 1]) onDiagonals++;
      }
    const result = crqa(a, b, { samplingRate, embeddingDimension: 1, radius: 0.4 });
    expect(result.recurrence).toBeCloseTo((100 * points) / 1600, 10);
    expect(result.determinism).toBeCloseTo((100 * onDiagonals) / points, 10);
  });

  test("chooses its radius for a wanted recurrence rate", () => {
    const { recurrence, radius } = crqa(adult, infant, { samplingRate, recurrenceRate: 0.05 });
    expect(recurrence).toBeCloseTo(5, 1);
    expect(recurrence).toBeGreaterThanOrEqual(5);
    expect(crqa(adult, infant, { samplingRate, radius }).recurrence).toBe(recurrence);
    expect(() => crqa(noise(4000, 1), noise(4000, 2), { samplingRate, recurrenceRate: 0.05 })).toThrow(
      OptionError,
    );
  });

  test("missing states do not recur, and too many of them leave no value", () => {
    const gappy = adult.slice();
    gappy.fill(Number.NaN, 100, 110);
    const some = crqa(gappy, infant, { samplingRate });
    expect(some.coverage).toBeCloseTo(210 / 230, 12);
    expect(some.recurrence).not.toBeNaN();
    gappy.fill(Number.NaN, 100, 200);
    const none = crqa(gappy, infant, { samplingRate });
    expect([none.recurrence, none.determinism, none.longestDiagonal]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(crqa(new Float64Array(5), new Float64Array(5), { samplingRate }).recurrence).toBeNaN();
  });

  test("windows are the same as cutting by hand", () => {
    const { adult: a, infant: b } = follower(900, 3, 0.5, "crqa-windows");
    const windows = windowedCrqa(a, b, { samplingRate, windowSeconds: 240, stepSeconds: 120 });
    expect(windows.map(({ start }) => start)).toEqual([0, 120, 240, 360, 480, 600]);
    expect(windows[2]).toEqual({
      start: 240,
      ...crqa(a.slice(240, 480), b.slice(240, 480), { samplingRate }),
    });
  });
});
