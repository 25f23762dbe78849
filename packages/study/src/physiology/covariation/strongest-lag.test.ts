import { expect, test } from "vitest";
import { strongestLag } from "./measures.ts";

test("hearts that move against each other have their lag where the correlation is most negative", () => {
  const lags = [-2, -1, 0, 1, 2];
  expect(strongestLag({ lags, values: Float64Array.of(-0.1, -0.6, Number.NaN, 0.2, 0.05) })).toEqual({
    lag: -1,
    correlation: -0.6,
  });
  expect(strongestLag({ lags, values: new Float64Array(5).fill(Number.NaN) })).toEqual({
    lag: Number.NaN,
    correlation: Number.NaN,
  });
});
