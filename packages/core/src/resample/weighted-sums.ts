/**
 * out[c] = sum_j weights[j] * rows[c * stride + from + j] for every channel.
 *
 * Four channels at a time: their sums are independent, so none waits for another, and each weight is read once for
 * four products.
 *
 * @param out `[nChannels]`
 * @param weights `[taps]`
 * @param rows `[nChannels, stride]`
 */
export function weightedSums(
  out: Float64Array,
  weights: Float64Array,
  rows: Float64Array,
  stride: number,
  from: number,
  nChannels: number,
): void {
  const taps = weights.length;
  let c = 0;
  for (; c + 4 <= nChannels; c += 4) {
    const a = c * stride + from;
    const b = a + stride;
    const d = b + stride;
    const e = d + stride;
    let sumA = 0;
    let sumB = 0;
    let sumD = 0;
    let sumE = 0;
    for (let j = 0; j < taps; j++) {
      const w = weights[j];
      sumA += w * rows[a + j];
      sumB += w * rows[b + j];
      sumD += w * rows[d + j];
      sumE += w * rows[e + j];
    }
    out[c] = sumA;
    out[c + 1] = sumB;
    out[c + 2] = sumD;
    out[c + 3] = sumE;
  }
  for (; c < nChannels; c++) {
    const a = c * stride + from;
    let sum = 0;
    for (let j = 0; j < taps; j++) sum += weights[j] * rows[a + j];
    out[c] = sum;
  }
}

/**
 * One channel with the kernel cut off where data are missing, the remaining weights rescaled to sum 1.
 *
 * @param centre index into `rows` of the sample at or before the position; weights[j] belongs to
 *   rows[centre - half + 1 + j]
 * @param before samples up to and including `centre` that may be used
 * @param after samples after `centre` that may be used
 * @param margin samples that must be there on either side
 * @returns NaN where fewer than `margin` samples are there on a side
 */
export function truncatedSum(
  weights: Float64Array,
  rows: Float64Array,
  centre: number,
  before: number,
  after: number,
  margin: number,
): number {
  const half = weights.length / 2;
  let sum = 0;
  let total = 0;
  let reach = 0;
  for (; reach < Math.min(before, half); reach++) {
    const value = rows[centre - reach];
    if (Number.isNaN(value)) break;
    sum += weights[half - 1 - reach] * value;
    total += weights[half - 1 - reach];
  }
  if (reach < margin) return Number.NaN;
  for (reach = 0; reach < Math.min(after, half); reach++) {
    const value = rows[centre + 1 + reach];
    if (Number.isNaN(value)) break;
    sum += weights[half + reach] * value;
    total += weights[half + reach];
  }
  return reach < margin ? Number.NaN : sum / total;
}
