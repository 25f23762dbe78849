import { describe, expect, test } from "vitest";
import { mulberry32, normal } from "../random/index.ts";
import {
  benjaminiHochberg,
  binomialInterval,
  blockBootstrap,
  clopperPearson,
  jackknife,
  kolmogorovSmirnovUniform,
  kolmogorovSurvival,
  mean,
  median,
  medianAbsoluteDeviation,
  pearsonCorrelation,
  permutationP,
  quantile,
  spearmanCorrelation,
  standardDeviation,
  variance,
} from "./index.ts";

describe("permutationP", () => {
  test("counts the observation itself and ties against it", () => {
    expect(permutationP(3, [1, 2, 3, 4])).toBe(3 / 5);
    expect(permutationP(9, [1, 2, 3, 4])).toBe(1 / 5);
    expect(permutationP(9, [])).toBe(1);
  });

  test("a surrogate that could not be computed counts against the observation", () => {
    expect(permutationP(9, [1, Number.NaN])).toBe(2 / 3);
    expect(permutationP(Number.NaN, [1, 2])).toBeNaN();
  });
});

describe("benjaminiHochberg", () => {
  test("agrees with scipy.stats.false_discovery_control", () => {
    const adjusted = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.5, 0.04]);
    const expected = [0.03, 0.048, 0.048, 0.03, 0.5, 0.048];
    for (let i = 0; i < expected.length; i++) expect(adjusted[i]).toBeCloseTo(expected[i], 14);
  });

  test("NaN stays NaN and does not count", () => {
    const adjusted = benjaminiHochberg([0.02, Number.NaN, 0.9]);
    expect([...adjusted]).toEqual([0.04, Number.NaN, 0.9]);
  });
});

describe("Kolmogorov-Smirnov", () => {
  test.each([
    [20, 0.2, 0.352720173623415],
    [20, 0.35, 0.01075496344438931],
    [100, 0.1, 0.2526927570063874],
    [50, 0.05, 0.9990238098461883],
    [5, 0.6, 0.03008],
  ])("the distribution for n = %d at D = %d is exact (scipy kstwo)", (n, d, expected) => {
    expect(Math.abs(kolmogorovSurvival(n, d) - expected)).toBeLessThan(1e-11);
  });

  test("the three ways of computing it meet", () => {
    expect(Math.abs(kolmogorovSurvival(1000, 0.04) - kolmogorovSurvival(1001, 0.04))).toBeLessThan(3e-4);
    const below = kolmogorovSurvival(100, Math.sqrt(3.9999 / 100));
    const above = kolmogorovSurvival(100, Math.sqrt(4.0001 / 100));
    expect(above / below).toBeGreaterThan(0.998);
    expect(above).toBeLessThan(below);
  });

  test("statistic and p agree with scipy.stats.kstest", () => {
    const result = kolmogorovSmirnovUniform([0.61, 0.02, 0.13, 0.4, 0.97, 0.41, 0.5, 0.55, 0.72, 0.11]);
    expect(result.statistic).toBeCloseTo(0.19, 14);
    expect(result.p).toBeCloseTo(0.7994599807966072, 11);
  });

  test("with `levels`, p-values of 19 surrogates are not blamed for their steps", () => {
    const levels = 20;
    const values = Array.from({ length: 400 }, (_, i) => (1 + (i % levels)) / levels);
    expect(kolmogorovSmirnovUniform(values, { levels }).statistic).toBeCloseTo(0, 14);
    expect(kolmogorovSmirnovUniform(values).statistic).toBeCloseTo(1 / levels, 14);
    const shifted = values.map((value) => Math.max(1 / levels, value - 0.1));
    expect(kolmogorovSmirnovUniform(shifted, { levels }).p).toBeLessThan(0.01);
  });

  test("its own p-values are uniform under the null", () => {
    const uniform = mulberry32(31);
    let rejected = 0;
    for (let run = 0; run < 500; run++)
      if (kolmogorovSmirnovUniform(Array.from({ length: 30 }, uniform)).p < 0.05) rejected++;
    const { low, high } = binomialInterval(500, 0.05, 0.999);
    expect(rejected).toBeGreaterThanOrEqual(low);
    expect(rejected).toBeLessThanOrEqual(high);
  });
});

describe("binomial intervals", () => {
  test.each([
    [200, 0.05, 0.95, 4, 16],
    [200, 0.05, 0.99, 3, 19],
    [1000, 0.05, 0.95, 37, 64],
    [40, 0.5, 0.9, 15, 25],
  ])("%d trials at %d, confidence %d", (n, p, confidence, low, high) => {
    expect(binomialInterval(n, p, confidence)).toEqual({ low, high });
  });

  test.each([
    [10, 200, 0.95, 0.024234165472108292, 0.09002753770155869],
    [0, 30, 0.95, 0, 0.11570330822202743],
    [30, 30, 0.95, 0.8842966917779725, 1],
    [7, 12, 0.99, 0.2085277568490049, 0.8966445227773822],
  ])("Clopper-Pearson of %d in %d", (successes, n, confidence, low, high) => {
    const interval = clopperPearson(successes, n, confidence);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });
});

describe("descriptive statistics agree with numpy and scipy", () => {
  const x = [3.1, -2, 5, 5, 0.25, 9, -2];
  const y = [1, 0, 4, 2.5, 1, 3, -1];

  test("moments, quantiles, spread", () => {
    expect(variance(x)).toBeCloseTo(16.76154761904762, 12);
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantile(x, p))).toEqual([
      -2, -2, -0.875, 3.1, 6.600000000000001, 9,
    ]);
    expect(median(x)).toBe(3.1);
    expect(medianAbsoluteDeviation(x)).toBeCloseTo(2.85, 14);
    expect(mean([])).toBeNaN();
    expect(median([1, Number.NaN])).toBeNaN();
  });

  test("variance is not harmed by a large offset", () => {
    expect(variance(x.map((value) => value + 1e8))).toBeCloseTo(16.76154761904762, 6);
  });

  test("correlations, ties averaged", () => {
    expect(spearmanCorrelation(x, y)).toBeCloseTo(0.9174698042719672, 14);
    expect(pearsonCorrelation(x, y)).toBeCloseTo(0.8653290215443585, 14);
    expect(pearsonCorrelation(x, [1, 1, 1, 1, 1, 1, 1])).toBeNaN();
  });
});

describe("resampling", () => {
  test("the jackknife of a mean is the standard error of the mean", () => {
    const x = [4, 8, 1, 6, 3, 9];
    const sum = x.reduce((a, b) => a + b);
    const { se, low, high, bias } = jackknife(
      x.map((value) => (sum - value) / (x.length - 1)),
      sum / x.length,
    );
    expect(se).toBeCloseTo(standardDeviation(x) / Math.sqrt(x.length), 13);
    expect(bias).toBeCloseTo(0, 12);
    expect(high - low).toBeCloseTo(2 * 2.570581835636314 * se, 10);
  });

  test("bootstrap intervals of a mean cover the truth about as often as they say", () => {
    let covered = 0;
    for (let run = 0; run < 300; run++) {
      const uniform = mulberry32(1000 + run);
      const gaussian = normal(uniform);
      const x = Array.from({ length: 40 }, gaussian);
      const { low, high } = blockBootstrap(40, (blocks) => mean(pick(x, blocks)), {
        nResamples: 200,
        uniform,
        confidence: 0.9,
      });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.83);
    expect(covered / 300).toBeLessThan(0.95);
  });

  test("resamples that give nothing are kept out of the interval and shown", () => {
    let call = 0;
    const { replicates, low, high } = blockBootstrap(3, () => (call++ % 2 === 0 ? Number.NaN : 1), {
      nResamples: 10,
      uniform: mulberry32(1),
    });
    expect(replicates.filter(Number.isNaN).length).toBe(5);
    expect([low, high]).toEqual([1, 1]);
  });
});

function pick(x: readonly number[], blocks: Int32Array): number[] {
  return Array.from(blocks, (block) => x[block]);
}
