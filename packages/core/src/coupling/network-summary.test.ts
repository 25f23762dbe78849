import { describe, expect, test } from "vitest";
import { networkSummary } from "./network-summary.ts";

// Adult 0, 1; infant 2, 3. Row is the sink.
const matrix = Float64Array.of(
  ...[0.9, 0.2, 0.05, 0.0],
  ...[0.3, 0.9, 0.0, 0.0],
  ...[0.1, 0.04, 0.9, 0.2],
  ...[0.0, 0.2, 0.4, 0.9],
);
const people = [
  [0, 1],
  [2, 3],
];

describe("networkSummary", () => {
  test("counts and adds the links between people above the threshold", () => {
    const { density, strength } = networkSummary(matrix, { people, threshold: 0.045 });
    expect(density).toBe(3 / 8);
    expect(strength).toBeCloseTo(0.05 + 0.1 + 0.2, 15);
  });

  test("divisibility is the modularity of the division into people, pair by pair", () => {
    const w = matrix.map((value, q) => (q % 5 === 0 ? 0 : value));
    let total = 0;
    for (const value of w) total += value;
    const into = (i: number) => w.slice(i * 4, i * 4 + 4).reduce((a, b) => a + b, 0);
    const outOf = (j: number) => [0, 1, 2, 3].reduce((sum, i) => sum + w[i * 4 + j], 0);
    let expected = 0;
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++)
        if (i < 2 === j < 2) expected += (w[i * 4 + j] - (into(i) * outOf(j)) / total) / total;
    expect(networkSummary(matrix, { people, threshold: 0 }).divisibility).toBeCloseTo(expected, 14);
  });

  test("two heads of equal weight without a link between them: density 0, divisibility one half", () => {
    const apart = Float64Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0);
    expect(networkSummary(apart, { people, threshold: 0.5 })).toEqual({
      strength: 0,
      density: 0,
      divisibility: 0.5,
    });
  });

  test("only links between heads: negative; no link at all: NaN", () => {
    const between = Float64Array.from(matrix, (_, q) => (Math.floor(q / 4) < 2 === q % 4 < 2 ? 0 : 1));
    expect(networkSummary(between, { people, threshold: 0.5 }).divisibility).toBeCloseTo(-0.5, 14);
    expect(networkSummary(matrix, { people, threshold: 1 }).divisibility).toBeNaN();
  });

  test("a threshold for each link, and channels of nobody", () => {
    const threshold = matrix.map((value, q) => (q === 2 * 4 + 0 ? value - 0.01 : value + 0.01));
    expect(networkSummary(matrix, { people: [[0], [2]], threshold })).toMatchObject({
      strength: 0.1,
      density: 0.5,
    });
    expect(() => networkSummary(matrix, { people, threshold: threshold.subarray(1) })).toThrow(/16 numbers/);
    expect(() => networkSummary(matrix, { people: [[0]], threshold: 0 })).toThrow(/at least two/);
  });
});
