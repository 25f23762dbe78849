/**
 * Modified Bessel function of the first kind, order 0, as a function of the **square** of its argument:
 *
 *     I0(sqrt(q)) = sum_k (q / 4)^k / (k!)^2
 *
 * The series needs no square root and goes smoothly through q = 0 to negative values, where a Kaiser window has its
 * edge.
 */
export function besselI0(squared: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
    term *= squared / (4 * k * k);
    sum += term;
  }
  return sum;
}

/**
 * Shape parameter of a Kaiser window for a stop-band attenuation.
 *
 * @param attenuation dB, above 50
 * @see Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974.
 */
export const kaiserBeta = (attenuation: number): number => 0.1102 * (attenuation - 8.7);

/**
 * Width of the transition band that a Kaiser window of `length` samples and `attenuation` dB leaves, in cycles per
 * sample.
 */
export const kaiserTransition = (attenuation: number, length: number): number =>
  (attenuation - 7.95) / (2.285 * 2 * Math.PI * length);
