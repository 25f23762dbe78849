import {
  type Coefficient,
  coefficient,
  completeRows,
  type DyadObservations,
  type ModelStatus,
  unknownCoefficients,
} from "./model-term.ts";
import { NormalEquations } from "./normal-equations.ts";

export interface WithinDyadModel {
  readonly status: ModelStatus;
  readonly coefficients: readonly Coefficient[];
  readonly nDyads: number;
  readonly nObservations: number;
}

/**
 * Fixed-dyad regression: every dyad has its own level, so that only what varies within dyads counts.
 *
 *     y_it - mean_i y = sum_k beta_k (x_kit - mean_i x_k) + e_it
 *     V = c (X'X)^-1 [sum_i X_i' e_i e_i' X_i] (X'X)^-1,   c = G/(G-1) (n-1)/(n-k)        (CR1)
 *
 * The standard errors are clustered by dyad: epochs of one dyad may depend on each other in any way. t tests have
 * G - 1 degrees of freedom. With fewer than about 30 dyads clustered errors are somewhat too small.
 *
 * Terms that do not vary within any dyad (a condition that a dyad is in throughout) cannot be estimated and make the
 * model collinear; their products with varying terms can.
 *
 * @throws ShapeError when columns differ in length
 * @see Liang & Zeger, Biometrika 73:13 (1986); Cameron & Miller, J Human Resources 50:317 (2015)
 */
export function withinDyadModel(observations: DyadObservations): WithinDyadModel {
  const { outcome, terms } = observations;
  const dyads = completeRows("withinDyadModel", observations);
  const names = terms.map(({ name }) => name);
  const k = terms.length;
  const nDyads = dyads.length;
  const nObservations = dyads.reduce((sum, { rows }) => sum + rows.length, 0);
  const failed = (status: ModelStatus): WithinDyadModel => ({
    status,
    coefficients: unknownCoefficients(names),
    nDyads,
    nObservations,
  });
  if (nDyads < 2 || nObservations <= nDyads + k || k === 0) return failed("insufficient-data");

  const centred = dyads.map(({ rows }) => ({
    x: terms.map(({ values }) => withoutMean(values, rows)),
    y: withoutMean(outcome, rows),
  }));
  const equations = new NormalEquations(k);
  const row = new Float64Array(k);
  for (const { x, y } of centred)
    for (let t = 0; t < y.length; t++) {
      for (let i = 0; i < k; i++) row[i] = x[i][t];
      equations.add(row, y[t]);
    }
  const solution = equations.solve();
  if (solution === undefined) return failed("collinear");
  const { estimates, inverse } = solution;

  const meat = new Float64Array(k * k);
  for (const { x, y } of centred) {
    const score = new Float64Array(k);
    for (let t = 0; t < y.length; t++) {
      let residual = y[t];
      for (let i = 0; i < k; i++) residual -= estimates[i] * x[i][t];
      for (let i = 0; i < k; i++) score[i] += x[i][t] * residual;
    }
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) meat[i * k + j] += score[i] * score[j];
  }
  const correction = (nDyads / (nDyads - 1)) * ((nObservations - 1) / (nObservations - k));
  const coefficients = names.map((name, i) => {
    let variance = 0;
    for (let p = 0; p < k; p++)
      for (let q = 0; q < k; q++) variance += inverse[i * k + p] * meat[p * k + q] * inverse[q * k + i];
    return coefficient(name, estimates[i], Math.sqrt(correction * variance), nDyads - 1);
  });
  return { status: "ok", coefficients, nDyads, nObservations };
}

/** Rows of a column minus their mean, relative to the first of them so that a constant column is 0 exactly. */
function withoutMean(values: ArrayLike<number>, rows: readonly number[]): Float64Array {
  const pivot = values[rows[0]];
  const out = Float64Array.from(rows, (i) => values[i] - pivot);
  let sum = 0;
  for (const value of out) sum += value;
  return out.map((value) => value - sum / out.length);
}
