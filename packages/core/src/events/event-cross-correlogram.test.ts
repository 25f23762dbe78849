import { describe, expect, test } from "vitest";
import { mulberry32, normal } from "../random/index.ts";
import { binomialInterval, mean, permutationP, standardDeviation } from "../statistics/index.ts";
import { eventCrossCorrelogram } from "./event-cross-correlogram.ts";
import { answered, bursts, pairsOf, stream } from "./example-streams.test-support.ts";
import { observedTime } from "./interval-algebra.ts";
import { simultaneousBand } from "./simultaneous-band.ts";

describe("the simultaneous band", () => {
  test("agrees with leaving each surrogate out by hand", () => {
    const draw = normal(mulberry32(3));
    const [nTimes, n] = [7, 12];
    const course = Float64Array.from({ length: nTimes }, () => draw() + 1);
    const surrogates = Float64Array.from({ length: n * nTimes }, () => draw());
    const score = (own: number, others: number[]) =>
      Math.abs(own - mean(others)) / standardDeviation(others, 0);
    const rows = Array.from({ length: n }, (_, s) => [...surrogates.subarray(s * nTimes, (s + 1) * nTimes)]);
    const largest = rows.map((row, s) =>
      Math.max(
        ...row.map((own, t) =>
          score(own, [course[t], ...rows.filter((_, r) => r !== s).map((other) => other[t])]),
        ),
      ),
    );
    const band = simultaneousBand(course, surrogates, 0.2);
    const scores = [...course].map((own, t) =>
      score(
        own,
        rows.map((row) => row[t]),
      ),
    );
    scores.forEach((each, t) => {
      expect(band.p[t]).toBe(permutationP(each, largest));
      // Outside the band is what has p <= alpha, and nothing else.
      expect(course[t] > band.high[t] || course[t] < band.low[t]).toBe(band.p[t] <= 0.2);
    });
    expect(band.peak).toBe(scores.indexOf(Math.max(...scores)));
  });

  test("too few surrogates for alpha make a band without end", () => {
    const band = simultaneousBand(Float64Array.of(9), Float64Array.of(1, 2, 3), 0.05);
    expect(band.high[0]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the cross-correlogram", () => {
  const observed = observedTime(0, 600);
  const options = { binSeconds: 0.5, maximumLagSeconds: 5, observed, nSurrogates: 199, seed: 1 };

  test("counts every pair once, at the lag at which the second follows", () => {
    const made = eventCrossCorrelogram(stream([10, 11], [20, 21]), stream([8.75, 9], [12, 12], [21.6, 22]), {
      ...options,
      nSurrogates: 0,
    });
    const at = (lag: number) => made.counts[made.lags.indexOf(lag)];
    expect([at(2), at(-1), at(1.5), made.counts.reduce((sum, x) => sum + x)]).toEqual([1, 1, 1, 3]);
    expect(made.perMinute[made.lags.indexOf(2)]).toBe(60);
  });

  test("finds who follows whom, and is mirrored when they change places", () => {
    const acts = stream(
      ...pairsOf(bursts(590, mulberry32(6)))
        .filter((_, i) => i % 4 === 0)
        .map(([a, b]) => [a, b] as const),
    );
    const answers = answered(acts, 1.4, 3);
    const there = eventCrossCorrelogram(acts, answers, options);
    const back = eventCrossCorrelogram(answers, acts, options);
    expect(there.peakLag).toBe(1.5);
    expect(back.peakLag).toBe(-1.5);
    expect([there.peakP, back.peakP]).toEqual([1 / 200, 1 / 200]);
    expect([...back.counts]).toEqual([...there.counts].reverse());
  });

  test("independent bursts leave the band as often as alpha says", () => {
    let outside = 0;
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const made = eventCrossCorrelogram(
        bursts(300, mulberry32(2 * run)),
        bursts(300, mulberry32(2 * run + 1)),
        {
          ...options,
          observed: observedTime(0, 300),
          nSurrogates: 59,
          seed: run,
        },
      );
      if (made.peakP <= 0.05) outside++;
    }
    expect(outside).toBeLessThanOrEqual(binomialInterval(runs, 0.08, 0.99).high);
    expect(outside).toBeGreaterThanOrEqual(1);
  });

  test("what was on when the view opened, or began unseen, is in no pair", () => {
    const view = observedTime(0, 600, stream([100, 110]));
    const first = stream([0, 1], [50, 51], [105, 112]);
    const second = stream([1.5, 2], [51, 52], [111, 113]);
    const made = eventCrossCorrelogram(first, second, { ...options, observed: view, nSurrogates: 0 });
    expect([made.nFirst, made.nSecond, made.counts.reduce((sum, x) => sum + x)]).toEqual([1, 3, 1]);
  });

  test("streams without events have no band", () => {
    expect(eventCrossCorrelogram(stream(), stream([1, 2]), options)).toMatchObject({
      status: "no-events",
      band: undefined,
    });
  });
});
