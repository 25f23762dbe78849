import { OptionError } from "../errors.ts";
import { besselI0 } from "./kaiser.ts";

/**
 * Changes the rate by the ratio up / down with a zero-phase low-pass: for recordings whose two clocks are one.
 *
 *     y[m] = up * sum_n h[m down - n up] x[n]
 *
 * h is a windowed sinc of length 20 max(up, down) + 1 with its -6 dB point at the lower of both Nyquist
 * frequencies and a Kaiser window with beta = 5, unit gain at 0 Hz; beyond the ends x is taken as zero, so the first
 * and last 10 samples of the lower rate are attenuated. Equal to `scipy.signal.resample_poly`. For devices with clocks of their own use `GridResampler`.
 *
 * @param x `[nSamples]`
 * @returns `[ceil(nSamples up / down)]`, y[0] at the time of x[0]
 * @throws OptionError when up or down is not a positive integer.
 */
export function resamplePoly(x: Float64Array, up: number, down: number): Float64Array {
  if (!Number.isInteger(up) || !Number.isInteger(down) || up < 1 || down < 1)
    throw new OptionError(`resamplePoly up and down must be positive integers, got ${up} and ${down}`);
  const common = greatestCommonDivisor(up, down);
  const u = up / common;
  const d = down / common;
  if (u === 1 && d === 1) return x.slice();

  const half = 10 * Math.max(u, d);
  const h = lowpass(half, Math.max(u, d), u);
  const out = new Float64Array(Math.ceil((x.length * u) / d));
  for (let m = 0; m < out.length; m++) {
    const at = m * d;
    const first = Math.max(0, Math.ceil((at - half) / u));
    const last = Math.min(x.length - 1, Math.floor((at + half) / u));
    let sum = 0;
    for (let n = first; n <= last; n++) sum += h[half + at - n * u] * x[n];
    out[m] = sum;
  }
  return out;
}

function lowpass(half: number, rate: number, gain: number): Float64Array {
  const beta = 5;
  const h = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let k = -half; k <= half; k++) {
    const angle = (Math.PI * k) / rate;
    const sinc = k === 0 ? 1 : Math.sin(angle) / angle;
    h[k + half] = sinc * besselI0(beta * beta * (1 - (k / half) ** 2));
    sum += h[k + half];
  }
  for (let k = 0; k < h.length; k++) h[k] *= gain / sum;
  return h;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
