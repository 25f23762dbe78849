import { expect, test } from "vitest";
import { shiftedClock } from "./shifted-clock.ts";

test("a shifted clock is ahead by its offset and gains its drift with every second of ours", () => {
  expect(shiftedClock(0, 12.5, 40)).toBe(12.5);
  const gained = shiftedClock(2_000_000, 12.5, 40) - shiftedClock(1_000_000, 12.5, 40) - 1_000_000;
  expect(gained).toBeCloseTo(40, 6);
  expect(shiftedClock(1000, -5, 0)).toBe(995);
});
