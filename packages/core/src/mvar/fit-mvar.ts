import { OptionError } from "../errors.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import { fitLattice, type LatticeEstimator } from "./lattice.ts";
import type { FittedMvar, MvarEstimator, MvarSolver, MvarStatus } from "./model.ts";
import { MomentSolver } from "./moment-solver.ts";
import { OlsSolver } from "./ols-solver.ts";
import { residualCovariance } from "./residual-covariance.ts";
import { spectralRadius } from "./spectral-radius.ts";
import { fillYuleWalkerGram } from "./yule-walker.ts";

const ESTIMATORS: readonly MvarEstimator[] = [
  "ols",
  "nuttall-strand",
  "vieira-morf",
  "yule-walker",
  "biosig7",
];

export interface FitMvarOptions {
  readonly nChannels: number;
  /** Model order p, in samples; >= 1. */
  readonly order: number;
  /** Default `"ols"`. */
  readonly estimator?: MvarEstimator;
  /** Subtract each channel's mean over each window first. Default true, but false for `"biosig7"`. */
  readonly demean?: boolean;
  /** Adds a constant to the regression, one for all windows. Default false; `"ols"` only. */
  readonly intercept?: boolean;
  /**
   * Default true. False leaves out the spectral radius and the condition estimate, which cost more than the fit itself:
   * both are then NaN and an unstable model counts as `"ok"`. For fits that are made by the thousand.
   */
  readonly checks?: boolean;
}

/**
 * Fits a multivariate autoregressive model,
 *
 *     x_t = sum_{k=1..p} A_k x_{t-k} + e_t,   cov(e) = S
 *
 * Several windows make **one pooled fit**: sums run over all windows, no lag crosses a boundary. The null level of
 * coupling falls with the pooled number of samples, whereas averaging the coupling of single windows leaves it
 * unchanged. Read `coefficients[(k * n + i) * n + j]` as the influence of j (source) on i (sink) at lag k + 1.
 *
 * | estimator | definition | noise covariance |
 * |---|---|---|
 * | `ols` | least squares over t = p .. N-1 of each window | E E' / rows |
 * | `nuttall-strand` | Nuttall-Strand lattice with the Sylvester equation of Marple 1987 | E E' / rows |
 * | `vieira-morf` | lattice, each moment divided by its own count | E E' / rows |
 * | `yule-walker` | biased autocovariances, block-Toeplitz; stable, but shrunk in short windows | R_0 - sum A_k R_k' |
 * | `biosig7` | **inconsistent for more than one channel; only to reproduce older results**: what BioSig / TSA `mvar` mode 7 computes in place of Nuttall-Strand. Links that do not exist stay in the result however long the record: up to 0.55 in squared GPDC on published test networks | covariance of E about its mean / (rows - 1) |
 *
 * E are the residuals for t >= p, rows = sum over windows of (N_w - p). Windows of p samples or fewer are left out.
 * Least squares chooses its route by conditioning (`solver`, `conditionEstimate`); channels need not be scaled.
 *
 * `status`, the first that holds:
 * - `"insufficient-data"`: rows <= n p. Coefficients, noise and radius are NaN: there is no fit.
 * - `"not-positive-definite"`: some channel is flat, or repeats other channels. `ols` still returns finite numbers:
 *   repeated regressors get 0, the rest is the fit without them. The lattices return NaN where they break down.
 * - `"unstable"`: spectral radius >= 1. Coefficients are the estimate, spectra of it mean nothing.
 * - `"ok"`. With fewer than n p + n rows the noise covariance is singular all the same.
 *
 * @param windows each `[nChannels, nSamples_w]`, channel-major, any unit
 * @throws ShapeError when a window's length is no multiple of nChannels; OptionError for a bad option, and for a
 *   sample that is not a number, with its channel and index
 * @see Lütkepohl 2005, section 3.2 (ols); Marple, "Digital Spectral Analysis", 1987, chapter 15 (nuttall-strand);
 *   Morf, Vieira, Lee, Kailath, IEEE Trans. Geosci. Electron. 16, 1978 (vieira-morf).
 */
export function fitMvar(windows: readonly Float64Array[], options: FitMvarOptions): FittedMvar {
  const { nChannels: n, order, estimator = "ols", intercept = false, checks = true } = options;
  checkOptions(options);
  const demean = options.demean ?? estimator !== "biosig7";
  const spread = new ChannelSpread(n);
  const usable = centreWindows(windows, n, order, demean, spread);
  let nRows = 0;
  for (const window of usable) nRows += window.length / n - order;

  const coefficients = new Float64Array(order * n * n).fill(Number.NaN);
  const noise = new Float64Array(n * n).fill(Number.NaN);
  const model = {
    nChannels: n,
    order,
    coefficients,
    noiseCovariance: noise,
    nObservations: nRows,
    estimator,
    demean,
  };
  if (nRows <= n * order + (intercept ? 1 : 0))
    return {
      ...model,
      spectralRadius: Number.NaN,
      status: "insufficient-data",
      conditionEstimate: Number.NaN,
    };

  const solve = estimator === "ols" ? solveOls : estimator === "yule-walker" ? solveYuleWalker : solveLattice;
  const solution = solve(usable, { nChannels: n, order, estimator, intercept, checks }, coefficients, noise);
  const radius = checks ? spectralRadius(coefficients, n, order) : Number.NaN;
  const definite = solution.status === "ok" && !spread.hasFlatChannel();
  const status = !definite ? "not-positive-definite" : checks && !(radius < 1) ? "unstable" : "ok";
  return { ...model, ...solution, spectralRadius: radius, status };
}

interface Solution {
  readonly status: MvarStatus;
  readonly conditionEstimate: number;
  readonly solver?: MvarSolver;
}

interface Problem {
  readonly nChannels: number;
  readonly order: number;
  readonly estimator: MvarEstimator;
  readonly intercept: boolean;
  readonly checks: boolean;
}

function solveOls(
  windows: readonly Float64Array[],
  { nChannels, order, intercept, checks }: Problem,
  coefficients: Float64Array,
  noise: Float64Array,
): Solution {
  const ols = new OlsSolver(nChannels, order, intercept);
  const status = ols.solve(windows, coefficients, noise);
  return { status, conditionEstimate: checks ? ols.conditionEstimate() : Number.NaN, solver: ols.solver };
}

function solveYuleWalker(
  windows: readonly Float64Array[],
  { nChannels, order, checks }: Problem,
  coefficients: Float64Array,
  noise: Float64Array,
): Solution {
  const gram = new Float64Array(((order + 1) * nChannels) ** 2);
  const solver = new MomentSolver(nChannels, order);
  const nRows = fillYuleWalkerGram(gram, windows, nChannels, order);
  const status = solver.execute(gram, nRows, coefficients, noise);
  return { status, conditionEstimate: checks ? solver.conditionEstimate() : Number.NaN, solver: "cholesky" };
}

function solveLattice(
  windows: readonly Float64Array[],
  { nChannels: n, order, estimator }: Problem,
  coefficients: Float64Array,
  noise: Float64Array,
): Solution {
  const residuals = fitLattice(windows, n, order, estimator as LatticeEstimator, coefficients);
  if (residuals === undefined) {
    coefficients.fill(Number.NaN);
    return { status: "not-positive-definite", conditionEstimate: Number.NaN };
  }
  residualCovariance(residuals, n, estimator === "biosig7", noise);
  return { status: "ok", conditionEstimate: Number.NaN };
}

function checkOptions({ nChannels, order, estimator = "ols", intercept = false }: FitMvarOptions): void {
  if (!(Number.isInteger(nChannels) && nChannels >= 1))
    throw new OptionError(
      `fitMvar needs nChannels as an integer >= 1, got ${nChannels}: pass the channel count.`,
    );
  if (!(Number.isInteger(order) && order >= 1))
    throw new OptionError(
      `fitMvar needs order as an integer >= 1, got ${order}: pass the model order in samples.`,
    );
  if (!ESTIMATORS.includes(estimator))
    throw new OptionError(`fitMvar knows no estimator "${estimator}": use one of ${ESTIMATORS.join(", ")}.`);
  if (intercept && estimator !== "ols")
    throw new OptionError(`fitMvar has an intercept for "ols" only, not "${estimator}": use demean instead.`);
}
