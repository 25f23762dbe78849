/**
 * Inner products of one series with earlier copies of another:
 *
 *     out[l] = sum_{r=0}^{nRows-1} lead[leadStart + r] * lagged[laggedStart + r - l],   l = 0 .. nLags - 1
 *
 * The innermost loop of every least-squares fit. Four lags and four samples at a time: eight loads serve sixteen
 * products, and each sum receives one addition per step, so that additions do not wait for each other.
 * Allocates nothing; reads back to `laggedStart - nLags + 1`.
 */
export function lagProducts(
  out: Float64Array,
  nLags: number,
  lead: Float64Array,
  leadStart: number,
  lagged: Float64Array,
  laggedStart: number,
  nRows: number,
): void {
  let l = 0;
  for (; l + 3 < nLags; l += 4) {
    const back = laggedStart - l;
    let y1 = lagged[back - 1];
    let y2 = lagged[back - 2];
    let y3 = lagged[back - 3];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let r = 0;
    for (; r + 3 < nRows; r += 4) {
      const x0 = lead[leadStart + r];
      const x1 = lead[leadStart + r + 1];
      const x2 = lead[leadStart + r + 2];
      const x3 = lead[leadStart + r + 3];
      const z0 = lagged[back + r];
      const z1 = lagged[back + r + 1];
      const z2 = lagged[back + r + 2];
      const z3 = lagged[back + r + 3];
      s0 += x0 * z0 + x1 * z1 + (x2 * z2 + x3 * z3);
      s1 += x0 * y1 + x1 * z0 + (x2 * z1 + x3 * z2);
      s2 += x0 * y2 + x1 * y1 + (x2 * z0 + x3 * z1);
      s3 += x0 * y3 + x1 * y2 + (x2 * y1 + x3 * z0);
      y3 = z1;
      y2 = z2;
      y1 = z3;
    }
    for (; r < nRows; r++) {
      const x = lead[leadStart + r];
      const at = back + r;
      s0 += x * lagged[at];
      s1 += x * lagged[at - 1];
      s2 += x * lagged[at - 2];
      s3 += x * lagged[at - 3];
    }
    out[l] = s0;
    out[l + 1] = s1;
    out[l + 2] = s2;
    out[l + 3] = s3;
  }
  if (nLags - l === 3) {
    lastThree(out, l, lead, leadStart, lagged, laggedStart - l, nRows);
    return;
  }
  for (; l < nLags; l++) {
    const back = laggedStart - l;
    let s0 = 0;
    let s1 = 0;
    let r = 0;
    for (; r + 3 < nRows; r += 4) {
      s0 += lead[leadStart + r] * lagged[back + r] + lead[leadStart + r + 1] * lagged[back + r + 1];
      s1 += lead[leadStart + r + 2] * lagged[back + r + 2] + lead[leadStart + r + 3] * lagged[back + r + 3];
    }
    for (; r < nRows; r++) s0 += lead[leadStart + r] * lagged[back + r];
    out[l] = s0 + s1;
  }
}

/** Three lags at a time: what is left of the eleven that order ten needs. */
function lastThree(
  out: Float64Array,
  l: number,
  lead: Float64Array,
  leadStart: number,
  lagged: Float64Array,
  back: number,
  nRows: number,
): void {
  let y1 = lagged[back - 1];
  let y2 = lagged[back - 2];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let r = 0;
  for (; r + 3 < nRows; r += 4) {
    const x0 = lead[leadStart + r];
    const x1 = lead[leadStart + r + 1];
    const x2 = lead[leadStart + r + 2];
    const x3 = lead[leadStart + r + 3];
    const z0 = lagged[back + r];
    const z1 = lagged[back + r + 1];
    const z2 = lagged[back + r + 2];
    const z3 = lagged[back + r + 3];
    s0 += x0 * z0 + x1 * z1 + (x2 * z2 + x3 * z3);
    s1 += x0 * y1 + x1 * z0 + (x2 * z1 + x3 * z2);
    s2 += x0 * y2 + x1 * y1 + (x2 * z0 + x3 * z1);
    y2 = z2;
    y1 = z3;
  }
  for (; r < nRows; r++) {
    const x = lead[leadStart + r];
    const at = back + r;
    s0 += x * lagged[at];
    s1 += x * lagged[at - 1];
    s2 += x * lagged[at - 2];
  }
  out[l] = s0;
  out[l + 1] = s1;
  out[l + 2] = s2;
}

/**
 * The reverse: takes a weighted sum of earlier copies away,
 *
 *     out[outStart + r] -= sum_{l=0}^{nLags-1} weights[l] * lagged[laggedStart + r - l],   r = 0 .. nRows - 1
 *
 * so that one call per pair of channels turns data into residuals. Allocates nothing. `out` is not `lagged`.
 */
export function subtractLagged(
  out: Float64Array,
  outStart: number,
  weights: Float64Array,
  nLags: number,
  lagged: Float64Array,
  laggedStart: number,
  nRows: number,
): void {
  let l = 0;
  for (; l + 3 < nLags; l += 4) {
    const w0 = weights[l];
    const w1 = weights[l + 1];
    const w2 = weights[l + 2];
    const w3 = weights[l + 3];
    const back = laggedStart - l;
    let y1 = lagged[back - 1];
    let y2 = lagged[back - 2];
    let y3 = lagged[back - 3];
    let r = 0;
    for (; r + 3 < nRows; r += 4) {
      const z0 = lagged[back + r];
      const z1 = lagged[back + r + 1];
      const z2 = lagged[back + r + 2];
      const z3 = lagged[back + r + 3];
      out[outStart + r] -= w0 * z0 + w1 * y1 + (w2 * y2 + w3 * y3);
      out[outStart + r + 1] -= w0 * z1 + w1 * z0 + (w2 * y1 + w3 * y2);
      out[outStart + r + 2] -= w0 * z2 + w1 * z1 + (w2 * z0 + w3 * y1);
      out[outStart + r + 3] -= w0 * z3 + w1 * z2 + (w2 * z1 + w3 * z0);
      y3 = z1;
      y2 = z2;
      y1 = z3;
    }
    for (; r < nRows; r++) {
      const at = back + r;
      out[outStart + r] -=
        w0 * lagged[at] + w1 * lagged[at - 1] + (w2 * lagged[at - 2] + w3 * lagged[at - 3]);
    }
  }
  for (; l < nLags; l++) {
    const w = weights[l];
    const back = laggedStart - l;
    for (let r = 0; r < nRows; r++) out[outStart + r] -= w * lagged[back + r];
  }
}
