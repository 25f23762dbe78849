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
