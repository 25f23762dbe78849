import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cells, pairsOf, stream, streamOfSteps } from "./example-streams.test-support.ts";
import {
  bridgePauses,
  dropShort,
  intersectIntervals,
  observedTime,
  subtractIntervals,
  uniteIntervals,
} from "./interval-algebra.ts";
import { intervals, isWithin, requireIntervals, seenTimes, totalSeconds } from "./intervals.ts";
import { tidyIntervals } from "./tidy-intervals.ts";

const wholeStreams = () =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 })
    .map(streamOfSteps);

describe("intervals", () => {
  test("union, intersection and difference are those of the seconds that they cover", () => {
    fc.assert(
      fc.property(wholeStreams(), wholeStreams(), (a, b) => {
        const [inA, inB] = [cells(a), cells(b)];
        const is = (made: ReturnType<typeof uniteIntervals>, rule: (x: boolean, y: boolean) => boolean) => {
          requireIntervals("test", made);
          const wanted = inA.map((x, i) => rule(x, inB[i]));
          expect(cells(made)).toEqual(wanted);
          expect(totalSeconds(made)).toBe(wanted.filter(Boolean).length);
        };
        is(uniteIntervals(a, b), (x, y) => x || y);
        is(intersectIntervals(a, b), (x, y) => x && y);
        is(subtractIntervals(a, b), (x, y) => x && !y);
      }),
    );
  });

  test("observed time is the session without what anybody could not see", () => {
    expect(pairsOf(observedTime(0, 10, stream([2, 3], [8, 12]), stream([2.5, 4])))).toEqual([
      [0, 2],
      [4, 8],
    ]);
    expect(() => observedTime(5, 5)).toThrow(/start < end/);
  });

  test("pauses and glances of exactly the limit stay", () => {
    expect(pairsOf(bridgePauses(stream([0, 1], [1.1, 2], [2.05, 3]), 0.1))).toEqual([
      [0, 1],
      [1.1, 3],
    ]);
    expect(pairsOf(dropShort(stream([0, 0.1], [1, 1.05], [2, 3]), 0.1))).toEqual([
      [0, 0.1],
      [2, 3],
    ]);
  });

  test("an onset is inside, an offset is not; what is there at the edge of the view was not seen to begin", () => {
    const looks = stream([1, 2], [4, 6]);
    expect([0.9, 1, 1.9, 2, 4, 6].map((time) => isWithin(time, looks))).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
    expect([...seenTimes(Float64Array.of(0, 1, 3, 5, 9), observedTime(0, 9, stream([2, 3])))]).toEqual([
      1, 5,
    ]);
  });

  test("times out of order are refused with the place", () => {
    expect(() => intervals(Float64Array.of(1, 0), Float64Array.of(2, 3))).toThrow(/number 0.*tidyIntervals/);
    expect(() => intervals(Float64Array.of(1), Float64Array.of(0))).toThrow(/disjoint/);
    expect(() => intervals(Float64Array.of(1), Float64Array.of())).toThrow(/as many offsets/);
    expect(() => intervals(Float64Array.of(1), Float64Array.of(Number.NaN))).toThrow(/disjoint/);
  });
});

describe("tidying", () => {
  const tidy = (pairs: readonly (readonly [number, number])[], options = {}) =>
    tidyIntervals(
      pairs.map(([onset]) => onset),
      pairs.map(([, offset]) => offset),
      { start: 0, end: 100, ...options },
    );

  test("sorts, joins what overlaps or touches, and counts", () => {
    const { intervals: made, nJoined } = tidy([
      [50, 60],
      [10, 20],
      [15, 17],
      [20, 25],
      [58, 61],
    ]);
    expect(pairsOf(made)).toEqual([
      [10, 25],
      [50, 61],
    ]);
    expect(nJoined).toBe(3);
    expect(
      tidy(
        [
          [0, 1],
          [1.2, 2],
        ],
        { joinSeconds: 0.25 },
      ).nJoined,
    ).toBe(1);
  });

  test("what is open at the end ends with the session and says so; an open one before ends at the next onset", () => {
    const { intervals: made, ...found } = tidy([
      [90, Number.NaN],
      [10, Number.NaN],
      [30, 40],
    ]);
    expect(pairsOf(made)).toEqual([
      [10, 40],
      [90, 100],
    ]);
    expect(found).toMatchObject({ openAtEnd: true, openAtStart: false, nUnclosed: 1, nJoined: 1 });
    expect(tidy([[30, 40]]).openAtEnd).toBe(false);
    expect(tidy([[30, 100]]).openAtEnd).toBe(false);
    expect(tidy([[30, 101]]).openAtEnd).toBe(true);
  });

  test("points are events without time; impossible and foreign ones are counted and left out", () => {
    const pairs: [number, number][] = [
      [5, 5],
      [10, 9],
      [Number.NaN, 3],
      [-3, -1],
      [-2, 1],
      [100, 104],
      [8, 12],
      [9, 9],
    ];
    const { intervals: made, ...found } = tidy(pairs);
    expect(pairsOf(made)).toEqual([
      [0, 1],
      [5, 5],
      [8, 12],
    ]);
    expect(found).toEqual({
      openAtEnd: false,
      openAtStart: true,
      nJoined: 1,
      nZeroLength: 2,
      nOutside: 2,
      nInvalid: 2,
      nUnclosed: 0,
    });
    expect(pairsOf(tidy(pairs, { zeroLength: "drop" }).intervals)).toEqual([
      [0, 1],
      [8, 12],
    ]);
  });

  test("whatever comes in, disjoint intervals inside the session come out, and in any order the same", () => {
    const time = fc.oneof(fc.integer({ min: -5, max: 30 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time), { maxLength: 20 }), fc.nat(), (pairs, seed) => {
        const made = tidyIntervals(
          pairs.map(([onset]) => onset),
          pairs.map(([, offset]) => offset),
          { start: 0, end: 20 },
        );
        requireIntervals("test", made.intervals);
        for (const edge of [...made.intervals.onsets, ...made.intervals.offsets])
          expect(edge >= 0 && edge <= 20).toBe(true);
        const closed = pairs.filter(([, offset]) => !Number.isNaN(offset));
        const turned = closed.map((_, i) => closed[(i + seed) % closed.length]);
        expect(tidy(turned, { end: 20 })).toEqual(tidy(closed, { end: 20 }));
      }),
    );
  });
});
