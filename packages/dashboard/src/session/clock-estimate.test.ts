import fc from "fast-check";
import { expect, test } from "vitest";
import { ClockEstimate } from "./clock-estimate.ts";
import { ReplayClock } from "./replay-clock.ts";

test("the answer that travelled least tells the clock, to half of its round trip", () => {
  const clock = new ClockEstimate();
  expect(clock.offset).toBeUndefined();
  clock.add(10, 110.09, 10.1);
  clock.add(11, 111.0005, 11.001);
  clock.add(12, 112.3, 12.4);
  expect(clock.offset).toBeCloseTo(100, 6);
  expect(clock.uncertainty).toBeCloseTo(0.0005, 9);
});

test("whatever the ways there and back, the error stays within what it says", () => {
  const way = fc.double({ min: 0.0001, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 20 }), (ways) => {
      const clock = new ClockEstimate();
      for (const [i, [there, back]] of ways.entries())
        clock.add(3 * i, 3 * i + there + 500, 3 * i + there + back);
      expect(Math.abs(clock.offset! - 500)).toBeLessThanOrEqual(clock.uncertainty! + 1e-9);
    }),
  );
});

test("a clock that drifts is followed: an answer older than a minute counts no more", () => {
  const clock = new ClockEstimate();
  clock.add(0, 100, 0.0001);
  clock.add(61, 161.02, 61.02);
  expect(clock.offset).toBeCloseTo(100.01, 6);
  clock.forget();
  expect(clock.offset).toBeUndefined();
});

const replay = (change: object) => ({
  position: 0,
  from: 0,
  to: 100,
  speed: 1,
  isPlaying: true,
  isAnalysed: true,
  ...change,
});

test("the position of a replay goes on between two messages at its speed, and a seek is taken over at once", () => {
  const clock = new ReplayClock();
  clock.take(replay({ position: 10, speed: 2 }), 0);
  expect(clock.at(0.5)).toBeCloseTo(11, 9);
  clock.take(replay({ position: 12.1, speed: 2 }), 1);
  expect(clock.at(1)).toBeGreaterThanOrEqual(12);
  expect(clock.at(1)).toBeLessThanOrEqual(12.1);
  clock.take(replay({ position: 80, speed: 2 }), 2);
  expect(clock.at(2)).toBe(80);
  clock.take(replay({ position: 80.5, speed: 2, isPlaying: false }), 3);
  expect(clock.at(9)).toBe(80.5);
});

test("a replay stands still at its end", () => {
  const clock = new ReplayClock();
  clock.take(replay({ position: 99 }), 0);
  expect(clock.at(30)).toBe(100);
});
