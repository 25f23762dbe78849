import { ShapeError } from "../errors.ts";
import { studentTQuantile, studentTSurvival } from "../statistics/index.ts";

/** A column of a model: one value per observation. */
export interface ModelTerm {
  readonly name: string;
  /** `[nObservations]`; a row with NaN in any column is left out. */
  readonly values: ArrayLike<number>;
}

/** Observations of several dyads: one row is one epoch of one dyad. */
export interface DyadObservations {
  /** `[nObservations]`, which dyad each row belongs to. */
  readonly dyad: ArrayLike<number | string>;
  /** `[nObservations]`, NaN where missing. */
  readonly outcome: ArrayLike<number>;
  readonly terms: readonly ModelTerm[];
}

/** An estimated coefficient and how sure it is. */
export interface Coefficient {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number;
  readonly degreesOfFreedom: number;
  /** Two-sided, of no effect. */
  readonly p: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** `"collinear"`: a term is constant where it must vary, or follows from the others; the estimates are NaN. */
export type ModelStatus = "ok" | "insufficient-data" | "collinear";

/** One dyad's rows, complete in every column. */
export interface DyadRows {
  readonly dyad: number | string;
  /** Row numbers. */
  readonly rows: readonly number[];
}

/**
 * Complete rows by dyad, dyads in the order in which they occur.
 *
 * @throws ShapeError when columns differ in length
 */
export function completeRows(model: string, { dyad, outcome, terms }: DyadObservations): DyadRows[] {
  const n = outcome.length;
  if (dyad.length !== n) throw new ShapeError(model, `a dyad for each of ${n} rows`, `${dyad.length}`);
  for (const { name, values } of terms)
    if (values.length !== n) throw new ShapeError(model, `${n} values of ${name}`, `${values.length}`);
  const byDyad = new Map<number | string, number[]>();
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(outcome[i]) || terms.some(({ values }) => Number.isNaN(values[i]))) continue;
    const rows = byDyad.get(dyad[i]);
    if (rows === undefined) byDyad.set(dyad[i], [i]);
    else rows.push(i);
  }
  return Array.from(byDyad, ([id, rows]) => ({ dyad: id, rows }));
}

/** A coefficient with its t test; all NaN without degrees of freedom. */
export function coefficient(name: string, estimate: number, standardError: number, df: number): Coefficient {
  const t = estimate / standardError;
  const isKnown = df >= 1 && Number.isFinite(t);
  const reach = isKnown ? studentTQuantile(0.975, df) * standardError : Number.NaN;
  return {
    name,
    estimate,
    standardError,
    t,
    degreesOfFreedom: df,
    p: isKnown ? Math.min(1, 2 * studentTSurvival(Math.abs(t), df)) : Number.NaN,
    low: estimate - reach,
    high: estimate + reach,
  };
}

/** Terms of a model that could not be fitted. */
export function unknownCoefficients(names: readonly string[]): Coefficient[] {
  return names.map((name) => coefficient(name, Number.NaN, Number.NaN, Number.NaN));
}
