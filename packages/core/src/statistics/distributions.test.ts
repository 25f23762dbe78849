import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  betaQuantile,
  binomialCdf,
  chiSquareQuantile,
  chiSquareSurvival,
  fSurvival,
  normalCdf,
  normalQuantile,
  regularizedBeta,
  studentTQuantile,
  studentTSurvival,
} from "./index.ts";

/** Reference values: scipy 1.17.1. */
function expectRelative(got: number, expected: number, tolerance = 1e-11): void {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

describe("chi-square", () => {
  test.each([
    [0.5, 1, 0.47950012218695337],
    [3.84, 1, 0.05004352124870519],
    [30, 10, 0.000856641210775301],
    [120, 100, 0.08440668109369177],
    [5000, 4800, 0.02167398920030608],
    [200, 10, 1.6139305336977317e-37],
    [0.001, 0.5, 0.8350402492315872],
  ])("P(X > %d) with %d degrees of freedom", (x, df, expected) => {
    expectRelative(chiSquareSurvival(x, df), expected);
  });

  test.each([
    [1e-6, 1, 1.5707963267957187e-12],
    [0.05, 3, 0.35184631774927144],
    [0.5, 2.5, 1.8738477677808791],
    [0.95, 80, 101.87947396543588],
    [0.999, 5000, 5314.731358301196],
  ])("quantile %d with %d degrees of freedom", (p, df, expected) => {
    expectRelative(chiSquareQuantile(p, df), expected);
  });

  test("quantile and survival undo each other", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        fc.double({ min: 0.3, max: 3000, noNaN: true }),
        (p, df) => {
          const x = chiSquareQuantile(p, df);
          expect(Math.abs(chiSquareSurvival(x, df) - (1 - p))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  test("impossible degrees of freedom are refused", () => {
    expect(() => chiSquareSurvival(1, 0)).toThrow("df > 0");
    expect(() => chiSquareQuantile(1.2, 3)).toThrow("[0, 1]");
  });
});

describe("normal", () => {
  test.each([
    [-10, 7.61985302416047e-24],
    [-1.96, 0.024997895148220435],
    [-0.3, 0.3820885778110474],
    [0.7, 0.758036347776927],
    [3, 0.9986501019683699],
  ])("P(Z <= %d)", (x, expected) => {
    expectRelative(normalCdf(x), expected);
  });

  test.each([
    [1e-20, -9.262340089798409],
    [0.025, -1.9599639845400545],
    [0.4, -0.2533471031357997],
    [0.6, 0.2533471031357997],
    [0.99999, 4.264890793923841],
  ])("quantile %d", (p, expected) => {
    expectRelative(normalQuantile(p), expected);
  });
});

describe("Student t and F", () => {
  test.each([
    [2, 5, 0.050969739414929174],
    [-1, 3, 0.8044988905221148],
    [12, 30, 2.7900927075996303e-13],
    [3.3, 1.5, 0.05867382176116108],
  ])("P(T > %d) with %d degrees of freedom", (t, df, expected) => {
    expectRelative(studentTSurvival(t, df), expected);
  });

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 12, 2.1788128296672284],
    [0.01, 4, -3.746947387979197],
  ])("quantile %d with %d degrees of freedom", (p, df, expected) => {
    expectRelative(studentTQuantile(p, df), expected);
  });

  test.each([
    [3, 2, 30, 0.06490547151887446],
    [0.5, 5, 5, 0.7674886808696212],
    [9, 1, 16, 0.008479499419647998],
  ])("P(F > %d) with %d and %d degrees of freedom", (x, a, b, expected) => {
    expectRelative(fSurvival(x, a, b), expected);
  });

  test("the square of t is F with one numerator degree of freedom", () => {
    expectRelative(fSurvival(2.3 ** 2, 1, 17), 2 * studentTSurvival(2.3, 17));
  });
});

test("the beta distribution and its quantile undo each other", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
      (p, a, b) => {
        expect(Math.abs(regularizedBeta(betaQuantile(p, a, b), a, b) - p)).toBeLessThan(1e-11);
      },
    ),
  );
});

test("the binomial distribution equals the sum of its terms", () => {
  const n = 12;
  const p = 0.3;
  let sum = 0;
  let term = (1 - p) ** n;
  for (let k = 0; k < n; k++) {
    sum += term;
    expectRelative(binomialCdf(k, n, p), sum);
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
});
