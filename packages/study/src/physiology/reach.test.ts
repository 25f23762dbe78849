import { expect, test } from "vitest";
import { canReach, surrogatesNeeded } from "./reach.ts";

test("one of eleven tests cannot reach .05 with 199 surrogates, and can with 219", () => {
  const family = (nSurrogates: number) => Array.from({ length: 11 }, () => ({ p: 0.6, nSurrogates }));
  expect(canReach(family(199), 0.05)).toEqual(Array<boolean>(11).fill(false));
  expect(surrogatesNeeded(11, 0.05)).toBe(219);
  expect(canReach(family(219), 0.05)).toEqual(Array<boolean>(11).fill(true));
});

test("small p of the others make the level reachable; a test that was not made cannot reach it", () => {
  const small = { p: 0.01, nSurrogates: 99 };
  const family = [small, small, { p: 0.9, nSurrogates: 99 }, { p: Number.NaN, nSurrogates: 0 }];
  expect(canReach(family, 0.05)).toEqual([true, true, true, false]);
});
