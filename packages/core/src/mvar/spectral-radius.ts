import { ShapeError } from "../errors.ts";
import { eigenvalueModuli } from "../linalg/eigenvalue-moduli.ts";

/**
 * Largest modulus of the eigenvalues of the companion matrix
 *
 *     [A_1 A_2 .. A_p; I 0 .. 0; 0 I .. 0]
 *
 * Below 1 the model is stable: its response to a disturbance dies out, about as radius^t. At or above 1 spectra and
 * transfer functions of the model mean nothing. Unchanged when channels are rescaled.
 *
 * Costs more than the fit itself, O((n p)^3): 4 channels at order 8 take a third of a millisecond.
 *
 * @param coefficients `[order, sink, source]`
 * @returns `NaN` when a coefficient is not finite
 * @see Lütkepohl, "New Introduction to Multiple Time Series Analysis", 2005, section 2.1.1.
 */
export function spectralRadius(coefficients: Float64Array, nChannels: number, order: number): number {
  const n = nChannels;
  const m = n * order;
  if (coefficients.length !== m * n)
    throw new ShapeError(
      "spectralRadius",
      `${order} x ${n} x ${n} coefficients`,
      String(coefficients.length),
    );
  const companion = new Float64Array(m * m);
  for (let k = 0; k < order; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const value = coefficients[(k * n + i) * n + j];
        if (!Number.isFinite(value)) return Number.NaN;
        companion[i * m + k * n + j] = value;
      }
    }
  }
  for (let r = n; r < m; r++) companion[r * m + r - n] = 1;
  let largest = 0;
  for (const modulus of eigenvalueModuli(companion, m)) largest = Math.max(largest, modulus);
  return largest;
}
