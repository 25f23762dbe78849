import { expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { resamplePoly } from "./resample-poly.ts";

test("a slow sinusoid keeps its values at the new times", () => {
  const x = Float64Array.from({ length: 640 }, (_, n) => Math.sin((2 * Math.PI * 7 * n) / 256));
  const y = resamplePoly(x, 25, 32);
  expect(y.length).toBe(500);
  for (let m = 20; m < 480; m++)
    expect(Math.abs(y[m] - Math.sin((2 * Math.PI * 7 * m) / 200))).toBeLessThan(2e-3);
});

test("equal rates copy, an empty input stays empty", () => {
  const x = Float64Array.of(1, 2, 3);
  const y = resamplePoly(x, 4, 4);
  expect(y).toEqual(x);
  expect(y).not.toBe(x);
  expect(resamplePoly(new Float64Array(0), 2, 1).length).toBe(0);
});

test("a rate that is no positive integer is an error", () => {
  expect(() => resamplePoly(new Float64Array(3), 0, 1)).toThrow(OptionError);
  expect(() => resamplePoly(new Float64Array(3), 2, 1.5)).toThrow(OptionError);
});
