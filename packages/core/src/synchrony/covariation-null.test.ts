import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { median } from "../statistics/index.ts";
import { circularShiftNull, phaseRandomisedNull, segmentShuffleNull } from "./covariation-null.ts";
import { covariation, detrendedCovariation } from "./pair-correlation.ts";
import { evaluateMeasure } from "./primary-measure.ts";
import { type PseudoDyads, pseudoDyadGroupNull, pseudoDyadNull, pseudoDyads } from "./pseudo-dyads.ts";
import { autoregressive, follower, noise } from "./series.test-support.ts";

const samplingRate = 1;
const size = (a: Float64Array, b: Float64Array) => Math.abs(detrendedCovariation(a, b));
const primary = (a: Float64Array, b: Float64Array) => evaluateMeasure(a, b).meanZ;

function unrelated(nDyads: number, phi: number, key: number, statistic = size): PseudoDyads {
  const members = (role: string) =>
    Array.from({ length: nDyads }, (_, i) => autoregressive(phi, 300, role, key, i));
  return pseudoDyads(members("adult"), members("infant"), statistic);
}

describe("pseudo-dyads", () => {
  for (const [name, phi, statistic] of [
    ["|r| of slow series", 0.97, size],
    ["the primary measure", 0.9, primary],
  ] as const)
    test(`reject 5 +- 2 % of 500 unrelated dyads at .05: ${name}`, () => {
      let rejected = 0;
      for (let group = 0; group < 25; group++) {
        const dyads = unrelated(20, phi, group, statistic);
        for (let i = 0; i < 20; i++) if (pseudoDyadNull(dyads, i).p <= 0.05 + 1e-12) rejected++;
      }
      expect(rejected / 500).toBeGreaterThanOrEqual(0.03);
      expect(rejected / 500).toBeLessThanOrEqual(0.07);
    });

  test("the test of a group rejects 5 +- 2 % of 500 groups of unrelated dyads", () => {
    let rejected = 0;
    for (let group = 0; group < 500; group++) {
      // Of a matrix of independent numbers, which is what unrelated members' values are.
      const dyads = { nDyads: 12, values: noise(144, "matrix", group) };
      if (pseudoDyadGroupNull(dyads, { nSurrogates: 199, seed: group }).p <= 0.05) rejected++;
    }
    expect(rejected / 500).toBeGreaterThanOrEqual(0.03);
    expect(rejected / 500).toBeLessThanOrEqual(0.07);
  });

  test("find dyads that are coupled, and a group of weakly coupled ones", () => {
    const pairs = Array.from({ length: 20 }, (_, i) => follower(300, 2, 0.6, "coupled", i));
    const dyads = pseudoDyads(
      pairs.map(({ adult }) => adult),
      pairs.map(({ infant }) => infant),
      primary,
    );
    const p = Array.from({ length: 20 }, (_, i) => pseudoDyadNull(dyads, i).p);
    expect(median(p)).toBeCloseTo(0.05, 12);
    const { p: group, nSurrogates, kind } = pseudoDyadGroupNull(dyads, { nSurrogates: 999, seed: 1 });
    expect([group, nSurrogates, kind]).toEqual([0.001, 999, "pseudoDyad"]);
  });

  test("a dyad without a value has no p, and others do not lose theirs", () => {
    const dyads = unrelated(6, 0.5, 99);
    dyads.values.fill(Number.NaN, 0, 6);
    expect(pseudoDyadNull(dyads, 0).p).toBeNaN();
    expect(pseudoDyadNull(dyads, 1).p).not.toBeNaN();
    expect(pseudoDyadGroupNull(dyads, { nSurrogates: 99, seed: 1 }).p).not.toBeNaN();
  });

  test("series of different lengths or numbers are refused", () => {
    expect(() => pseudoDyads([noise(5, 1)], [], size)).toThrow(ShapeError);
    expect(() => pseudoDyads([noise(5, 1)], [noise(6, 1)], size)).toThrow(ShapeError);
    expect(() => pseudoDyadNull(unrelated(2, 0.5, 1), 2)).toThrow(OptionError);
  });
});

describe("nulls of one dyad", () => {
  const { adult, infant } = follower(600, 0, 0.5, "null");
  const stranger = autoregressive(0.7, 600, "null-stranger");

  test("all of them find a coupled dyad and keep the seed", () => {
    for (const result of [
      circularShiftNull(adult, infant, primary, { samplingRate, nSurrogates: 199, seed: 7 }),
      segmentShuffleNull(adult, infant, primary, { samplingRate, nSurrogates: 199, seed: 7 }),
      phaseRandomisedNull(adult, infant, primary, { nSurrogates: 199, seed: 7 }),
    ]) {
      expect(result.p).toBeLessThanOrEqual(0.02);
      expect([result.seed, result.nSurrogates]).toEqual([7, 199]);
      expect(result.z).toBeGreaterThan(2);
    }
  });

  test("surrogate k is the same however many are drawn, so that work can be split", () => {
    for (const draw of [
      (nSurrogates: number) =>
        circularShiftNull(adult, stranger, size, { samplingRate, nSurrogates, seed: 3 }),
      (nSurrogates: number) =>
        segmentShuffleNull(adult, stranger, size, { samplingRate, nSurrogates, seed: 3 }),
      (nSurrogates: number) => phaseRandomisedNull(adult, stranger, size, { nSurrogates, seed: 3 }),
    ])
      expect(draw(20).values.subarray(0, 5)).toEqual(draw(5).values);
  });

  test("circular shifts stay 20 s away in both directions", () => {
    const marks = new Float64Array(100);
    marks[0] = 1;
    const seen: number[] = [];
    const where = (_: Float64Array, b: Float64Array) => {
      seen.push(b.indexOf(1));
      return 0;
    };
    circularShiftNull(marks, marks, where, { samplingRate, stepSeconds: 1 });
    expect(seen.slice(1).concat(seen[0]!)).toHaveLength(62);
    const shifts = seen.filter((shift) => shift !== 0);
    expect([Math.min(...shifts), Math.max(...shifts)]).toEqual([20, 80]);
    const short = circularShiftNull(marks.slice(0, 39), marks.slice(0, 39), size, { samplingRate });
    expect([short.nSurrogates, short.p]).toEqual([0, Number.NaN]);
  });

  test("phase randomisation keeps the spectrum, and gaps where they are", () => {
    const gappy = infant.slice();
    gappy.fill(Number.NaN, 100, 130);
    let first: Float64Array | undefined;
    const { values } = phaseRandomisedNull(
      adult,
      gappy,
      (x, y) => {
        first ??= y.slice();
        return covariation(x, y);
      },
      { nSurrogates: 1, seed: 1 },
    );
    expect(values[0]).not.toBeNaN();
    expect(first?.subarray(100, 130).every(Number.isNaN)).toBe(true);
    const lost = phaseRandomisedNull(adult, new Float64Array(600).fill(Number.NaN), size, {
      nSurrogates: 9,
      seed: 1,
    });
    expect([lost.nSurrogates, lost.p]).toEqual([0, Number.NaN]);
  });

  test("a statistic without a value has no p; surrogates without one count against it, and many of them are no null", () => {
    const never = circularShiftNull(adult, infant, () => Number.NaN, { samplingRate });
    expect(never.p).toBeNaN();
    const withMissing = (missing: number): number => {
      let calls = 0;
      return segmentShuffleNull(
        adult,
        infant,
        () => (calls < 100 ? (calls++ < missing ? Number.NaN : 0) : 1),
        { samplingRate, nSurrogates: 100, seed: 1 },
      ).p;
    };
    expect(withMissing(0)).toBeCloseTo(1 / 101, 12);
    expect(withMissing(20)).toBeCloseTo(21 / 101, 12);
    expect(withMissing(21)).toBeNaN();
  });

  test("no shift is counted twice: with few of them, all are used and p goes no lower than they allow", () => {
    const short = adult.subarray(0, 74);
    const twin = circularShiftNull(short, short, size, { samplingRate, nSurrogates: 999, seed: 1 });
    expect(twin.nSurrogates).toBe(74 - 2 * 20 + 1);
    expect(twin.p).toBeCloseTo(1 / 36, 12);
    expect(new Set(twin.values).size).toBe(35);
    expect(twin.seed).toBeUndefined();
    const drawn = circularShiftNull(short, short, size, { samplingRate, nSurrogates: 34, seed: 1 });
    expect([drawn.nSurrogates, drawn.seed]).toEqual([34, 1]);
  });

  test("missing ends stay at the ends, so that every surrogate has as much to compare", () => {
    const open = infant.slice();
    open.fill(Number.NaN, 0, 18).fill(Number.NaN, 590);
    const missing: number[] = [];
    const { nSurrogates, p } = circularShiftNull(
      adult,
      open,
      (a, b) => {
        missing.push(
          b.findIndex((value) => !Number.isNaN(value)),
          b.filter(Number.isNaN).length,
        );
        return size(a, b);
      },
      { samplingRate, nSurrogates: 999, seed: 1 },
    );
    expect(nSurrogates).toBe(572 - 2 * 20 + 1);
    expect(new Set(missing)).toEqual(new Set([18, 28]));
    expect(p).toBeGreaterThan(0);
  });

  test("draws without a seed or a number are refused", () => {
    expect(() => circularShiftNull(adult, infant, size, { samplingRate, nSurrogates: 9 })).toThrow(
      OptionError,
    );
    expect(() => phaseRandomisedNull(adult, infant, size, { nSurrogates: 0, seed: 1 })).toThrow(OptionError);
  });
});
