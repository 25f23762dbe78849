/*
 * From the sums over samples of one pair to its measure. Formulas and references stand at the public functions.
 */

/** |m| */
export const lockingValue = (real: number, imaginary: number): number => Math.hypot(real, imaginary);

/** (|sum|^2 - N) / (N (N - 1)), the same as (N PLV^2 - 1) / (N - 1). */
export const pairwiseConsistency = (real: number, imaginary: number, nSamples: number): number =>
  (real * real + imaginary * imaginary - nSamples) / (nSamples * (nSamples - 1));

/** |Im m| / sqrt(1 - (Re m)^2); phases that agree to a millionth of a radian have no lag to speak of. */
export function correctedImaginaryLocking(real: number, imaginary: number): number {
  const rest = 1 - real * real;
  return rest < 1e-12 ? 0 : Math.min(1, Math.abs(imaginary) / Math.sqrt(rest));
}

/** sum Im / sum |Im|; without any imaginary part there is no lag. */
export const weightedLag = (sum: number, absolute: number): number => (absolute === 0 ? 0 : sum / absolute);

export const debiasedWeightedLag = (sum: number, absolute: number, squares: number): number =>
  absolute === 0 ? 0 : (sum * sum - squares) / (absolute * absolute - squares);

/** NaN where one side does not vary. */
export const correlation = (product: number, powerA: number, powerB: number): number =>
  powerA > 0 && powerB > 0 ? product / Math.sqrt(powerA * powerB) : Number.NaN;

/**
 * (r- - r+) / (2 sqrt(sum sin^2(a - m) sum sin^2(b - n))), with 2 m = s + d and 2 n = s - d where d and s are the
 * directions of sum e^{i(a-b)} and sum e^{i(a+b)}. Since sin^2(x) = (1 - cos 2x) / 2, only the doubled angles are
 * needed, and those are products of unit vectors.
 *
 * @param doubledA sum_t e^{2ia}, `[2]`
 */
export function adjustedCorrelation(
  minusReal: number,
  minusImaginary: number,
  plusReal: number,
  plusImaginary: number,
  doubledA: Float64Array,
  doubledB: Float64Array,
  nSamples: number,
): number {
  const minus = Math.hypot(minusReal, minusImaginary);
  const plus = Math.hypot(plusReal, plusImaginary);
  const dRe = minus === 0 ? 1 : minusReal / minus;
  const dIm = minus === 0 ? 0 : minusImaginary / minus;
  const sRe = plus === 0 ? 1 : plusReal / plus;
  const sIm = plus === 0 ? 0 : plusImaginary / plus;
  const alongA = (sRe * dRe - sIm * dIm) * doubledA[0] + (sIm * dRe + sRe * dIm) * doubledA[1];
  const alongB = (sRe * dRe + sIm * dIm) * doubledB[0] + (sIm * dRe - sRe * dIm) * doubledB[1];
  return correlation((minus - plus) / 2, (nSamples - alongA) / 2, (nSamples - alongB) / 2);
}
