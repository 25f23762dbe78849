import { OptionError } from "../errors.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import { LagMoments } from "./lag-moments.ts";
import { RidgeSolver } from "./ridge.ts";

export interface SelectRidgeOptions {
  readonly nChannels: number;
  readonly order: number;
  /** Penalties to compare, each >= 0; see `fitRidge`. Default 0 and 1e-6 .. 10, two a decade. */
  readonly lambdas?: readonly number[];
  /** Parts that the windows of each condition are cut into; default 5, or as many as there are windows. */
  readonly nFolds?: number;
  /** Default true. */
  readonly demean?: boolean;
}

export interface RidgeSelection {
  /** `[nLambdas]`, the axis of `errors`. */
  readonly lambdas: Float64Array;
  /** `[nLambdas]`: share of the variance of held-out windows that is not predicted; 1 is no better than the mean. */
  readonly errors: Float64Array;
  /** The penalty with the smallest error; NaN when no fit was possible. */
  readonly best: number;
}

const DEFAULT_LAMBDAS = [0, ...Array.from({ length: 15 }, (_, k) => 10 ** (-6 + k / 2))];

/**
 * Chooses the penalty of `fitRidge` by cross-validation, one for all conditions, so that they can be compared:
 *
 *     error(lambda) = mean over channels i of  sum of squared prediction errors of i / sum of squares of i
 *
 * in windows that were held out, each predicted by a model of the other windows **of its condition**, and summed over
 * folds and conditions. Folds are runs of neighbouring windows; windows that overlap still share samples where two folds meet.
 *
 * @param conditions the windows of each condition, in order of time, each `[nChannels, nSamples_w]`; one condition is `[windows]`
 * @throws OptionError when a condition has fewer than two windows longer than the order, or a lambda is negative
 * @see Stone, J R Stat Soc B 36:111, 1974.
 */
export function selectRidge(
  conditions: readonly (readonly Float64Array[])[],
  options: SelectRidgeOptions,
): RidgeSelection {
  const { nChannels: n, order, nFolds = 5, demean = true } = options;
  const lambdas = Float64Array.from(options.lambdas ?? DEFAULT_LAMBDAS);
  for (const lambda of lambdas)
    if (!(lambda >= 0 && lambda < Number.POSITIVE_INFINITY))
      throw new OptionError(`selectRidge needs lambdas >= 0, got ${lambda}.`);
  if (!(Number.isInteger(nFolds) && nFolds >= 2))
    throw new OptionError(`selectRidge needs nFolds as an integer >= 2, got ${nFolds}.`);
  const folds = conditions.map((windows, c) => {
    const usable = centreWindows(windows, n, order, demean, new ChannelSpread(n));
    if (usable.length < 2)
      throw new OptionError(
        `selectRidge needs at least two windows longer than the order in each condition, got ${usable.length} in condition ${c}.`,
      );
    return momentsOfFolds(usable, n, order, Math.min(nFolds, usable.length));
  });
  const solver = new RidgeSolver(n, order);
  const errors = Float64Array.from(lambdas, (lambda) => heldOutError(folds, lambda, solver));
  let best = Number.NaN;
  let smallest = Number.POSITIVE_INFINITY;
  errors.forEach((error, at) => {
    if (error < smallest) {
      smallest = error;
      best = lambdas[at];
    }
  });
  return { lambdas, errors, best };
}

function momentsOfFolds(windows: readonly Float64Array[], n: number, order: number, nFolds: number) {
  return Array.from({ length: nFolds }, (_, fold) => {
    const moments = new LagMoments(n, order);
    const from = Math.round((fold * windows.length) / nFolds);
    const to = Math.round(((fold + 1) * windows.length) / nFolds);
    for (const window of windows.slice(from, to)) moments.addWindow(window, window.length / n);
    return moments;
  });
}

function heldOutError(
  conditions: readonly (readonly LagMoments[])[],
  lambda: number,
  solver: RidgeSolver,
): number {
  const { nChannels: n, order } = conditions[0][0];
  const squares = new Float64Array(n);
  const left = new Float64Array(n);
  const training = new LagMoments(n, order);
  const coefficients = new Float64Array(order * n * n);
  for (const folds of conditions) {
    for (const held of folds) {
      training.clear();
      for (const other of folds) if (other !== held) training.add(other);
      if (solver.solve(training, lambda, coefficients) !== "ok") return Number.NaN;
      addErrors(squares, left, held, coefficients);
    }
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += left[i] / squares[i];
  return sum / n;
}

/** Per channel: its sum of squares, and that of what the model leaves, G_00 - 2 A G_x0 + A G_xx A'. */
function addErrors(
  squares: Float64Array,
  left: Float64Array,
  { gram, nChannels: n, order }: LagMoments,
  coefficients: Float64Array,
): void {
  const m = n * order;
  const side = m + n;
  const row = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < order; k++)
      for (let j = 0; j < n; j++) row[k * n + j] = coefficients[(k * n + i) * n + j];
    let error = gram[i * side + i];
    for (let r = 0; r < m; r++) {
      let sum = -2 * gram[i * side + n + r];
      for (let c = 0; c < m; c++) sum += gram[(n + r) * side + n + c] * row[c];
      error += row[r] * sum;
    }
    squares[i] += gram[i * side + i];
    left[i] += error;
  }
}
