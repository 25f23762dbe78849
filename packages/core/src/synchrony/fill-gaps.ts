/**
 * A series with its missing samples on straight lines between their neighbours, and held at the ends. Only for
 * transforms that need every sample; mark the samples as missing again afterwards.
 *
 * @returns a copy, or `undefined` when every sample is missing
 */
export function fillGaps(x: Float64Array): Float64Array | undefined {
  const out = x.slice();
  let last = -1;
  for (let t = 0; t < x.length; t++) {
    if (Number.isNaN(x[t])) continue;
    for (let gap = last + 1; gap < t; gap++)
      out[gap] = last < 0 ? x[t] : x[last] + ((x[t] - x[last]) * (gap - last)) / (t - last);
    last = t;
  }
  if (last < 0) return x.length === 0 ? out : undefined;
  out.fill(x[last], last + 1);
  return out;
}
