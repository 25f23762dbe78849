import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random/index.ts";
import { binomialInterval } from "../statistics/index.ts";
import { eventLockedMean } from "./event-locked-mean.ts";
import { eventLockedResponse } from "./event-locked-response.ts";
import { bursts, slowSeries } from "./example-streams.test-support.ts";

describe("a series around events", () => {
  const rate = 4;
  const onsets = Array.from({ length: 30 }, (_, i) => 15 + 19.3 * i + (i % 7));

  test("a rise that follows events by 2 s is found there, one that precedes them before", () => {
    for (const delay of [2, -3]) {
      const values = slowSeries(2500, 0.9, 1);
      for (const onset of onsets)
        for (let i = 0; i < values.length; i++) {
          const t = i / rate - onset - delay;
          values[i] += 4 * Math.exp(-0.5 * (t / 0.6) ** 2);
        }
      const locked = eventLockedMean({ values, startTime: 0, samplingRate: rate }, onsets, {
        beforeSeconds: 6,
        afterSeconds: 6,
        nSurrogates: 199,
        seed: 2,
      });
      expect(Math.abs(locked.peakLag - delay)).toBeLessThanOrEqual(0.5);
      expect(locked.peakP).toBe(1 / 200);
      expect(locked.nEvents).toBe(onsets.length);
      expect(locked.lags[0]).toBe(-6);
      const far = locked.lags.findIndex((lag) => lag === (delay > 0 ? -5 : 5));
      expect(locked.band?.p[far]).toBeGreaterThan(0.05);
    }
  });

  test("is read between samples, as a straight line is", () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => 3 + 0.5 * (100 + i / rate));
    const locked = eventLockedMean({ values, startTime: 100, samplingRate: rate }, [120.1, 150.37], {
      beforeSeconds: 1,
      afterSeconds: 1,
      nSurrogates: 0,
      seed: 1,
    });
    locked.lags.forEach((lag, k) => {
      expect(locked.mean[k]).toBeCloseTo(3 + 0.5 * ((120.1 + 150.37) / 2 + lag), 10);
    });
    expect(locked).toMatchObject({ status: "no-null", band: undefined, peakP: Number.NaN });
    const flat = eventLockedMean({ values, startTime: 100, samplingRate: rate }, [120.1, 150.37], {
      beforeSeconds: 2,
      afterSeconds: 1,
      baselineSeconds: [-2, -1],
      nSurrogates: 0,
      seed: 1,
    });
    expect(flat.mean[8]).toBeCloseTo(0.5 * 1.625, 10);
  });

  test("missing values are left out, epochs with too many of them and beyond the ends as well", () => {
    const values = new Float64Array(200).fill(1);
    values.fill(Number.NaN, 100, 104);
    const series = { values, startTime: 0, samplingRate: 1 };
    const options = { beforeSeconds: 5, afterSeconds: 14, nSurrogates: 0, seed: 1 };
    const locked = eventLockedMean(series, [0, 50, 95, 190], options);
    expect([locked.nEvents, locked.nLeftOut]).toEqual([2, 2]);
    expect(locked.counts[10]).toBe(1);
    expect(locked.mean.every((value) => value === 1)).toBe(true);
    expect(eventLockedMean(series, [0], options)).toMatchObject({ status: "no-events", nEvents: 0 });
    expect(
      eventLockedMean(series, [50], { ...options, nSurrogates: 9, minimumShiftSeconds: 150 }).status,
    ).toBe("too-short");
  });

  test("a slow series that knows nothing of the events leaves the band as often as alpha says", () => {
    let outside = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const events = bursts(290, mulberry32(run)).onsets;
      const locked = eventLockedMean(
        { values: slowSeries(600, 0.9, 1000 + run), startTime: 0, samplingRate: 2 },
        events,
        {
          beforeSeconds: 5,
          afterSeconds: 5,
          nSurrogates: 59,
          seed: run,
        },
      );
      if (locked.peakP <= 0.05) outside++;
    }
    expect(outside).toBeLessThanOrEqual(binomialInterval(runs, 0.08, 0.99).high);
    expect(outside).toBeGreaterThanOrEqual(1);
  });

  test("response minus baseline, each event by itself", () => {
    const values = Float64Array.from({ length: 1200 }, (_, i) =>
      i % 200 >= 100 && i % 200 < 140 ? 480 : 430,
    );
    values.fill(Number.NaN, 500, 512);
    const series = { values, startTime: 10, samplingRate: 4 };
    const touches = [35, 85, 135, 185, 235, 308];
    const response = eventLockedResponse(series, touches, { seed: 1, nSurrogates: 199 });
    expect([...response.differences]).toEqual([50, 50, Number.NaN, 50, 50, Number.NaN]);
    expect(response).toMatchObject({ nEvents: 4, nLeftOut: 2, mean: 50, standardDeviation: 0 });
    expect(response.p).toBeLessThan(0.06);
    expect(() => eventLockedResponse(series, touches, { seed: 1, responseSeconds: [-9, -7] })).toThrow(
      /baseline/,
    );
  });
});
