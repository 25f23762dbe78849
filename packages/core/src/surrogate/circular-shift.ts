import { OptionError, ShapeError } from "../errors.ts";
import type { Uniform } from "../random/index.ts";

/**
 * Draws shifts for `circularShift`, each uniform on [minimumShift, n - minimumShift], independently and thus with
 * repeats; draw from a generator keyed by surrogate index to get the same shift on any worker.
 *
 * @param n samples (or windows) on the circle
 * @param options `minimumShift` in the same unit: 5-10 s or more, beyond the memory of either signal; `count`
 *        defaults to 1
 * @returns `[count]`, or nothing at all when n < 2 minimumShift: then the record is too short for this surrogate
 * @throws OptionError when n, minimumShift or count is not an integer in range
 */
export function circularShifts(
  n: number,
  options: { readonly minimumShift: number; readonly uniform: Uniform; readonly count?: number },
): Int32Array {
  const { minimumShift, uniform, count = 1 } = options;
  if (!Number.isInteger(n) || n < 0 || !Number.isInteger(minimumShift) || minimumShift < 1)
    throw new OptionError(
      `circularShifts needs integers n >= 0 and minimumShift >= 1, got ${n} and ${minimumShift}.`,
    );
  const nAllowed = n - 2 * minimumShift + 1;
  if (nAllowed < 1) return new Int32Array(0);
  return Int32Array.from({ length: count }, () => minimumShift + Math.floor(uniform() * nAllowed));
}

/**
 * Rotates one channel in time.
 *
 *     y[t] = x[(t - shift) mod N]
 *
 * Apply the same shift to all channels of one head. Destroys the alignment between the heads. Keeps the
 * autocorrelation and the coupling inside each head, but for one seam. Tests any time-locked coupling, including a
 * shared stimulus.
 *
 * @param x     `[N]`, one continuous clean channel
 * @param shift samples, any integer; positive is later
 * @param out   `[N]`; may not be `x`
 * @throws ShapeError when `out` has another length or is `x`
 */
export function circularShift(x: Float64Array, shift: number, out: Float64Array): void {
  const n = x.length;
  if (out.length !== n || out === x)
    throw new ShapeError("circularShift", `an out of ${n} samples that is not x`, `${out.length}`);
  const later = n === 0 ? 0 : ((shift % n) + n) % n;
  out.set(x.subarray(n - later), 0);
  out.set(x.subarray(0, n - later), later);
}
