/** The largest double below 1: a perfect correlation must not make a mean of z values infinite. */
const LARGEST_CORRELATION = 1 - 2 ** -53;

/**
 * Fisher's transform of a correlation, whose sampling distribution is nearly normal with variance 1 / (n - 3) for
 * independent pairs. Neighbouring samples of physiology are not independent: use it to average, never for a p-value.
 *
 *     z = atanh r = ln((1 + r) / (1 - r)) / 2
 *
 * @param r in [-1, 1]; +-1 gives +-18.7, the value of the nearest double; NaN gives NaN
 * @see Fisher, Metron 1:3 (1921)
 */
export function fisherZ(r: number): number {
  return Math.atanh(Math.max(-LARGEST_CORRELATION, Math.min(LARGEST_CORRELATION, r)));
}
