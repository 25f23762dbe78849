import { OptionError, ShapeError } from "../errors.ts";

export type WindowName = "hann" | "hamming" | "boxcar";

/**
 * Taper for spectral estimation, in its periodic form (one period of length `length`, as scipy's `get_window`).
 *
 *     hann 0.5 - 0.5 cos(2 pi n / length),   hamming 0.54 - 0.46 cos(2 pi n / length),   boxcar 1
 *
 * @returns `[length]`
 */
export function windowFunction(name: WindowName, length: number): Float64Array {
  const mean = name === "hann" ? 0.5 : name === "hamming" ? 0.54 : name === "boxcar" ? 1 : Number.NaN;
  if (Number.isNaN(mean)) throw new OptionError(`windowFunction knows hann, hamming and boxcar, got ${name}`);
  const window = new Float64Array(length);
  for (let n = 0; n < length; n++) window[n] = mean - (1 - mean) * Math.cos((2 * Math.PI * n) / length);
  return window;
}

/** A window by name, or the given one if its length fits. */
export function resolveWindow(window: WindowName | Float64Array, length: number): Float64Array {
  if (typeof window === "string") return windowFunction(window, length);
  if (window.length !== length) throw new ShapeError("welch", `window [${length}]`, `[${window.length}]`);
  return window;
}
