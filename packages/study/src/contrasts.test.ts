import { describe, expect, test } from "vitest";
import { contrastConditions } from "./contrasts.ts";
import { Estimator } from "./estimator.ts";
import { conditionOf, dyadWindows, quickSettings, ROWS } from "./example-windows.test-support.ts";
import { condition as exampleCondition } from "./report/example-condition.ts";
import type { ConditionResult, ContrastResult } from "./result.ts";

const settings = quickSettings({ nSurrogates: 99 });
const estimator = new Estimator(settings, ROWS);

type Recorded = readonly (readonly [condition: string, strength: number])[];

/** Two conditions of twelve episodes each, and a result with the corrected values that the contrast shows. */
function contrasts(recorded: Recorded, seed: number): ContrastResult[] {
  const data = recorded.map(([condition, strength], i) =>
    conditionOf(condition, dyadWindows({ seed: 10 * seed + i, nWindows: 60, strength })),
  );
  const results = data.map(({ condition, set }): ConditionResult => {
    const means = estimator.means(estimator.ofWindows(set.windows));
    const example = exampleCondition(condition, {}, 1);
    return {
      ...example,
      directions: estimator.directions.flatMap(({ from, to }, d) =>
        settings.bands.map(({ name: band }, b) => ({
          ...example.directions[0]!,
          from,
          to,
          band,
          corrected: means[d * settings.bands.length + b]!,
        })),
      ),
    };
  });
  return contrastConditions(estimator, data, results);
}

const alphaOf = (rows: readonly ContrastResult[], from = "adult") =>
  rows.find((row) => row.from === from && row.band === "alpha")!;

describe("contrasts between conditions", () => {
  test("a planted difference is found, in its direction, and nowhere else", () => {
    const rows = contrasts(
      [
        ["direct", 0.1],
        ["averted", 0],
      ],
      1,
    );
    expect(alphaOf(rows)).toMatchObject({ conditionA: "direct", conditionB: "averted", p: 0.01 });
    expect(alphaOf(rows).difference).toBeGreaterThan(0);
    expect(alphaOf(rows).z).toBeGreaterThan(3);
    expect(alphaOf(rows, "infant").p).toBeGreaterThan(0.05);
  });

  test("the same data under swapped labels give the same difference with the other sign", () => {
    const one = contrasts(
      [
        ["direct", 0.1],
        ["averted", 0],
      ],
      2,
    );
    // The same two recordings, now the other way round.
    const other = contrasts(
      [
        ["averted", 0.1],
        ["direct", 0],
      ],
      2,
    );
    one.forEach((row, i) => {
      expect(row.difference).toBeCloseTo(-other[i]!.difference, 12);
    });
    expect(Math.sign(alphaOf(one).z)).toBe(-Math.sign(alphaOf(other).z));
    expect(alphaOf(other).p).toBe(0.01);
  });

  test("direct comes first, other conditions in the order of the results", () => {
    const rows = contrasts(
      [
        ["averted", 0],
        ["direct", 0],
        ["oblique", 0],
      ],
      3,
    );
    const pairs = [...new Set(rows.map(({ conditionA, conditionB }) => `${conditionA} - ${conditionB}`))];
    expect(pairs).toEqual(["direct - averted", "averted - oblique", "direct - oblique"]);
  });

  test("without a difference p-values are spread out", () => {
    const values = Array.from({ length: 30 }, (_, seed) =>
      contrasts(
        [
          ["direct", 0.05],
          ["averted", 0.05],
        ],
        100 + seed,
      ),
    ).map((rows) => alphaOf(rows).p);
    // Of 30 at 5 %: more than 5 in 0.3 % of runs; the median of 30 uniform numbers lies in .25-.75 in 99.6 %.
    expect(values.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(5);
    const median = values.sort((a, b) => a - b)[15]!;
    expect(median).toBeGreaterThan(0.25);
    expect(median).toBeLessThan(0.75);
  });

  test("no permutation fits a model, so every estimator gets as many as were asked for", () => {
    const slow = {
      ...settings,
      nSurrogates: 1000,
      model: { ...settings.model, estimator: "nuttall-strand" },
    } as const;
    const slowEstimator = new Estimator(slow, ROWS);
    const data = ["direct", "averted"].map((condition, i) =>
      conditionOf(condition, dyadWindows({ seed: i, nWindows: 12, nSamples: 60 }), { windowsPerEpisode: 2 }),
    );
    const results = data.map(({ condition }) => exampleCondition(condition, {}, 1));
    expect(contrastConditions(slowEstimator, data, results)[0]!.nPermutations).toBe(1000);
  });

  test("conditions that are not reported are not compared", () => {
    const data = [conditionOf("direct", dyadWindows({ seed: 1, nWindows: 30 })), conditionOf("averted", [])];
    const results = data.map(({ condition, set }) => ({
      ...exampleCondition(condition, {}, 1),
      reported: set.nWindows > 0,
    }));
    expect(contrastConditions(estimator, data, results)).toEqual([]);
  });
});
