import {
  type Coefficient,
  coefficient,
  completeRows,
  type ModelStatus,
  type ModelTerm,
  unknownCoefficients,
} from "./model-term.ts";
import { NormalEquations } from "./normal-equations.ts";

export interface LeastSquaresModel {
  readonly status: ModelStatus;
  /** The first is the intercept, then the terms in order. */
  readonly coefficients: readonly Coefficient[];
  readonly residualVariance: number;
  readonly nObservations: number;
}

/**
 * Ordinary least squares with an intercept, for the epochs of one dyad. The standard errors take epochs as
 * independent given the terms; read them as a description of the dyad, not as a test.
 *
 * @param outcome `[nObservations]`; rows with NaN are left out
 * @throws ShapeError when columns differ in length
 */
export function leastSquaresModel(
  outcome: ArrayLike<number>,
  terms: readonly ModelTerm[],
): LeastSquaresModel {
  const dyad = new Uint8Array(outcome.length);
  const rows = completeRows("leastSquaresModel", { dyad, outcome, terms })[0]?.rows ?? [];
  const names = ["intercept", ...terms.map(({ name }) => name)];
  const p = names.length;
  const failed = (status: ModelStatus): LeastSquaresModel => ({
    status,
    coefficients: unknownCoefficients(names),
    residualVariance: Number.NaN,
    nObservations: rows.length,
  });
  if (rows.length <= p) return failed("insufficient-data");
  const equations = new NormalEquations(p);
  const rowOf = (i: number): number[] => [1, ...terms.map(({ values }) => values[i])];
  for (const i of rows) equations.add(rowOf(i), outcome[i]);
  const solution = equations.solve();
  if (solution === undefined) return failed("collinear");
  const { estimates, inverse } = solution;
  let squares = 0;
  for (const i of rows) {
    const fitted = rowOf(i).reduce((sum, value, c) => sum + value * estimates[c], 0);
    squares += (outcome[i] - fitted) ** 2;
  }
  const residualVariance = squares / (rows.length - p);
  return {
    status: "ok",
    coefficients: names.map((name, c) =>
      coefficient(name, estimates[c], Math.sqrt(inverse[c * p + c] * residualVariance), rows.length - p),
    ),
    residualVariance,
    nObservations: rows.length,
  };
}
