import * as fc from "fast-check";
import { expect, test } from "vitest";
import { OptionError, ShapeError } from "../errors.ts";
import { Decimator } from "./decimator.ts";

test("every third sample from the first one on, however the input is cut", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(fc.nat(9), { maxLength: 20 }), (factor, lengths) => {
      const decimator = new Decimator(factor, 2);
      const kept: number[][] = [[], []];
      let start = 0;
      for (const length of lengths) {
        const data = Float64Array.from({ length: 2 * length }, (_, i) =>
          i < length ? start + i : -(start + i - length),
        );
        const chunk = decimator.push(data, length);
        kept[0].push(...chunk.data.subarray(0, chunk.nSamples));
        kept[1].push(...chunk.data.subarray(chunk.nSamples));
        start += length;
      }
      const expected = Array.from({ length: Math.ceil(start / factor) }, (_, k) => k * factor);
      expect(kept[0]).toEqual(expected);
      expect(kept[1].map((x) => 0 - x)).toEqual(expected);
    }),
  );
});

test("reset begins to count anew, wrong shapes and factors are errors", () => {
  const decimator = new Decimator(3, 1);
  decimator.push(Float64Array.of(1, 2), 2);
  decimator.reset();
  expect(decimator.push(Float64Array.of(5), 1).data).toEqual(Float64Array.of(5));
  expect(() => decimator.push(Float64Array.of(5), 2)).toThrow(ShapeError);
  expect(() => new Decimator(1.5, 1)).toThrow(OptionError);
});
