import { describe, expect, test } from "vitest";
import { counterRandom } from "../random/index.ts";
import { PairTable } from "./pair-table.ts";

/** Numbers whose sum depends on rounding, so that another order of work would show. */
function compute(out: Float64Array, a: number, b: number): void {
  const draw = counterRandom("pair", a, b);
  for (let i = 0; i < out.length; i++) out[i] = draw() / 3;
}

describe("PairTable", () => {
  test("remembered and computed again are the same to the bit", () => {
    const [n, size] = [4, 50];
    const table = new PairTable(n, size, compute);
    const again = new Float64Array(size);
    const direct = new Float64Array(size);
    const remembered = new Float64Array(size);
    for (let round = 0; round < 3; round++)
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++) {
          table.addTo(remembered, a, b);
          compute(again, a, b);
          for (let i = 0; i < size; i++) direct[i] += again[i];
        }
    expect(remembered).toEqual(direct);
  });

  test("each pair is computed once, when it is first asked for", () => {
    const asked: string[] = [];
    const table = new PairTable(3, 2, (out, a, b) => {
      asked.push(`${a}-${b}`);
      out.fill(1);
    });
    const sum = new Float64Array(2);
    for (let round = 0; round < 4; round++) {
      table.addTo(sum, 0, 2);
      table.addTo(sum, 2, 0);
    }
    expect(asked).toEqual(["0-2", "2-0"]);
    expect([...sum]).toEqual([8, 8]);
  });

  test("a table too large to remember gives the same numbers by computing them again", () => {
    const size = 3;
    const nTooMany = 2700;
    let nComputed = 0;
    const table = new PairTable(nTooMany, size, (out, a, b) => {
      nComputed++;
      compute(out, a, b);
    });
    const small = new PairTable(2, size, compute);
    const [sum, expected] = [new Float64Array(size), new Float64Array(size)];
    for (let round = 0; round < 2; round++) {
      table.addTo(sum, 0, 1);
      small.addTo(expected, 0, 1);
    }
    expect(sum).toEqual(expected);
    expect(nComputed).toBe(2);
  });
});
