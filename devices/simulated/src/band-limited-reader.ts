import { INTERNAL_RATE } from "./options.ts";

/** Internal samples on either side of a read; the kernel is twice as long. */
export const KERNEL_HALF = 24;
const KAISER_BETA = 9;
const TABLE_PER_SAMPLE = 1024;

/** Modified Bessel function of order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const kaiser = Float64Array.from({ length: KERNEL_HALF * TABLE_PER_SAMPLE + 2 }, (_, k) => {
  const share = Math.min(1, k / (KERNEL_HALF * TABLE_PER_SAMPLE));
  return bessel0(KAISER_BETA * Math.sqrt(1 - share * share)) / bessel0(KAISER_BETA);
});

/**
 * Weights that read a 200 Hz signal between its samples: a sinc under a Kaiser window of 48 samples.
 *
 *     x(t) = sum_m w[m] x[first + m],   w = sinc(fs t - n) kaiser(fs t - n)
 *
 * Right to 1e-4 up to 80 Hz, where a brain-like spectrum has long fallen. What little lies at 80-100 Hz is weakened
 * and mirrored to 100-120 Hz; above that images are below -80 dB. Exact on the grid.
 *
 * @param weights `[2 KERNEL_HALF]`, overwritten
 * @param time    seconds
 * @returns `first`, the internal sample that `weights[0]` belongs to
 */
export function bandLimitedWeights(weights: Float64Array, time: number): number {
  const position = time * INTERNAL_RATE;
  const below = Math.floor(position);
  const fraction = position - below;
  const first = below - KERNEL_HALF + 1;
  if (fraction === 0) {
    weights.fill(0);
    weights[KERNEL_HALF - 1] = 1;
    return first;
  }
  // sin(pi f) = sin(pi (1 - f)): close below a grid point only the smaller argument keeps its digits.
  const sine = Math.sin(Math.PI * Math.min(fraction, 1 - fraction)) / Math.PI;
  for (let m = 0; m < 2 * KERNEL_HALF; m++) {
    const distance = fraction - (m - KERNEL_HALF + 1);
    const place = Math.abs(distance) * TABLE_PER_SAMPLE;
    const left = Math.floor(place);
    const window = kaiser[left]! + (place - left) * (kaiser[left + 1]! - kaiser[left]!);
    // sin(pi (f - k)) alternates in sign with k, so one sine serves all taps.
    const sign = (m - KERNEL_HALF + 1) % 2 === 0 ? 1 : -1;
    weights[m] = (sign * sine * window) / distance;
  }
  return first;
}
