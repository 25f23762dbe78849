import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { arousalComposite, arousalPeaks } from "./arousal.ts";
import { eventLockedPartner } from "./event-locked-partner.ts";
import { autoregressive, noise } from "./series.test-support.ts";

const samplingRate = 1;

describe("arousalComposite", () => {
  test("rises with heart rate and movement and falls with RSA", () => {
    const n = 400;
    const drive = autoregressive(0.9, n, "drive");
    const composite = arousalComposite({
      heartRate: drive.map((x) => 80 + 3 * x),
      lnRsa: drive.map((x) => 5 - 0.1 * x),
      movement: drive.map((x) => 0.02 * x),
    });
    const mean = drive.reduce((s, v) => s + v, 0) / n;
    const sd = Math.sqrt(drive.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1));
    for (let t = 0; t < n; t += 37) expect(composite[t]).toBeCloseTo((drive[t]! - mean) / sd, 9);
  });

  test("is missing where a component is, unless fewer are asked for", () => {
    const heartRate = noise(50, 1);
    const movement = noise(50, 2);
    movement[7] = Number.NaN;
    expect(arousalComposite({ heartRate, movement })[7]).toBeNaN();
    expect(arousalComposite({ heartRate, movement }, { fewestComponents: 1 })[7]).not.toBeNaN();
    expect(() => arousalComposite({ heartRate, movement }, { fewestComponents: 3 })).toThrow(OptionError);
    expect(() => arousalComposite({ heartRate, movement: noise(49, 1) })).toThrow(ShapeError);
  });
});

describe("arousalPeaks", () => {
  test("are among the top 5 %, at least 60 s apart, each the highest of its neighbourhood", () => {
    const arousal = autoregressive(0.95, 20_000, "peaks");
    arousal.fill(Number.NaN, 5000, 6000);
    const peaks = arousalPeaks(arousal, { samplingRate });
    const threshold = arousal.filter((x) => !Number.isNaN(x)).sort()[Math.floor(0.95 * 19_000) - 1]!;
    expect(peaks.length).toBeGreaterThan(30);
    for (let k = 0; k < peaks.length; k++) {
      expect(arousal[peaks[k]!]).toBeGreaterThanOrEqual(threshold);
      if (k > 0) expect(peaks[k]! - peaks[k - 1]!).toBeGreaterThanOrEqual(60);
    }
    // Nothing of the top 5 % is left out that has no peak near it.
    arousal.forEach((x, t) => {
      if (x > threshold + 1e-9) expect(peaks.some((peak) => Math.abs(peak - t) < 60)).toBe(true);
    });
    expect(peaks).toContain(arousal.indexOf(Math.max(...arousal.filter((x) => !Number.isNaN(x)))));
  });

  test("a series without values has none", () => {
    expect(arousalPeaks(new Float64Array(10).fill(Number.NaN), { samplingRate })).toHaveLength(0);
    expect(() => arousalPeaks(noise(10, 1), { samplingRate, topShare: 1 })).toThrow(OptionError);
  });
});

describe("eventLockedPartner", () => {
  const n = 12_000;
  const infant = autoregressive(0.95, n, "infant");
  const events = arousalPeaks(infant, { samplingRate });

  test("shows a response that begins after the events, which no correlation over the day need show", () => {
    const parent = autoregressive(0.9, n, "parent");
    for (const event of events) for (let t = event; t < Math.min(n, event + 40); t++) parent[t]! += 2.5;
    const result = eventLockedPartner(parent, events, { samplingRate, nSurrogates: 199, seed: 1 });
    expect(result.times[0]).toBe(-60);
    expect(result.times.at(-1)).toBe(120);
    expect(result.response).toBeGreaterThan(0.1);
    expect(result.p).toBeLessThan(0.02);
    const at = (seconds: number) => result.times.indexOf(seconds);
    expect(result.mean[at(20)]).toBeGreaterThan(result.nullHigh[at(20)]!);
    expect(result.nValid[at(0)]).toBe(result.nEvents);
    expect(result.nullLow[at(0)]).toBeLessThan(result.nullMean[at(0)]!);
  });

  test("rejects about 5 % of unrelated partners", () => {
    let rejected = 0;
    for (let k = 0; k < 150; k++) {
      const parent = autoregressive(0.9, 3000, "unrelated", k);
      const own = arousalPeaks(autoregressive(0.95, 3000, "own", k), { samplingRate });
      if (eventLockedPartner(parent, own, { samplingRate, nSurrogates: 99, seed: k }).p <= 0.05) rejected++;
    }
    expect(rejected / 150).toBeLessThanOrEqual(0.1);
  });

  test("the same seed gives the same null, and an event at the edge is not used", () => {
    const options = { samplingRate, nSurrogates: 9, seed: 4 };
    const result = eventLockedPartner(infant, [10, 500, n - 5], options);
    expect(result.nEvents).toBe(1);
    expect(eventLockedPartner(infant, [10, 500, n - 5], options)).toEqual(result);
  });

  test("no events, or no room for random ones, leave no null", () => {
    const none = eventLockedPartner(infant, [], { samplingRate, nSurrogates: 9, seed: 1 });
    expect([none.nSurrogates, none.p, none.response]).toEqual([0, Number.NaN, Number.NaN]);
    const crowded = eventLockedPartner(infant.slice(0, 400), [100, 110, 120, 130, 140, 150, 160], {
      samplingRate,
      nSurrogates: 9,
      seed: 1,
    });
    expect([crowded.nEvents, crowded.nSurrogates, crowded.p]).toEqual([7, 0, Number.NaN]);
  });
});
