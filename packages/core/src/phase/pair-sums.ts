/*
 * Sums over samples for all pairs of channels i <= j, two by two: eight loads serve four pairs, and the eight sums are
 * independent chains. All take buffers of an even number of channels `n`, `[n, nSamples]`, and write `[n, n]`, of which
 * only i <= j means something.
 */

/** first + i second = sum_t a_i conj(b_j). */
export function complexProducts(
  first: Float64Array,
  second: Float64Array,
  aReal: Float64Array,
  aImaginary: Float64Array,
  bReal: Float64Array,
  bImaginary: Float64Array,
  n: number,
  nSamples: number,
): void {
  for (let i = 0; i < n; i += 2)
    for (let j = i; j < n; j += 2) {
      let re00 = 0;
      let im00 = 0;
      let re01 = 0;
      let im01 = 0;
      let re10 = 0;
      let im10 = 0;
      let re11 = 0;
      let im11 = 0;
      const a0 = i * nSamples;
      const a1 = a0 + nSamples;
      const b0 = j * nSamples;
      const b1 = b0 + nSamples;
      for (let t = 0; t < nSamples; t++) {
        const p0 = aReal[a0 + t];
        const q0 = aImaginary[a0 + t];
        const p1 = aReal[a1 + t];
        const q1 = aImaginary[a1 + t];
        const r0 = bReal[b0 + t];
        const s0 = bImaginary[b0 + t];
        const r1 = bReal[b1 + t];
        const s1 = bImaginary[b1 + t];
        re00 += p0 * r0 + q0 * s0;
        im00 += q0 * r0 - p0 * s0;
        re01 += p0 * r1 + q0 * s1;
        im01 += q0 * r1 - p0 * s1;
        re10 += p1 * r0 + q1 * s0;
        im10 += q1 * r0 - p1 * s0;
        re11 += p1 * r1 + q1 * s1;
        im11 += q1 * r1 - p1 * s1;
      }
      const top = i * n + j;
      first[top] = re00;
      first[top + 1] = re01;
      first[top + n] = re10;
      first[top + n + 1] = re11;
      second[top] = im00;
      second[top + 1] = im01;
      second[top + n] = im10;
      second[top + n + 1] = im11;
    }
}

/** first = sum_t a_i a_j of real rows. */
export function realProducts(first: Float64Array, rows: Float64Array, n: number, nSamples: number): void {
  for (let i = 0; i < n; i += 2)
    for (let j = i; j < n; j += 2) {
      let sum00 = 0;
      let sum01 = 0;
      let sum10 = 0;
      let sum11 = 0;
      const a0 = i * nSamples;
      const a1 = a0 + nSamples;
      const b0 = j * nSamples;
      const b1 = b0 + nSamples;
      for (let t = 0; t < nSamples; t++) {
        const p0 = rows[a0 + t];
        const p1 = rows[a1 + t];
        const r0 = rows[b0 + t];
        const r1 = rows[b1 + t];
        sum00 += p0 * r0;
        sum01 += p0 * r1;
        sum10 += p1 * r0;
        sum11 += p1 * r1;
      }
      const top = i * n + j;
      first[top] = sum00;
      first[top + 1] = sum01;
      first[top + n] = sum10;
      first[top + n + 1] = sum11;
    }
}

/** With v = Im(z_i conj(z_j)): first = sum_t v, second = sum_t |v|. */
export function imaginaryParts(
  first: Float64Array,
  second: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  n: number,
  nSamples: number,
): void {
  for (let i = 0; i < n; i += 2)
    for (let j = i; j < n; j += 2) {
      let sum00 = 0;
      let abs00 = 0;
      let sum01 = 0;
      let abs01 = 0;
      let sum10 = 0;
      let abs10 = 0;
      let sum11 = 0;
      let abs11 = 0;
      const a0 = i * nSamples;
      const a1 = a0 + nSamples;
      const b0 = j * nSamples;
      const b1 = b0 + nSamples;
      for (let t = 0; t < nSamples; t++) {
        const p0 = real[a0 + t];
        const q0 = imaginary[a0 + t];
        const p1 = real[a1 + t];
        const q1 = imaginary[a1 + t];
        const r0 = real[b0 + t];
        const s0 = imaginary[b0 + t];
        const r1 = real[b1 + t];
        const s1 = imaginary[b1 + t];
        const v00 = q0 * r0 - p0 * s0;
        const v01 = q0 * r1 - p0 * s1;
        const v10 = q1 * r0 - p1 * s0;
        const v11 = q1 * r1 - p1 * s1;
        sum00 += v00;
        abs00 += Math.abs(v00);
        sum01 += v01;
        abs01 += Math.abs(v01);
        sum10 += v10;
        abs10 += Math.abs(v10);
        sum11 += v11;
        abs11 += Math.abs(v11);
      }
      const top = i * n + j;
      first[top] = sum00;
      first[top + 1] = sum01;
      first[top + n] = sum10;
      first[top + n + 1] = sum11;
      second[top] = abs00;
      second[top + 1] = abs01;
      second[top + n] = abs10;
      second[top + n + 1] = abs11;
    }
}

/** first = sum_t sign Im(z_i conj(z_j)). */
export function imaginarySigns(
  first: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  n: number,
  nSamples: number,
): void {
  // v / (|v| + smallest) is the sign without a branch, which random signs would mispredict half the time.
  const smallest = 2.3e-308;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let signs = 0;
      const a = i * nSamples;
      const b = j * nSamples;
      for (let t = 0; t < nSamples; t++) {
        const v = imaginary[a + t] * real[b + t] - real[a + t] * imaginary[b + t];
        signs += v / (Math.abs(v) + smallest);
      }
      first[i * n + j] = signs;
    }
}

/** first = sum_t (Im(z_i conj(z_j)))^2. */
export function imaginarySquares(
  first: Float64Array,
  real: Float64Array,
  imaginary: Float64Array,
  n: number,
  nSamples: number,
): void {
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let squares = 0;
      const a = i * nSamples;
      const b = j * nSamples;
      for (let t = 0; t < nSamples; t++) {
        const v = imaginary[a + t] * real[b + t] - real[a + t] * imaginary[b + t];
        squares += v * v;
      }
      first[i * n + j] = squares;
    }
}
