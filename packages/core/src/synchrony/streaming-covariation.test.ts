import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { autoregressive, follower } from "./series.test-support.ts";
import { type CovariationWindow, StreamingCovariation } from "./streaming-covariation.ts";
import { windowedCrossCorrelation } from "./windowed-cross-correlation.ts";

const samplingRate = 1;

function stream(
  covariation: StreamingCovariation,
  a: Float64Array,
  b: Float64Array,
  chunks: readonly number[],
): CovariationWindow[] {
  const out: CovariationWindow[] = [];
  for (let from = 0, c = 0; from < a.length; c++) {
    const to = Math.min(a.length, from + chunks[c % chunks.length]!);
    out.push(...covariation.execute(a.subarray(from, to), b.subarray(from, to)));
    from = to;
  }
  return out;
}

describe("StreamingCovariation", () => {
  const { adult, infant } = follower(2500, 3, 0.7, "stream");
  adult.fill(Number.NaN, 300, 312);
  infant.fill(Number.NaN, 305, 330);

  test("equals the offline reference bit for bit, whatever the chunks and the anchor", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom("first" as const, "latest" as const),
        fc.boolean(),
        fc.constantFrom(1, 7, 10),
        (chunks, anchor, removeLine, stepSeconds) => {
          const options = {
            samplingRate,
            anchor,
            removeLine,
            stepSeconds,
            windowSeconds: 20,
            maxLagSeconds: 3,
          };
          const offline = windowedCrossCorrelation(adult, infant, options);
          const windows = stream(
            new StreamingCovariation({ ...options, nullSeconds: 0 }),
            adult,
            infant,
            chunks,
          );
          expect(windows).toHaveLength(offline.starts.length);
          windows.forEach((window, w) => {
            expect(window.start).toBe(offline.starts[w]);
            expect(window.end).toBe(window.start + 20);
            expect(window.correlations).toEqual(offline.correlations.subarray(w * 7, (w + 1) * 7));
            expect(window.z).toBe(offline.z[w]);
            expect(window.nValid).toBe(offline.nValid[w * 7 + 3]);
            expect(window.coverage).toBe(window.nValid / 20);
            expect(window.peakLag).toBe(offline.peaks.lags[w]);
            expect(window.argmaxLag).toBe(offline.argmax.lags[w]);
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  test("one sample at a time and all at once give the same null percentiles", () => {
    const options = { samplingRate, maxLagSeconds: 3 };
    const single = stream(new StreamingCovariation(options), adult, infant, [1]);
    const whole = stream(new StreamingCovariation(options), adult, infant, [adult.length]);
    expect(single).toEqual(whole);
    expect(single.filter(({ nullPercentile }) => nullPercentile > 0.9).length).toBeGreaterThan(
      single.length / 4,
    );
  });

  test("a window is published with its own last sample", () => {
    const covariation = new StreamingCovariation({ samplingRate, windowSeconds: 20, maxLagSeconds: 4 });
    expect(covariation.execute(adult.subarray(0, 23), infant.subarray(0, 23))).toEqual([]);
    const [window] = covariation.execute(adult.subarray(23, 24), infant.subarray(23, 24));
    expect([window?.start, window?.end]).toEqual([4, 24]);
    expect(window?.nullPercentile).toBeNaN();
  });

  test("a gap has no value, never 0, and the windows after it do", () => {
    const windows = stream(new StreamingCovariation({ samplingRate, nullSeconds: 0 }), adult, infant, [50]);
    const inGap = windows.filter(({ coverage }) => coverage < 0.8);
    expect(inGap.length).toBeGreaterThan(0);
    for (const { z, maxAbsZ } of inGap.filter(({ coverage }) => coverage < 0.5))
      expect([z, maxAbsZ]).toEqual([Number.NaN, Number.NaN]);
    expect(windows.filter(({ start, z }) => start > 340 && Number.isNaN(z))).toEqual([]);
  });

  test("percentiles of unrelated members are spread evenly", () => {
    const a = autoregressive(0.8, 8000, "pa");
    const b = autoregressive(0.8, 8000, "pb");
    const covariation = new StreamingCovariation({
      samplingRate,
      stepSeconds: 30,
      maxLagSeconds: 3,
      removeLine: true,
    });
    const known = stream(covariation, a, b, [600]).filter(
      ({ nullPercentile }) => !Number.isNaN(nullPercentile),
    );
    const mean = known.reduce((sum, { nullPercentile }) => sum + nullPercentile, 0) / known.length;
    expect(known.length).toBeGreaterThan(200);
    expect(mean).toBeGreaterThan(0.43);
    expect(mean).toBeLessThan(0.57);
    expect(known.filter(({ nullPercentile }) => nullPercentile >= 0.95).length / known.length).toBeLessThan(
      0.12,
    );
  });

  test("reset starts a new session", () => {
    const covariation = new StreamingCovariation({ samplingRate });
    const before = stream(covariation, adult, infant, [333]);
    covariation.reset();
    expect(stream(covariation, adult, infant, [77])).toEqual(before);
  });

  test("wrong calls are refused", () => {
    expect(() => new StreamingCovariation({ samplingRate, nullSeconds: 10 })).toThrow(OptionError);
    expect(() => new StreamingCovariation({ samplingRate }).execute(adult, infant.subarray(1))).toThrow(
      ShapeError,
    );
  });
});
