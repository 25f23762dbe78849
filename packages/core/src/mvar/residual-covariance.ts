/**
 * Covariance of residuals over windows: E E' / rows, or about the mean over all windows and divided by rows - 1.
 *
 * @param residuals `[n, nRows_w]` each
 * @param out       `[n, n]`
 */
export function residualCovariance(
  residuals: readonly Float64Array[],
  n: number,
  aboutMean: boolean,
  out: Float64Array,
): void {
  let nRows = 0;
  const means = new Float64Array(n);
  for (const window of residuals) {
    const nSamples = window.length / n;
    nRows += nSamples;
    for (let i = 0; i < n; i++) {
      for (let t = 0; t < nSamples; t++) means[i] += window[i * nSamples + t];
    }
  }
  for (let i = 0; i < n; i++) means[i] = aboutMean ? means[i] / nRows : 0;
  out.fill(0);
  for (const window of residuals) {
    const nSamples = window.length / n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let t = 0; t < nSamples; t++)
          sum += (window[i * nSamples + t] - means[i]) * (window[j * nSamples + t] - means[j]);
        out[i * n + j] += sum;
      }
    }
  }
  const divisor = aboutMean ? nRows - 1 : nRows;
  for (let i = 0; i < out.length; i++) out[i] /= divisor;
}
