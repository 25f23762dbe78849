import { boxMuller, circularShift, irwinHall, mulberry32 } from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

describeWithShared("seeded generators agree with the reference", () => {
  const reference = readSharedJson("golden", "coupling", "prng.json") as Record<
    "mulberry32" | "irwinhall" | "boxmuller",
    Record<string, number[]>
  >;
  const draw = (n: number, generator: () => number) => Array.from({ length: n }, generator);

  test("mulberry32, to the bit, seeds beyond 31 bits included", () => {
    for (const [seed, expected] of Object.entries(reference.mulberry32))
      expect(draw(expected.length, mulberry32(Number(seed)))).toEqual(expected);
  });

  test("Irwin-Hall, to the bit", () => {
    for (const [seed, expected] of Object.entries(reference.irwinhall))
      expect(draw(expected.length, irwinHall(mulberry32(Number(seed))))).toEqual(expected);
  });

  test("Box-Muller, to 1e-15 of a unit normal number", () => {
    for (const [seed, expected] of Object.entries(reference.boxmuller)) {
      const got = draw(expected.length, boxMuller(mulberry32(Number(seed))));
      for (let i = 0; i < expected.length; i++)
        expect(Math.abs((got[i] as number) - (expected[i] as number))).toBeLessThan(4e-15);
    }
  });

  test("circularShift follows y[t] = x[(t - shift) mod N]", () => {
    const x = Float64Array.from({ length: 7 }, (_, t) => t);
    const y = new Float64Array(7);
    for (const shift of [-9, -1, 0, 3, 7, 12]) {
      circularShift(x, shift, y);
      for (let t = 0; t < 7; t++) expect(y[t]).toBe((((t - shift) % 7) + 7) % 7);
    }
  });
});
