/** Whether a fitted model can be trusted at all. A degenerate fit is a result, never an exception. */
export type MvarStatus = "ok" | "insufficient-data" | "not-positive-definite" | "unstable";

/**
 * A multivariate autoregressive model, x_t = sum_{k=1..p} A_k x_{t-k} + e_t with cov(e) = S.
 *
 * Read `coefficients[(k * n + i) * n + j]` as the influence **of channel j (source) on channel i (sink)** at
 * lag k + 1.
 */
export interface MvarModel {
  readonly nChannels: number;
  readonly order: number;
  /** `[order, sink, source]`. */
  readonly coefficients: Float64Array;
  /** `[n, n]`, covariance of the residuals. */
  readonly noiseCovariance: Float64Array;
  /** Rows of the regression, summed over windows. */
  readonly nObservations: number;
  /** Largest modulus of the companion matrix's eigenvalues. */
  readonly spectralRadius: number;
  readonly status: MvarStatus;
}

/**
 * How the least-squares problem was solved, from the fastest to the most careful: normal equations by Cholesky, the
 * same with one refinement step on the data, Householder QR of the data.
 */
export type MvarSolver = "cholesky" | "refined" | "qr";

/** A model together with what is known about the numbers behind it. */
export interface FittedMvar extends MvarModel {
  readonly estimator: MvarEstimator;
  readonly demean: boolean;
  /** Absent for the lattice estimators, which solve no least-squares problem. */
  readonly solver?: MvarSolver;
  /**
   * Condition number of the regressors after scaling each to unit length; about log10 of it digits are lost by
   * `"qr"` and `"refined"`, twice as many by `"cholesky"`. Infinite for dependent regressors. `NaN` where not known.
   */
  readonly conditionEstimate: number;
}

export type MvarEstimator = "ols" | "nuttall-strand" | "vieira-morf" | "yule-walker" | "biosig7";
