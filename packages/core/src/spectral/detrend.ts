/** What is taken out of a stretch of signal before it is analysed. */
export type Detrend = "constant" | "linear" | false;

/**
 * Subtracts the mean (`constant`) or the least-squares line (`linear`). `out` may be `x`; `false` copies.
 *
 * @param out `[nSamples]`
 * @param x `[nSamples]`
 */
export function detrend(out: Float64Array, x: Float64Array, kind: Detrend = "linear"): void {
  const n = x.length;
  let mean = 0;
  if (kind !== false) {
    for (let i = 0; i < n; i++) mean += x[i];
    mean /= n;
  }
  const middle = (n - 1) / 2;
  let slope = 0;
  if (kind === "linear" && n > 1) {
    for (let i = 0; i < n; i++) slope += (i - middle) * (x[i] - mean);
    // sum over i of (i - middle)^2
    slope /= (n * (n * n - 1)) / 12;
  }
  for (let i = 0; i < n; i++) out[i] = x[i] - mean - slope * (i - middle);
}
