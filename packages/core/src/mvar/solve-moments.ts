import type { LagMoments } from "./lag-moments.ts";
import type { FittedMvar } from "./model.ts";
import { MomentSolver } from "./moment-solver.ts";
import { spectralRadius } from "./spectral-radius.ts";

/**
 * Least squares from summed moments: the same model as `fitMvar` of the windows that went in, without the windows.
 *
 * Normal equations only, so compare `conditionEstimate`: 16 - 2 log10(condition) digits are left. There is no
 * memory of flat channels beside large offsets either; refuse such windows before adding them.
 *
 * @returns `status` as for `fitMvar`; coefficients, noise and radius are NaN for `"insufficient-data"` and
 *   `"not-positive-definite"`. `demean` tells that the moments are those of demeaned windows, which is up to the caller.
 */
export function solveMoments(moments: LagMoments, options: { readonly demean?: boolean } = {}): FittedMvar {
  const { nChannels, order, gram, nRows } = moments;
  const coefficients = new Float64Array(order * nChannels * nChannels);
  const noiseCovariance = new Float64Array(nChannels * nChannels);
  const solver = new MomentSolver(nChannels, order);
  const solved = solver.execute(gram, nRows, coefficients, noiseCovariance);
  const radius = spectralRadius(coefficients, nChannels, order);
  return {
    nChannels,
    order,
    coefficients,
    noiseCovariance,
    nObservations: nRows,
    spectralRadius: radius,
    status: solved === "ok" && !(radius < 1) ? "unstable" : solved,
    estimator: "ols",
    demean: options.demean ?? true,
    solver: "cholesky",
    conditionEstimate: solver.conditionEstimate(),
  };
}
