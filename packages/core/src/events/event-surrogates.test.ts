import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterRandom, mulberry32 } from "../random/index.ts";
import { binomialInterval } from "../statistics/index.ts";
import { contingency } from "./contingency.ts";
import { rotateEvents, shuffleGaps } from "./event-surrogates.ts";
import { answered, bursts, pairsOf, stream, streamOfSteps } from "./example-streams.test-support.ts";
import { intersectIntervals, observedTime } from "./interval-algebra.ts";
import { type Intervals, requireIntervals, totalSeconds } from "./intervals.ts";
import { ObservedClock } from "./observed-clock.ts";
import { testEvents } from "./test-events.ts";

const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 5 })), {
  maxLength: 12,
});
const lengths = ({ onsets, offsets }: Intervals) =>
  [...onsets.map((onset, i) => offsets[i] - onset)].sort((a, b) => a - b).map((each) => each.toFixed(6));

describe("surrogates of events", () => {
  test("turning keeps all time, stays in observed time and comes back after a full circle", () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: -200, max: 200, noNaN: true }),
        (list, hole, length, shift) => {
          const events = streamOfSteps(list);
          const observed = observedTime(0, 60, stream([hole, hole + length]));
          const clock = new ObservedClock(observed);
          expect(clock.seconds).toBe(60 - length);
          const turned = rotateEvents(events, shift, clock);
          requireIntervals("test", turned);
          const seen = intersectIntervals(events, observed);
          expect(totalSeconds(turned)).toBeCloseTo(totalSeconds(seen), 8);
          expect(totalSeconds(intersectIntervals(turned, observed))).toBeCloseTo(totalSeconds(seen), 8);
          const back = intersectIntervals(rotateEvents(events, clock.seconds, clock), observed);
          expect(pairsOf(back)).toEqual(pairsOf(seen));
        },
      ),
    );
  });

  test("turned by any fraction, neighbours that touch stay in order", () => {
    const uniform = mulberry32(11);
    const clock = new ObservedClock(observedTime(0, 61.7, stream([20.3, 21.1], [40.7, 44.9])));
    for (let run = 0; run < 3000; run++) {
      const inner = Array.from({ length: 8 }, () => 61.7 * uniform()).sort((a, b) => a - b);
      const edges = [0, ...inner, 61.7];
      const touching = stream(...edges.slice(1).map((edge, i) => [edges[i], edge] as const));
      requireIntervals("test", rotateEvents(touching, 61.7 * uniform(), clock));
    }
  });

  test("points stay points, none is lost", () => {
    const points = stream([1, 1], [5, 5], [9.5, 9.5]);
    const clock = new ObservedClock(observedTime(0, 10));
    for (const shift of [0, 0.5, 3, 9, -2]) expect(rotateEvents(points, shift, clock).onsets).toHaveLength(3);
    expect(pairsOf(rotateEvents(points, 1, clock))).toEqual([
      [0.5, 0.5],
      [2, 2],
      [6, 6],
    ]);
  });

  test("an event that comes to lie across an unobserved span or the end is cut there", () => {
    const clock = new ObservedClock(observedTime(0, 20, stream([10, 15])));
    expect(pairsOf(rotateEvents(stream([2, 5]), 6, clock))).toEqual([
      [8, 10],
      [15, 16],
    ]);
    expect(pairsOf(rotateEvents(stream([2, 5]), 12, clock))).toEqual([
      [0, 2],
      [19, 20],
    ]);
    expect([clock.reading(12), clock.reading(17), clock.timeAt(10), clock.timeAt(12)]).toEqual([
      10, 12, 10, 17,
    ]);
  });

  test("shuffled gaps keep durations and gaps", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (list, seed) => {
        const events = streamOfSteps(list.filter(([, length]) => length > 0));
        const clock = new ObservedClock(observedTime(0, 60));
        const shuffled = shuffleGaps(events, counterRandom(seed), clock);
        requireIntervals("test", shuffled);
        expect(lengths(shuffled)).toEqual(lengths(events));
        const gaps = (each: Intervals) =>
          lengths({
            onsets: Float64Array.of(0, ...each.offsets),
            offsets: Float64Array.of(...each.onsets, 60),
          });
        expect(gaps(shuffled)).toEqual(gaps(events));
      }),
    );
  });

  test("one seed gives one answer, another key another draw", () => {
    const observed = observedTime(0, 300);
    const acts = bursts(300, mulberry32(1));
    const answers = bursts(300, mulberry32(2));
    const ask = (key: string) =>
      testEvents(answers, (each) => contingency(acts, each, { windowSeconds: 2, observed }).deltaP, {
        observed,
        null: "circular-shift",
        nSurrogates: 50,
        seed: 9,
        key,
      });
    expect(ask("a")).toEqual(ask("a"));
    expect(ask("a").surrogates).not.toEqual(ask("b").surrogates);
    expect(ask("a")).toMatchObject({ seed: 9, null: "circular-shift", status: "ok" });
  });

  test("a session without room for the shift gives no p", () => {
    const observed = observedTime(0, 39);
    const options = { observed, null: "circular-shift", seed: 1 } as const;
    expect(testEvents(stream([1, 2]), totalSeconds, options)).toMatchObject({
      status: "too-short",
      p: Number.NaN,
      value: 1,
    });
    expect(
      testEvents(stream([1, 2]), totalSeconds, { ...options, minimumShiftSeconds: 10, nSurrogates: 9 })
        .status,
    ).toBe("ok");
  });

  test.each(["circular-shift", "shuffled-gaps"] as const)(
    "%s: an answer is found, its absence rejected at the rate it says",
    (kind) => {
      const observed = observedTime(0, 300);
      const p = (acts: Intervals, answers: Intervals, seed: number, nSurrogates: number) =>
        testEvents(answers, (each) => contingency(acts, each, { windowSeconds: 2, observed }).deltaP, {
          observed,
          null: kind,
          nSurrogates,
          seed,
        }).p;
      let rejected = 0;
      const runs = 300;
      for (let run = 0; run < runs; run++)
        if (p(bursts(300, mulberry32(2 * run)), bursts(300, mulberry32(2 * run + 1)), run, 39) <= 0.05)
          rejected++;
      expect(rejected).toBeLessThanOrEqual(binomialInterval(runs, 0.07, 0.99).high);
      expect(rejected).toBeGreaterThanOrEqual(binomialInterval(runs, 0.03, 0.99).low);
      const acts = bursts(300, mulberry32(4));
      const thinned = stream(
        ...pairsOf(acts)
          .filter((_, i) => i % 3 === 0)
          .map(([a, b]) => [a, b] as const),
      );
      expect(p(thinned, answered(thinned, 0.9, 1), 1, 199)).toBe(1 / 200);
    },
  );
});
