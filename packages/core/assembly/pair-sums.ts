/**
 * Sums over samples for all pairs of channels, two columns a vector: AssemblyScript, compiled into
 * src/phase/pair-sums-wasm.ts by build.mjs. Every sum runs over time in the order of src/phase/pair-sums.ts and rounds where
 * that does, so both give the same bits.
 *
 * `n`, the number of channels, is a multiple of four. Signals are `[n, nSamples]`, results `[n, n]`; of these only i <= j
 * means something.
 */

const DOUBLE: usize = 8;

/** Two channels at one time. */
function column(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

/** first + i second = sum_t a_i conj(b_j); two rows by four columns. */
export function complexProducts(
  first: usize,
  second: usize,
  aReal: usize,
  aImaginary: usize,
  bReal: usize,
  bImaginary: usize,
  n: i32,
  nSamples: i32,
): void {
  const row = (nSamples as usize) * DOUBLE;
  const width = (n as usize) * DOUBLE;
  for (let i = 0; i < n; i += 2) {
    for (let j = i & ~3; j < n; j += 4) {
      let p0 = aReal + (i as usize) * row;
      let q0 = aImaginary + (i as usize) * row;
      let r0 = bReal + (j as usize) * row;
      let s0 = bImaginary + (j as usize) * row;
      const end = r0 + row;
      let re00 = f64x2.splat(0);
      let re01 = f64x2.splat(0);
      let re10 = f64x2.splat(0);
      let re11 = f64x2.splat(0);
      let im00 = f64x2.splat(0);
      let im01 = f64x2.splat(0);
      let im10 = f64x2.splat(0);
      let im11 = f64x2.splat(0);
      while (r0 < end) {
        const ra = column(r0, r0 + row);
        const rb = column(r0 + 2 * row, r0 + 3 * row);
        const sa = column(s0, s0 + row);
        const sb = column(s0 + 2 * row, s0 + 3 * row);
        let p = v128.load64_splat(p0);
        let q = v128.load64_splat(q0);
        re00 = f64x2.add(re00, f64x2.add(f64x2.mul(p, ra), f64x2.mul(q, sa)));
        im00 = f64x2.add(im00, f64x2.sub(f64x2.mul(q, ra), f64x2.mul(p, sa)));
        re01 = f64x2.add(re01, f64x2.add(f64x2.mul(p, rb), f64x2.mul(q, sb)));
        im01 = f64x2.add(im01, f64x2.sub(f64x2.mul(q, rb), f64x2.mul(p, sb)));
        p = v128.load64_splat(p0 + row);
        q = v128.load64_splat(q0 + row);
        re10 = f64x2.add(re10, f64x2.add(f64x2.mul(p, ra), f64x2.mul(q, sa)));
        im10 = f64x2.add(im10, f64x2.sub(f64x2.mul(q, ra), f64x2.mul(p, sa)));
        re11 = f64x2.add(re11, f64x2.add(f64x2.mul(p, rb), f64x2.mul(q, sb)));
        im11 = f64x2.add(im11, f64x2.sub(f64x2.mul(q, rb), f64x2.mul(p, sb)));
        p0 += DOUBLE;
        q0 += DOUBLE;
        r0 += DOUBLE;
        s0 += DOUBLE;
      }
      const top = (i as usize) * width + (j as usize) * DOUBLE;
      store(first + top, width, re00, re01, re10, re11);
      store(second + top, width, im00, im01, im10, im11);
    }
  }
}

/** first = sum_t a_i a_j; four rows by four columns. */
export function realProducts(first: usize, rows: usize, n: i32, nSamples: i32): void {
  const row = (nSamples as usize) * DOUBLE;
  const width = (n as usize) * DOUBLE;
  for (let i = 0; i < n; i += 4) {
    for (let j = i; j < n; j += 4) {
      let a = rows + (i as usize) * row;
      let b = rows + (j as usize) * row;
      const end = a + row;
      let sum00 = f64x2.splat(0);
      let sum01 = f64x2.splat(0);
      let sum10 = f64x2.splat(0);
      let sum11 = f64x2.splat(0);
      let sum20 = f64x2.splat(0);
      let sum21 = f64x2.splat(0);
      let sum30 = f64x2.splat(0);
      let sum31 = f64x2.splat(0);
      while (a < end) {
        const r = column(b, b + row);
        const s = column(b + 2 * row, b + 3 * row);
        let p = v128.load64_splat(a);
        sum00 = f64x2.add(sum00, f64x2.mul(p, r));
        sum01 = f64x2.add(sum01, f64x2.mul(p, s));
        p = v128.load64_splat(a + row);
        sum10 = f64x2.add(sum10, f64x2.mul(p, r));
        sum11 = f64x2.add(sum11, f64x2.mul(p, s));
        p = v128.load64_splat(a + 2 * row);
        sum20 = f64x2.add(sum20, f64x2.mul(p, r));
        sum21 = f64x2.add(sum21, f64x2.mul(p, s));
        p = v128.load64_splat(a + 3 * row);
        sum30 = f64x2.add(sum30, f64x2.mul(p, r));
        sum31 = f64x2.add(sum31, f64x2.mul(p, s));
        a += DOUBLE;
        b += DOUBLE;
      }
      const top = first + (i as usize) * width + (j as usize) * DOUBLE;
      store(top, width, sum00, sum01, sum10, sum11);
      store(top + 2 * width, width, sum20, sum21, sum30, sum31);
    }
  }
}

/** With v = Im(z_i conj(z_j)): first = sum_t v, second = sum_t |v|; two rows by four columns. */
export function imaginaryParts(
  first: usize,
  second: usize,
  real: usize,
  imaginary: usize,
  n: i32,
  nSamples: i32,
): void {
  const row = (nSamples as usize) * DOUBLE;
  const width = (n as usize) * DOUBLE;
  for (let i = 0; i < n; i += 2) {
    for (let j = i & ~3; j < n; j += 4) {
      let p0 = real + (i as usize) * row;
      let q0 = imaginary + (i as usize) * row;
      let r0 = real + (j as usize) * row;
      let s0 = imaginary + (j as usize) * row;
      const end = r0 + row;
      let sum00 = f64x2.splat(0);
      let sum01 = f64x2.splat(0);
      let sum10 = f64x2.splat(0);
      let sum11 = f64x2.splat(0);
      let abs00 = f64x2.splat(0);
      let abs01 = f64x2.splat(0);
      let abs10 = f64x2.splat(0);
      let abs11 = f64x2.splat(0);
      while (r0 < end) {
        const ra = column(r0, r0 + row);
        const rb = column(r0 + 2 * row, r0 + 3 * row);
        const sa = column(s0, s0 + row);
        const sb = column(s0 + 2 * row, s0 + 3 * row);
        let p = v128.load64_splat(p0);
        let q = v128.load64_splat(q0);
        let v = f64x2.sub(f64x2.mul(q, ra), f64x2.mul(p, sa));
        sum00 = f64x2.add(sum00, v);
        abs00 = f64x2.add(abs00, f64x2.abs(v));
        v = f64x2.sub(f64x2.mul(q, rb), f64x2.mul(p, sb));
        sum01 = f64x2.add(sum01, v);
        abs01 = f64x2.add(abs01, f64x2.abs(v));
        p = v128.load64_splat(p0 + row);
        q = v128.load64_splat(q0 + row);
        v = f64x2.sub(f64x2.mul(q, ra), f64x2.mul(p, sa));
        sum10 = f64x2.add(sum10, v);
        abs10 = f64x2.add(abs10, f64x2.abs(v));
        v = f64x2.sub(f64x2.mul(q, rb), f64x2.mul(p, sb));
        sum11 = f64x2.add(sum11, v);
        abs11 = f64x2.add(abs11, f64x2.abs(v));
        p0 += DOUBLE;
        q0 += DOUBLE;
        r0 += DOUBLE;
        s0 += DOUBLE;
      }
      const top = (i as usize) * width + (j as usize) * DOUBLE;
      store(first + top, width, sum00, sum01, sum10, sum11);
      store(second + top, width, abs00, abs01, abs10, abs11);
    }
  }
}

/** Two rows by four columns of a result. */
function store(top: usize, width: usize, v00: v128, v01: v128, v10: v128, v11: v128): void {
  v128.store(top, v00);
  v128.store(top, v01, 16);
  v128.store(top + width, v10);
  v128.store(top + width, v11, 16);
}
