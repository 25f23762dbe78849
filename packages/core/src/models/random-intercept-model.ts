import {
  type Coefficient,
  coefficient,
  completeRows,
  type DyadObservations,
  type DyadRows,
  type ModelStatus,
  unknownCoefficients,
} from "./model-term.ts";
import { NormalEquations } from "./normal-equations.ts";

export interface RandomInterceptModel {
  readonly status: ModelStatus;
  /** The first is the intercept, then the terms in order. */
  readonly coefficients: readonly Coefficient[];
  readonly residualVariance: number;
  /** Variance of the dyads' levels; 0 where the likelihood falls from there on. */
  readonly interceptVariance: number;
  /** Share of the variance that lies between dyads. */
  readonly intraclassCorrelation: number;
  readonly restrictedLogLikelihood: number;
  readonly nDyads: number;
  readonly nObservations: number;
}

/** ln of the variance ratio is searched from here to here; beyond, nothing changes any more. */
const LOWEST = -16;
const HIGHEST = 16;
const GRID = 64;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const TOLERANCE = 1e-9;
/** A likelihood that changes by less over the whole search says nothing about the variance of the dyads' levels. */
const FLAT = 1e-4;

/**
 * Random-intercept regression by restricted maximum likelihood.
 *
 *     y_it = beta_0 + sum_k beta_k x_kit + u_i + e_it,   u ~ N(0, s_u^2),  e ~ N(0, s_e^2)
 *
 * For a given ratio lambda = s_u^2 / s_e^2 the rest has closed form (V_i^-1 = I - lambda / (1 + n_i lambda) 11'), so
 * the likelihood is a function of lambda alone: scanned on a grid of its logarithm, then refined. Estimates agree
 * with statsmodels' MixedLM to what its iterations leave. Tests use G - 1 degrees of freedom, a cautious
 * choice where labs would use Satterthwaite's; for small samples export the data and fit them in lme4.
 *
 * Where the terms tell every dyad from the others (three dyads, each in a condition of its own), no likelihood knows how
 * much dyads vary by themselves: the status is then `"insufficient-data"`.
 *
 * @throws ShapeError when columns differ in length
 * @see Harville, J Am Stat Assoc 72:320 (1977)
 */
export function randomInterceptModel(observations: DyadObservations): RandomInterceptModel {
  const dyads = completeRows("randomInterceptModel", observations);
  const names = ["intercept", ...observations.terms.map(({ name }) => name)];
  const nDyads = dyads.length;
  const nObservations = dyads.reduce((sum, { rows }) => sum + rows.length, 0);
  const failed = (status: ModelStatus): RandomInterceptModel => ({
    status,
    coefficients: unknownCoefficients(names),
    residualVariance: Number.NaN,
    interceptVariance: Number.NaN,
    intraclassCorrelation: Number.NaN,
    restrictedLogLikelihood: Number.NaN,
    nDyads,
    nObservations,
  });
  if (nDyads < 2 || nObservations <= Math.max(names.length, nDyads)) return failed("insufficient-data");
  // The level of the outcome costs digits in its sum of squares and belongs to the intercept alone.
  const level = observations.outcome[dyads[0].rows[0]];
  const profile = profileOf(observations, dyads, nObservations, level);
  if (profile(1) === undefined) return failed("collinear");
  const logLikelihood = (x: number): number =>
    profile(Math.exp(x))?.logLikelihood ?? Number.NEGATIVE_INFINITY;

  let best = LOWEST;
  let highest = logLikelihood(best);
  let lowest = highest;
  for (let g = 1; g <= GRID; g++) {
    const x = LOWEST + ((HIGHEST - LOWEST) * g) / GRID;
    const here = logLikelihood(x);
    lowest = Math.min(lowest, here);
    if (here > highest) {
      highest = here;
      best = x;
    }
  }
  if (highest - lowest < FLAT) return failed("insufficient-data");
  const width = (HIGHEST - LOWEST) / GRID;
  const refined = maximise(logLikelihood, best - width, best + width);
  const atZero = profile(0);
  const atBest = profile(Math.exp(refined));
  if (atBest === undefined || atZero === undefined) return failed("collinear");
  const isZero = atZero.logLikelihood >= atBest.logLikelihood;
  const fit = isZero ? atZero : atBest;
  const lambda = isZero ? 0 : Math.exp(refined);
  const p = names.length;
  return {
    status: "ok",
    coefficients: names.map((name, i) =>
      coefficient(
        name,
        i === 0 ? fit.estimates[i] + level : fit.estimates[i],
        Math.sqrt(fit.inverse[i * p + i] * fit.residualVariance),
        nDyads - 1,
      ),
    ),
    residualVariance: fit.residualVariance,
    interceptVariance: lambda * fit.residualVariance,
    intraclassCorrelation: lambda / (1 + lambda),
    restrictedLogLikelihood: fit.logLikelihood,
    nDyads,
    nObservations,
  };
}

interface Profile {
  readonly estimates: Float64Array;
  readonly inverse: Float64Array;
  readonly residualVariance: number;
  readonly logLikelihood: number;
}

/** The restricted likelihood of a variance ratio, everything else at its best. */
function profileOf(
  { outcome, terms }: DyadObservations,
  dyads: readonly DyadRows[],
  n: number,
  level: number,
): (lambda: number) => Profile | undefined {
  const p = terms.length + 1;
  const rowOf = (i: number): number[] => [1, ...terms.map(({ values }) => values[i])];
  const plain = new NormalEquations(p);
  const sums = dyads.map(({ rows }) => {
    const x = new Float64Array(p);
    let y = 0;
    for (const i of rows) {
      const row = rowOf(i);
      plain.add(row, outcome[i] - level);
      for (let c = 0; c < p; c++) x[c] += row[c];
      y += outcome[i] - level;
    }
    return { x, y, n: rows.length };
  });
  return (lambda) => {
    const equations = new NormalEquations(p);
    equations.gram.set(plain.gram);
    equations.target.set(plain.target);
    equations.squares = plain.squares;
    let logVariances = 0;
    for (const dyad of sums) {
      equations.add(dyad.x, dyad.y, -lambda / (1 + dyad.n * lambda));
      logVariances += Math.log1p(dyad.n * lambda);
    }
    const solution = equations.solve();
    if (solution === undefined) return undefined;
    const { estimates, inverse, logDeterminant } = solution;
    let explained = 0;
    for (let c = 0; c < p; c++) explained += estimates[c] * equations.target[c];
    const residualVariance = (equations.squares - explained) / (n - p);
    if (!(residualVariance > 0)) return undefined;
    const logLikelihood =
      -0.5 * ((n - p) * (Math.log(2 * Math.PI * residualVariance) + 1) + logVariances + logDeterminant);
    return { estimates, inverse, residualVariance, logLikelihood };
  };
}

/** Golden-section search of a function with one maximum between the ends. */
function maximise(f: (x: number) => number, low: number, high: number): number {
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = f(left);
  let atRight = f(right);
  while (high - low > TOLERANCE) {
    if (atLeft >= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - GOLDEN * (high - low);
      atLeft = f(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + GOLDEN * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}
