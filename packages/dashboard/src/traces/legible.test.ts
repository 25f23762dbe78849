import fc from "fast-check";
import { expect, test } from "vitest";
import { legible } from "./legible.ts";

test("where there is room every name is shown, and where there is none every third", () => {
  const good = Array<boolean>(7).fill(false);
  expect([...legible(good, 1)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([...legible(good, 3)]).toEqual([0, 3, 6]);
});

test("an electrode that is poor keeps its name, and its neighbours give way", () => {
  expect([...legible([false, true, false, false, false], 2)].sort()).toEqual([1, 3]);
});

test("names never stand on one another", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 64 }), fc.integer({ min: 1, max: 6 }), (poor, stride) => {
      const shown = [...legible(poor, stride)].sort((a, b) => a - b);
      for (let i = 1; i < shown.length; i++) expect(shown[i]! - shown[i - 1]!).toBeGreaterThanOrEqual(stride);
      if (poor.includes(true)) expect(shown.some((n) => poor[n])).toBe(true);
    }),
  );
});
