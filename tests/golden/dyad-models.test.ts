import {
  type Coefficient,
  covariationMixedModel,
  covariationModel,
  leastSquaresModel,
  stabilityInfluence,
} from "@attune/core";
import { expect, test } from "vitest";
import { describeWithShared, readSharedJson } from "../support/shared.ts";

interface Fit {
  terms: string[];
  b: number[];
  se: number[];
}
interface Models {
  rows: [dyad: number, condition: number, epoch: number, adult: number, infant: number][];
  within: Fit;
  stabilityInfluence: Fit;
  olsDyad2: Fit;
  randomInterceptREML: Fit & { varResid: number; varIntercept: number; remlLogLik: number };
}

function agree(
  actual: readonly number[],
  expected: readonly number[],
  relative: number,
  absolute = 1e-9,
): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(actual[i]! - value);
    if (!(error <= Math.max(absolute, relative * Math.abs(value))))
      expect.fail(`value ${i}: ${actual[i]} instead of ${value}`);
  });
}
const estimates = (fit: readonly Coefficient[]) => fit.map(({ estimate }) => estimate);
const errors = (fit: readonly Coefficient[]) => fit.map(({ standardError }) => standardError);

describeWithShared("Models of dyads, against numpy and statsmodels", () => {
  const golden = (readSharedJson("golden", "physiology", "physio_golden.json") as { models: Models }).models;
  const column = (c: number) => golden.rows.map((row) => row[c]!);
  const data = {
    dyad: column(0),
    condition: column(1).map((code) => ["control", "positive", "negative"][code]!),
    epoch: column(2),
    adult: column(3),
    infant: column(4),
  };

  test("covariation with a fixed level per dyad and clustered errors", () => {
    const { status, coefficients, nDyads } = covariationModel(data, { referenceCondition: "control" });
    expect(status).toBe("ok");
    expect(nDyads).toBe(36);
    expect(coefficients.map(({ name }) => name)).toEqual([
      "adult",
      "adult x positive",
      "adult x negative",
      "epoch",
    ]);
    agree(estimates(coefficients), golden.within.b, 1e-8);
    agree(errors(coefficients), golden.within.se, 1e-8);
  });

  test("stability and influence, infant's path", () => {
    const { infant, adult, dyads, epochsPerDyad, tooFewEpochs } = stabilityInfluence(data);
    expect(infant.coefficients.map(({ name }) => name)).toEqual(["infant(t-1)", "adult(t-1)"]);
    agree(estimates(infant.coefficients), golden.stabilityInfluence.b, 1e-8);
    agree(errors(infant.coefficients), golden.stabilityInfluence.se, 1e-8);
    expect(adult.coefficients.map(({ name }) => name)).toEqual(["adult(t-1)", "infant(t-1)"]);
    expect(dyads).toHaveLength(36);
    expect(epochsPerDyad).toBe(12);
    expect(tooFewEpochs).toBe(false);
  });

  test("one dyad by ordinary least squares", () => {
    const rows = golden.rows.filter((row) => row[0] === 2);
    const { coefficients } = leastSquaresModel(
      rows.map((row) => row[4]),
      [
        { name: "adult", values: rows.map((row) => row[3]) },
        { name: "epoch", values: rows.map((row) => row[2]) },
      ],
    );
    agree(estimates(coefficients), golden.olsDyad2.b, 1e-8);
    agree(errors(coefficients), golden.olsDyad2.se, 1e-8);
  });

  test("random intercepts by restricted maximum likelihood", () => {
    const model = covariationMixedModel(data, { referenceCondition: "control" });
    const { b, se, varResid, varIntercept, remlLogLik } = golden.randomInterceptREML;
    expect(model.coefficients.map(({ name }) => name)).toEqual([
      "intercept",
      "adult",
      "positive",
      "negative",
      "adult x positive",
      "adult x negative",
      "epoch",
    ]);
    agree(estimates(model.coefficients), b, 1e-4);
    agree(errors(model.coefficients), se, 1e-4);
    agree([model.residualVariance, model.interceptVariance], [varResid, varIntercept], 1e-4);
    agree([model.restrictedLogLikelihood], [remlLogLik], 1e-8);
  });
});
