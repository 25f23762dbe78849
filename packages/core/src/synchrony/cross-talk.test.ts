import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { beatCoincidence } from "./beat-coincidence.ts";
import { breathingLeak, ecgBaseline } from "./breathing-leak.ts";
import { crossTalk, type HeartTrace } from "./cross-talk.ts";
import { ecgLeak } from "./ecg-leak.ts";
import { noise } from "./series.test-support.ts";

const samplingRate = 250;
const seconds = 180;
const n = samplingRate * seconds;

/** A person alone: QRS complexes at irregular beats, a breathing baseline, noise. */
function person(interval: number, breathingHz: number, heightMv: number, key: string): HeartTrace {
  const jitter = noise(1000, key);
  const peaks: number[] = [];
  for (let t = 0.5, k = 0; t < seconds - 0.2; k++) {
    peaks.push(t);
    t += interval * (1 + 0.05 * jitter[k]! + 0.03 * Math.sin(2 * Math.PI * breathingHz * t));
  }
  const hiss = noise(n, key, "hiss");
  const drift = noise(seconds, key, "rate");
  let phase = 0;
  const ecg = Float64Array.from({ length: n }, (_, k) => {
    phase += ((2 * Math.PI * breathingHz) / samplingRate) * (1 + 0.15 * drift[Math.floor(k / samplingRate)]!);
    return 0.05 * heightMv * Math.sin(phase) + 0.01 * hiss[k]!;
  });
  for (const peak of peaks)
    for (let k = Math.floor((peak - 0.06) * samplingRate); k < (peak + 0.06) * samplingRate; k++) {
      const u = (k / samplingRate - peak) / 0.01;
      ecg[k]! += heightMv * (1 - u * u) * Math.exp((-u * u) / 2);
    }
  return { ecg, peaks };
}

const adult = person(0.85, 0.25, 1.2, "adult");
const infant = person(0.45, 0.6, 0.8, "infant");
const onLap = (gain: number): HeartTrace => ({
  ecg: infant.ecg.map((x, k) => x + gain * adult.ecg[k]!),
  peaks: infant.peaks,
});

describe("crossTalk", () => {
  test("finds nothing between people apart", () => {
    const { verdict, reasons, adjustedP, ecg, beats } = crossTalk(adult, infant, { samplingRate, seed: 1 });
    expect([verdict, reasons]).toEqual(["none-found", []]);
    expect(Math.min(...adjustedP)).toBeGreaterThan(0.05);
    expect(Math.abs(ecg.leak.correlation)).toBeLessThan(0.05);
    expect(Math.abs(beats.excess)).toBeLessThan(0.06);
  });

  test("finds a tenth of the adult's ECG in the infant's trace, and says how much", () => {
    const { verdict, reasons, ecg } = crossTalk(adult, onLap(0.1), { samplingRate, seed: 1 });
    expect(verdict).toBe("leak");
    expect(ecg.test.p).toBe(1 / 200);
    expect(ecg.leak.lag).toBe(0);
    expect(ecg.gainFirstToSecond).toBeGreaterThan(0.07);
    expect(ecg.gainFirstToSecond).toBeLessThan(0.13);
    expect(reasons[0]).toMatch(/^The ECGs correlate at 0 ms with r = 0\.\d+/);
  });

  test("finds beats that were detected in the partner's QRS", () => {
    const doubled = Array.from(infant.peaks);
    for (let k = 0; k < adult.peaks.length; k += 5) doubled.push(adult.peaks[k]! + 0.012);
    const { verdict, beats } = crossTalk(
      adult,
      { ecg: infant.ecg, peaks: doubled.sort((s, t) => s - t) },
      { samplingRate, seed: 1 },
    );
    expect(verdict).toBe("leak");
    expect(beats.peakInterval).toBeCloseTo(0.01, 9);
    expect(beats.excess).toBeGreaterThan(0.12);
  });

  test("suspects an infant whose baseline moves with the adult's breathing", () => {
    const moved = infant.ecg.slice();
    const chest = ecgBaseline(adult.ecg, samplingRate);
    for (let k = 0; k < n; k++)
      moved[k]! += 0.6 * chest[Math.min(chest.length - 1, Math.floor((4 * k) / samplingRate))]!;
    const { verdict, breathingFirstToSecond } = crossTalk(
      adult,
      { ecg: moved, peaks: infant.peaks },
      { samplingRate, seed: 1 },
    );
    expect(verdict).toBe("suspected");
    expect(breathingFirstToSecond.breathingHz).toBeCloseTo(0.25, 1);
    expect(breathingFirstToSecond.coherence).toBeGreaterThan(0.6);
  });

  test("belts tell whose breathing it is: in the other's ECG, and in the other's belt", () => {
    const belt = (hz: number, key: string): Float64Array => {
      const drift = noise(seconds, key, "belt");
      const hiss = noise(4 * seconds, key, "belt hiss");
      let phase = 0;
      return Float64Array.from({ length: 4 * seconds }, (_, k) => {
        phase += ((2 * Math.PI * hz) / 4) * (1 + 0.1 * drift[Math.floor(k / 4)]!);
        return Math.sin(phase) + 0.1 * hiss[k]!;
      });
    };
    const [adultBelt, infantBelt] = [belt(0.25, "adult"), belt(0.6, "infant")];
    const breathing = { low: 0.1, high: 0.5 };
    const wearer = { ...adult, respiration: adultBelt, breathing };
    const child = { ...infant, respiration: infantBelt };
    const apart = crossTalk(wearer, child, { samplingRate, seed: 1 });
    expect([apart.verdict, apart.adjustedP.length]).toEqual(["none-found", 6]);
    // Breathing at a quarter of the R peak, which the adult's own ECG does not show.
    const ecg = infant.ecg.map((x, k) => x + 0.2 * adultBelt[Math.floor((4 * k) / samplingRate)]!);
    const inEcg = crossTalk(wearer, { ...child, ecg }, { samplingRate, seed: 1 });
    expect(inEcg.verdict).toBe("suspected");
    expect(inEcg.reasons).toEqual([
      expect.stringMatching(/^The first member's breathing in the second's ECG baseline/),
    ]);
    const respiration = infantBelt.map((x, k) => x + 0.5 * adultBelt[k]!);
    const inBelt = crossTalk(wearer, { ...child, respiration }, { samplingRate, seed: 1 });
    expect(inBelt.verdict).toBe("suspected");
    expect(inBelt.reasons).toContainEqual(
      expect.stringMatching(/^The first member's breathing in the second's belt/),
    );
    expect(inBelt.beltFirstToSecond!.breathingHz).toBeCloseTo(0.25, 1);
    // An adult is not said to breathe as fast as hearts beat.
    const same = crossTalk({ ...adult, breathing }, adult, { samplingRate, seed: 1 });
    expect(same.breathingFirstToSecond.breathingHz).toBeLessThanOrEqual(0.5);
  });

  test("does not judge a recording that is too short", () => {
    const cut = (heart: HeartTrace, length: number): HeartTrace => ({
      ecg: heart.ecg.subarray(0, length),
      peaks: [],
    });
    const { verdict, ecg } = crossTalk(cut(adult, 5000), cut(infant, 5000), { samplingRate, seed: 1 });
    expect([verdict, ecg.nSegments, ecg.leak.lag]).toEqual(["insufficient-data", 1, Number.NaN]);
  });
});

describe("parts of the check", () => {
  test("the lag of a delayed leak is positive where the first member leads", () => {
    const delayed = infant.ecg.map((x, k) => x + 0.3 * (adult.ecg[k - 5] ?? 0));
    const { leak, overall, lags, correlation } = ecgLeak(adult.ecg, delayed, { samplingRate, seed: 2 });
    expect(leak.lag).toBeCloseTo(0.02, 9);
    expect(overall.lag).toBeCloseTo(0.02, 9);
    expect(correlation[lags.indexOf(leak.lag)]).toBe(leak.correlation);
    expect(ecgLeak(delayed, adult.ecg, { samplingRate, seed: 2 }).leak.lag).toBeCloseTo(-0.02, 9);
  });

  test("equals a plain sum of products of the differences", () => {
    const length = 1000;
    const [a, b] = [noise(6 * length + 1, "fft-a"), noise(6 * length + 1, "fft-b")];
    const { correlation, lags } = ecgLeak(a, b, {
      samplingRate: 100,
      maxLagSeconds: 0.2,
      seed: 1,
      nSurrogates: 1,
    });
    const difference = (x: Float64Array, from: number) => {
      const d = Array.from({ length }, (_, k) => x[from + k + 1]! - x[from + k]!);
      const mean = d.reduce((s, v) => s + v, 0) / length;
      const scale = Math.sqrt(d.reduce((s, v) => s + (v - mean) ** 2, 0) / length);
      return d.map((v) => (v - mean) / scale);
    };
    for (const at of [0, 13, 20, 33]) {
      const lag = at - 20;
      let sum = 0;
      for (let s = 0; s < 6; s++) {
        const [x, y] = [difference(a, s * length), difference(b, s * length)];
        for (let t = 0; t < length; t++) sum += (x[t] ?? 0) * (y[t + lag] ?? 0);
      }
      expect(correlation[at]).toBeCloseTo(sum / (6 * length), 12);
      expect(lags[at]).toBeCloseTo(lag / 100, 12);
    }
  });

  test("missing stretches are left out", () => {
    const gappy = adult.ecg.slice();
    gappy.fill(Number.NaN, 10 * samplingRate, 25 * samplingRate);
    const { nSegments, test } = ecgLeak(gappy, infant.ecg, { samplingRate, seed: 1, nSurrogates: 19 });
    // 17 whole segments; the first needs the first sample of the gap for its last difference.
    expect(nSegments).toBe(14);
    expect(test.p).not.toBeNaN();
  });

  test("coincident beats of unrelated hearts are rejected at about the level", () => {
    let rejected = 0;
    for (let k = 0; k < 100; k++) {
      const beats = (interval: number, role: string) => {
        let t = 0;
        return noise(Math.floor(280 / interval), role, k).map((x) => (t += interval * (1 + 0.06 * x)));
      };
      const { test } = beatCoincidence(beats(0.8, "a"), beats(0.45, "b"), {
        durationSeconds: 300,
        nSurrogates: 99,
        seed: k,
      });
      if (test.p <= 0.05) rejected++;
    }
    expect(rejected).toBeLessThanOrEqual(11);
  });

  test("the histogram counts every pair within reach once", () => {
    const { counts, centres, expected } = beatCoincidence([10, 20], [9.9, 10.1, 10.104, 20.6], {
      durationSeconds: 40,
      reachSeconds: 0.2,
      binSeconds: 0.1,
      nSurrogates: 1,
      seed: 1,
    });
    expect(Array.from(counts)).toEqual([0, 1, 0, 2, 0]);
    expect(centres[0]).toBeCloseTo(-0.2, 12);
    expect(expected).toBeCloseTo(0.02, 12);
    expect(beatCoincidence([], [1], { durationSeconds: 40, seed: 1 }).test.p).toBeNaN();
    expect(() => beatCoincidence([], [], { durationSeconds: 0, seed: 1 })).toThrow(OptionError);
  });

  test("a baseline is the mean of each quarter of a second", () => {
    expect(Array.from(ecgBaseline(Float64Array.of(1, 3, 5, Number.NaN, 7), 8))).toEqual([2, Number.NaN]);
    expect(ecgBaseline(noise(2500, 1), 250)).toHaveLength(40);
    expect(() => ecgBaseline(noise(10, 1), 3)).toThrow(OptionError);
  });

  test("breathing without data has no value", () => {
    const { coherence, breathingHz } = breathingLeak(new Float64Array(400).fill(Number.NaN), noise(400, 1), {
      samplingRate: 4,
      seed: 1,
    });
    expect([coherence, breathingHz]).toEqual([Number.NaN, Number.NaN]);
  });
});
