/**
 * Second-order sections over channels, two channels a vector and two vectors a pass: AssemblyScript, compiled into
 * src/filter/biquads-wasm.ts by build.mjs. Operation for operation the arithmetic of src/filter/biquads.ts, so that both
 * give the same bits.
 */

const DOUBLE: usize = 8;

/**
 * @param data     `[nChannels, nSamples]`, replaced by the output
 * @param sections `[nSections, 5]`: b0, b1 - a1 b0, a1, b2 - a2 b0, a2
 * @param state    `[nChannels, nSections, 2]`
 */
export function filter(
  data: usize,
  nChannels: i32,
  nSamples: i32,
  sections: usize,
  nSections: i32,
  state: usize,
): void {
  const row = (nSamples as usize) * DOUBLE;
  const stateRow = (nSections as usize) * 2 * DOUBLE;
  const last = nChannels - 1;
  for (let c = 0; c < nChannels; c += 4) {
    // Lanes without a channel repeat the last one: they read and write the same numbers.
    const c1 = min(c + 1, last) as usize;
    const c2 = min(c + 2, last) as usize;
    const c3 = min(c + 3, last) as usize;
    for (let s = 0; s < nSections; s++) {
      const at = state + (s as usize) * 2 * DOUBLE;
      filterFour(
        data + (c as usize) * row,
        data + c1 * row,
        data + c2 * row,
        data + c3 * row,
        nSamples,
        sections + (s as usize) * 5 * DOUBLE,
        at + (c as usize) * stateRow,
        at + c1 * stateRow,
        at + c2 * stateRow,
        at + c3 * stateRow,
      );
    }
  }
}

/** One section over four channels: two independent chains of vectors keep the arithmetic units busy. */
function filterFour(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  nSamples: i32,
  section: usize,
  state0: usize,
  state1: usize,
  state2: usize,
  state3: usize,
): void {
  const b0 = v128.load64_splat(section);
  const k1 = v128.load64_splat(section, 8);
  const a1 = v128.load64_splat(section, 16);
  const k2 = v128.load64_splat(section, 24);
  const a2 = v128.load64_splat(section, 32);
  let s0 = v128.load64_lane(state1, v128.load64_zero(state0), 1);
  let s1 = v128.load64_lane(state1, v128.load64_zero(state0, 8), 1, 8);
  let r0 = v128.load64_lane(state3, v128.load64_zero(state2), 1);
  let r1 = v128.load64_lane(state3, v128.load64_zero(state2, 8), 1, 8);
  for (const end = x0 + (nSamples as usize) * DOUBLE; x0 < end; ) {
    const x = v128.load64_lane(x1, v128.load64_zero(x0), 1);
    const z = v128.load64_lane(x3, v128.load64_zero(x2), 1);
    const y = f64x2.add(f64x2.mul(b0, x), s0);
    const w = f64x2.add(f64x2.mul(b0, z), r0);
    const s = f64x2.sub(f64x2.add(f64x2.mul(k1, x), s1), f64x2.mul(a1, s0));
    const r = f64x2.sub(f64x2.add(f64x2.mul(k1, z), r1), f64x2.mul(a1, r0));
    s1 = f64x2.sub(f64x2.mul(k2, x), f64x2.mul(a2, s0));
    r1 = f64x2.sub(f64x2.mul(k2, z), f64x2.mul(a2, r0));
    s0 = s;
    r0 = r;
    v128.store64_lane(x0, y, 0);
    v128.store64_lane(x1, y, 1);
    v128.store64_lane(x2, w, 0);
    v128.store64_lane(x3, w, 1);
    x0 += DOUBLE;
    x1 += DOUBLE;
    x2 += DOUBLE;
    x3 += DOUBLE;
  }
  v128.store64_lane(state0, s0, 0);
  v128.store64_lane(state1, s0, 1);
  v128.store64_lane(state0, s1, 0, 8);
  v128.store64_lane(state1, s1, 1, 8);
  v128.store64_lane(state2, r0, 0);
  v128.store64_lane(state3, r0, 1);
  v128.store64_lane(state2, r1, 0, 8);
  v128.store64_lane(state3, r1, 1, 8);
}
