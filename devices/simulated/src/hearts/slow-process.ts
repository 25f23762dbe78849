import { normal, type Uniform } from "@attune/core";

/** Hz, at which slow processes are made; between their values they are straight. */
export const SLOW_RATE = 5;
const SLOW_SECONDS = 6;
const SMOOTH_SECONDS = 2;

/**
 * Slow random variation with mean 0 and standard deviation 1: white noise through two leaky integrators of 6 and 2 s, which
 * leaves power below 0.1 Hz, where the slow rhythms of the heart lie.
 *
 * @returns `[n]` at `SLOW_RATE`
 */
export function slowProcess(n: number, uniform: Uniform): Float64Array {
  const draw = normal(uniform);
  const slow = Math.exp(-1 / (SLOW_SECONDS * SLOW_RATE));
  const smooth = Math.exp(-1 / (SMOOTH_SECONDS * SLOW_RATE));
  // Standard deviation from the sum of squares of the impulse response.
  let squares = 0;
  for (let k = 0, a = 1, b = 1; k < 4000; k++) {
    squares += b * b;
    a *= slow;
    b = smooth * b + a;
  }
  const scale = 1 / Math.sqrt(squares);
  const warmUp = Math.round(10 * SLOW_SECONDS * SLOW_RATE);
  const out = new Float64Array(n);
  for (let k = -warmUp, a = 0, b = 0; k < n; k++) {
    a = slow * a + draw();
    b = smooth * b + a;
    if (k >= 0) out[k] = b * scale;
  }
  return out;
}

/** A slow process at a time, seconds from its first value; held at both ends. */
export function valueAt(process: Float64Array, seconds: number): number {
  const at = Math.max(0, Math.min(process.length - 1, seconds * SLOW_RATE));
  const below = Math.floor(at);
  const low = process[below]!;
  return low + ((process[below + 1] ?? low) - low) * (at - below);
}
