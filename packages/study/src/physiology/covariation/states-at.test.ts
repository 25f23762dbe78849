import { intervals, observedTime } from "@attune/core";
import { expect, test } from "vitest";
import { statesAt } from "./split.ts";

const stream = (...pairs: readonly (readonly [number, number])[]) =>
  intervals(
    Float64Array.from(pairs, ([onset]) => onset),
    Float64Array.from(pairs, ([, offset]) => offset),
  );

test("a touch of a third of a second between two whole seconds is a touch", () => {
  const out = statesAt(stream([10.312, 10.639]), observedTime(0, 60), { start: 0, end: 60 }, 100);
  expect(out.reduce((sum, value) => sum + value, 0)).toBe(33);
  expect(out[1031]).toBe(1);
  expect(out[1064]).toBe(0);
});

test("what is not observed is unknown, unless the state is coded there", () => {
  const out = statesAt(stream([4, 6]), stream([0, 5]), { start: 0, end: 10 }, 10);
  expect(Array.from(out.subarray(38, 42))).toEqual([0, 0, 1, 1]);
  expect(out[59]).toBe(1);
  expect(out[60]).toBeNaN();
});
