/** What is left of a series after its line counts as zero below this share of the series' reach. */
const ROUNDING = 1e-13;

/**
 * A series without its mean, or without its least-squares line on sample number; NaN stays NaN and does not count.
 * What is only rounding becomes 0 exactly, so that a series that does not vary still has no spread afterwards.
 *
 * @param x `[nSamples]`, unchanged
 * @returns `[nSamples]`
 */
export function centreSeries(x: Float64Array, trend: "constant" | "linear"): Float64Array {
  let first = 0;
  while (first < x.length && Number.isNaN(x[first])) first++;
  const pivot = x[first];
  let n = 0;
  let sx = 0;
  let st = 0;
  for (let k = first; k < x.length; k++) {
    if (Number.isNaN(x[k])) continue;
    n++;
    sx += x[k] - pivot;
    st += k;
  }
  const middle = st / n;
  let tt = 0;
  let xt = 0;
  let reach = 0;
  for (let k = first; k < x.length; k++) {
    if (Number.isNaN(x[k])) continue;
    const t = k - middle;
    tt += t * t;
    xt += (x[k] - pivot - sx / n) * t;
    reach = Math.max(reach, Math.abs(x[k]));
  }
  const slope = trend === "linear" && tt > 0 ? xt / tt : 0;
  const out = new Float64Array(x.length);
  let largest = 0;
  for (let k = 0; k < x.length; k++) {
    out[k] = x[k] - pivot - sx / n - slope * (k - middle);
    if (Math.abs(out[k]) > largest) largest = Math.abs(out[k]);
  }
  if (largest <= ROUNDING * reach) for (let k = 0; k < out.length; k++) out[k] *= 0;
  return out;
}

/** A series on the scale of its own standard deviation about its mean; all NaN where it does not vary. */
export function standardiseSeries(x: Float64Array, deltaDegrees: 0 | 1 = 1): Float64Array {
  const out = centreSeries(x, "constant");
  let n = 0;
  let sum = 0;
  for (const value of out) {
    if (Number.isNaN(value)) continue;
    n++;
    sum += value * value;
  }
  const deviation = Math.sqrt(sum / (n - deltaDegrees));
  for (let k = 0; k < out.length; k++) out[k] = deviation > 0 ? out[k] / deviation : Number.NaN;
  return out;
}
