import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random/index.ts";
import { contingency } from "./contingency.ts";
import { bursts, stream, streamOfSteps } from "./example-streams.test-support.ts";
import { observedTime } from "./interval-algebra.ts";
import { lagTables } from "./lag-tables.ts";
import { poolLogOddsRatios } from "./pool-log-odds.ts";
import { twoByTwo } from "./two-by-two.ts";

const wholeStreams = () =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 })
    .map(streamOfSteps);

describe("contingency", () => {
  test("agrees with counting on a fine grid, unobserved time left out", () => {
    fc.assert(
      fc.property(
        wholeStreams(),
        wholeStreams(),
        fc.constantFrom(1, 2, 5),
        fc.integer({ min: 10, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (acts, responses, windowSeconds, gapFrom, gapLength) => {
          const observed = observedTime(0, 60, stream([gapFrom, gapFrom + gapLength]));
          const result = contingency(acts, responses, { windowSeconds, observed });
          const fits = (start: number) =>
            (start > 0 && start + windowSeconds <= gapFrom) ||
            (start > gapFrom + gapLength && start + windowSeconds <= 60);
          const answered = (start: number) =>
            responses.onsets.some((onset) => onset > start && onset <= start + windowSeconds);
          const whole = [...acts.offsets].filter(fits);
          expect(result.nActs).toBe(whole.length);
          expect(result.nAnswered).toBe(whole.filter(answered).length);
          expect(result.nCensored).toBe(acts.onsets.length - whole.length);
          // Edges are whole numbers, so that what holds in the middle of a tenth holds in all of it.
          const starts = Array.from({ length: 600 }, (_, i) => (i + 0.5) / 10).filter(fits);
          const without = starts.filter(
            (start) => !acts.offsets.some((end) => start >= end && start <= end + windowSeconds),
          );
          expect(result.baseRate).toBeCloseTo(starts.filter(answered).length / starts.length, 9);
          expect(result.withoutShare).toBeCloseTo(without.length / 10 / (60 - gapLength), 9);
          if (without.length > 0)
            expect(result.pWithout).toBeCloseTo(without.filter(answered).length / without.length, 9);
          expect(Number.isNaN(result.operantDeltaP)).toBe(
            whole.length === 0 || without.length / 10 / (60 - gapLength) < 0.1 - 1e-9,
          );
        },
      ),
    );
  });

  test("rounding does not decide whether an answer came in time or at once", () => {
    const observed = observedTime(0, 10);
    const act = stream([0.1 + 0.2, 0.1 + 0.2 + 0.7]);
    const end = act.offsets[0];
    const at = (time: number) =>
      contingency(act, stream([time, time + 0.1]), { windowSeconds: 2, observed }).nAnswered;
    expect([at(end + 1e-12), at(end + 0.001), at(end + 2 + 1e-12), at(end + 2.001)]).toEqual([0, 1, 1, 0]);
  });

  test("from the onset, an act that was going on when the view opened has none", () => {
    const observed = observedTime(0, 20);
    const acts = stream([0, 3], [10, 12]);
    const answers = stream([1, 1.5], [11, 11.2]);
    expect(contingency(acts, answers, { windowSeconds: 2, observed, from: "onset" })).toMatchObject({
      nActs: 1,
      nCensored: 1,
      nAnswered: 1,
    });
  });

  test("the operant difference is withheld where nearly every time follows an act", () => {
    const observed = observedTime(0, 30);
    const dense = stream(...Array.from({ length: 15 }, (_, i) => [2 * i + 0.5, 2 * i + 1] as const));
    const answers = stream([5, 6], [20, 21]);
    const result = contingency(dense, answers, { windowSeconds: 5, observed });
    expect(result.withoutShare).toBeLessThan(0.1);
    expect(result.operantDeltaP).toBeNaN();
    expect(contingency(dense, answers, { windowSeconds: 0.5, observed }).operantDeltaP).not.toBeNaN();
  });

  test("nothing to ask gives no number", () => {
    const observed = observedTime(0, 30);
    expect(contingency(stream(), stream([1, 2]), { windowSeconds: 2, observed })).toMatchObject({
      nActs: 0,
      pResponse: Number.NaN,
      deltaP: Number.NaN,
    });
    expect(contingency(stream([1, 2]), stream([3, 4]), { windowSeconds: 31, observed }).baseRate).toBeNaN();
    expect(() => contingency(stream(), stream(), { windowSeconds: 0, observed })).toThrow(/windowSeconds/);
    expect(() => contingency(stream(), stream(), { windowSeconds: 1, observed: stream() })).toThrow(
      /observed/,
    );
  });

  test("independent streams have no difference on average", () => {
    let sum = 0;
    const observed = observedTime(0, 600);
    for (let run = 0; run < 60; run++) {
      const uniform = mulberry32(run);
      const [acts, answers] = [bursts(600, uniform), bursts(600, uniform)];
      sum += contingency(acts, answers, { windowSeconds: 2, observed }).deltaP;
    }
    expect(Math.abs(sum / 60)).toBeLessThan(0.02);
  });
});

describe("tables", () => {
  test("z is phi times the root of N, Q follows the odds ratio, and an empty cell gets a half", () => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 1, max: 90 }),
          fc.integer({ min: 1, max: 90 }),
          fc.integer({ min: 1, max: 90 }),
          fc.integer({ min: 1, max: 90 }),
        ),
        ([a, b, c, d]) => {
          const table = twoByTwo(a, b, c, d);
          expect(table.allisonLikerZ).toBeCloseTo(table.phi * Math.sqrt(a + b + c + d), 9);
          const odds = Math.exp(table.logOddsRatio);
          expect(table.yuleQ).toBeCloseTo((odds - 1) / (odds + 1), 12);
          expect(twoByTwo(b, a, d, c).logOddsRatio).toBeCloseTo(-table.logOddsRatio, 12);
        },
      ),
    );
    const zero = twoByTwo(0, 4, 5, 6);
    expect(zero.logOddsRatio).toBeCloseTo(Math.log((0.5 * 6.5) / (4.5 * 5.5)), 14);
    expect(zero.standardError).toBeCloseTo(Math.sqrt(2 + 1 / 4.5 + 1 / 5.5 + 1 / 6.5), 14);
    expect(zero.phi).toBeLessThan(0);
    expect(twoByTwo(0, 0, 3, 4).phi).toBeNaN();
    expect(() => twoByTwo(-1, 2, 3, 4)).toThrow(/counts/);
  });

  test("bins count on the grid of the first observed time, and pairs with an unobserved bin are left out", () => {
    const observed = observedTime(0.5, 10.5, stream([3.7, 4.2]));
    const [lag0, lag1] = lagTables(stream([1, 1.2], [5.6, 6]), stream([2, 2.2], [6.55, 7]), { observed });
    // Bin 3 [3.5, 4.5) is not whole: 9 bins, and 7 of their neighbours.
    expect(lag0.counts).toEqual([0, 2, 2, 5]);
    expect(lag1.counts).toEqual([2, 0, 0, 5]);
  });

  test("a time that is a bin's edge but for rounding lies in that bin", () => {
    const edge = 0.1 + 0.2;
    const [table] = lagTables(stream([0.3, 0.35]), stream([edge - 1e-16, 0.35]), {
      observed: observedTime(0, 1),
      binSeconds: 0.1,
      nLags: 1,
    });
    expect(table.counts).toEqual([1, 0, 0, 9]);
  });

  test("pooling agrees with a calculation by hand", () => {
    // w = 4, 1, 25/4; fixed = (4 + 2 + 0.625) / 11.25; Q, tau^2 by DerSimonian and Laird.
    const pooled = poolLogOddsRatios([
      { logOddsRatio: 1, standardError: 0.5 },
      { logOddsRatio: 2, standardError: 1 },
      { logOddsRatio: 0.1, standardError: 0.4 },
      { logOddsRatio: Number.NaN, standardError: 1 },
    ]);
    const fixed = 6.625 / 11.25;
    const q = 4 * (1 - fixed) ** 2 + (2 - fixed) ** 2 + 6.25 * (0.1 - fixed) ** 2;
    const tau = (q - 2) / (11.25 - (16 + 1 + 39.0625) / 11.25);
    const w = [1 / (0.25 + tau), 1 / (1 + tau), 1 / (0.16 + tau)];
    const total = w[0] + w[1] + w[2];
    expect(pooled.nDyads).toBe(3);
    expect(pooled.fixed).toBeCloseTo(fixed, 12);
    expect(pooled.heterogeneityQ).toBeCloseTo(q, 12);
    expect(pooled.tauSquared).toBeCloseTo(tau, 12);
    expect(pooled.random).toBeCloseTo((w[0] + 2 * w[1] + 0.1 * w[2]) / total, 12);
    expect(pooled.high - pooled.low).toBeCloseTo((2 * 1.959963984540054) / Math.sqrt(total), 9);
    expect(poolLogOddsRatios([]).random).toBeNaN();
  });

  test("two dyads without association stay without when pooled, and the sum of their tables has one", () => {
    const quiet = twoByTwo(1, 9, 9, 81);
    const lively = twoByTwo(40, 10, 40, 10);
    expect(poolLogOddsRatios([quiet, lively]).random).toBeCloseTo(0, 12);
    expect(twoByTwo(41, 19, 49, 91).logOddsRatio).toBeGreaterThan(1);
  });
});
