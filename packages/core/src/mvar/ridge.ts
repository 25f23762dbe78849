import { OptionError } from "../errors.ts";
import { ChannelSpread, centreWindows } from "./centre-window.ts";
import { LagMoments } from "./lag-moments.ts";
import type { MvarModel, MvarStatus } from "./model.ts";
import { MomentSolver } from "./moment-solver.ts";
import { residualCovariance } from "./residual-covariance.ts";
import { centredResiduals } from "./residuals.ts";
import { spectralRadius } from "./spectral-radius.ts";

export interface RidgeOptions {
  readonly nChannels: number;
  /** Model order p, in samples; >= 1. */
  readonly order: number;
  /** Penalty >= 0, without a unit; 0 is least squares, 1 halves the weight of a lone regressor. */
  readonly lambda: number;
  /** Subtract each channel's mean over each window first. Default true. */
  readonly demean?: boolean;
}

/** A model that was shrunk, and by how much. */
export interface RidgeMvar extends MvarModel {
  readonly lambda: number;
  readonly demean: boolean;
}

/**
 * Fits a multivariate autoregressive model by penalised least squares, for windows too short or channels too alike for
 * plain least squares:
 *
 *     minimise  sum_t |x_t - sum_k A_k x_{t-k}|^2  +  lambda sum_{k,i,j} G_kj A_k(i, j)^2
 *     [A_1 .. A_p] = G_0x (G_xx + lambda diag G_xx)^-1,    noise covariance = E E' / rows
 *
 * G are the moments of `LagMoments`, pooled over windows, no lag across a boundary; G_kj the sum of squares of the regressor
 * x_j(t - k). Each coefficient is thus penalised by what it contributes and not by its unit: rescaling a channel changes
 * neither fit nor GPDC. Coefficients shrink towards 0 as lambda grows, so measures of coupling do too: compare only values
 * of one lambda, the same for all conditions (`selectRidge` chooses it), and only with a null fitted in the same way.
 *
 * More coefficients than rows are no obstacle when lambda > 0, but the residuals are then nearly 0 and the noise
 * covariance means little. By normal equations: for lambda 0 use `fitMvar`, which keeps more digits.
 *
 * @param windows each `[nChannels, nSamples_w]`, channel-major; those of `order` samples or fewer are left out
 * @returns `status` as `fitMvar`; `"insufficient-data"` (all NaN) without rows, and for lambda 0 with rows <= n p
 * @throws ShapeError when a window's length is no multiple of nChannels; OptionError for a bad option or sample
 * @see Hoerl, Kennard, Technometrics 12:55, 1970.
 */
export function fitRidge(windows: readonly Float64Array[], options: RidgeOptions): RidgeMvar {
  const { nChannels: n, order, lambda, demean = true } = options;
  if (!(lambda >= 0 && lambda < Number.POSITIVE_INFINITY))
    throw new OptionError(`fitRidge needs lambda as a number >= 0, got ${lambda}.`);
  const moments = new LagMoments(n, order);
  const spread = new ChannelSpread(n);
  const usable = centreWindows(windows, n, order, demean, spread);
  for (const window of usable) moments.addWindow(window, window.length / n);
  const coefficients = new Float64Array(order * n * n);
  const noise = new Float64Array(n * n).fill(Number.NaN);
  const solved = new RidgeSolver(n, order).solve(moments, lambda, coefficients);
  let radius = Number.NaN;
  if (solved === "ok") {
    residualCovariance(
      usable.map((x) => centredResiduals({ nChannels: n, order, coefficients }, x)),
      n,
      false,
      noise,
    );
    radius = spectralRadius(coefficients, n, order);
  }
  const definite = solved === "ok" && spread.hasFlatChannel() ? "not-positive-definite" : solved;
  return {
    nChannels: n,
    order,
    coefficients,
    noiseCovariance: noise,
    nObservations: moments.nRows,
    spectralRadius: radius,
    status: definite === "ok" && !(radius < 1) ? "unstable" : definite,
    lambda,
    demean,
  };
}

/** The penalised solution from moments. Holds scratch; `solve` allocates nothing. */
export class RidgeSolver {
  readonly #solver: MomentSolver;
  readonly #gram: Float64Array;
  readonly #noise: Float64Array;

  constructor(nChannels: number, order: number) {
    this.#solver = new MomentSolver(nChannels, order);
    this.#gram = new Float64Array(((order + 1) * nChannels) ** 2);
    this.#noise = new Float64Array(nChannels * nChannels);
  }

  /** @param outCoefficients `[order, sink, source]`; NaN unless the status is `"ok"` */
  solve(moments: LagMoments, lambda: number, outCoefficients: Float64Array): MvarStatus {
    const { nChannels: n, order, nRows } = moments;
    const gram = this.#gram;
    const side = (order + 1) * n;
    gram.set(moments.gram);
    for (let r = n; r < side; r++) gram[r * side + r] *= 1 + lambda;
    // A penalised system has a solution for any number of rows, which the solver for plain moments would refuse.
    const rows = lambda > 0 && nRows > 0 ? Math.max(nRows, n * order + 1) : nRows;
    return this.#solver.execute(gram, rows, outCoefficients, this.#noise);
  }
}
