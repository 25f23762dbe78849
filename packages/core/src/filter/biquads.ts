/**
 * Second-order sections over channels in plain JavaScript, one channel after another.
 *
 * @param out      `[nChannels, nSamples]`; may be `data`
 * @param data     `[nChannels, nSamples]`
 * @param sections `[nSections, 5]` as `biquadCoefficients` returns them
 * @param state    `[nChannels, nSections, 2]`, brought forward
 */
export function filterBiquads(
  out: Float64Array,
  data: Float64Array,
  nChannels: number,
  nSamples: number,
  sections: Float64Array,
  state: Float64Array,
): void {
  const nSections = sections.length / 5;
  const width = nSections * 2;
  for (let c = 0; c < nChannels; c++) {
    const from = c * nSamples;
    let source = data;
    let s = 0;
    for (; s + 2 <= nSections; s += 2) {
      filterTwo(out, source, from, nSamples, sections, s * 5, state, c * width + s * 2);
      source = out;
    }
    if (s < nSections) filterOne(out, source, from, nSamples, sections, s * 5, state, c * width + s * 2);
  }
}

/**
 * What a sample is multiplied with, `[nSections, 5]`: b0, b1 - a1 b0, a1, b2 - a2 b0, a2.
 *
 * @param sections `[nSections, 6]`, b0 b1 b2 a0 a1 a2 with a0 = 1
 */
export function biquadCoefficients(sections: Float64Array): Float64Array {
  const nSections = sections.length / 6;
  const out = new Float64Array(nSections * 5);
  for (let s = 0; s < nSections; s++) {
    const [b0, b1, b2, , a1, a2] = sections.subarray(s * 6, s * 6 + 6);
    out.set([b0, b1 - a1 * b0, a1, b2 - a2 * b0, a2], s * 5);
  }
  return out;
}

function filterOne(
  out: Float64Array,
  data: Float64Array,
  from: number,
  nSamples: number,
  sections: Float64Array,
  section: number,
  state: Float64Array,
  at: number,
): void {
  const b0 = sections[section];
  const k1 = sections[section + 1];
  const a1 = sections[section + 2];
  const k2 = sections[section + 3];
  const a2 = sections[section + 4];
  let s0 = state[at];
  let s1 = state[at + 1];
  for (let n = from; n < from + nSamples; n++) {
    const x = data[n];
    out[n] = b0 * x + s0;
    const next = k1 * x + s1 - a1 * s0;
    s1 = k2 * x - a2 * s0;
    s0 = next;
  }
  state[at] = s0;
  state[at + 1] = s1;
}

/** Two sections in one pass: the signal between them never leaves a register. */
function filterTwo(
  out: Float64Array,
  data: Float64Array,
  from: number,
  nSamples: number,
  sections: Float64Array,
  section: number,
  state: Float64Array,
  at: number,
): void {
  const b0 = sections[section];
  const k1 = sections[section + 1];
  const a1 = sections[section + 2];
  const k2 = sections[section + 3];
  const a2 = sections[section + 4];
  const d0 = sections[section + 5];
  const m1 = sections[section + 6];
  const c1 = sections[section + 7];
  const m2 = sections[section + 8];
  const c2 = sections[section + 9];
  let s0 = state[at];
  let s1 = state[at + 1];
  let r0 = state[at + 2];
  let r1 = state[at + 3];
  for (let n = from; n < from + nSamples; n++) {
    const x = data[n];
    const y = b0 * x + s0;
    const s = k1 * x + s1 - a1 * s0;
    s1 = k2 * x - a2 * s0;
    s0 = s;
    out[n] = d0 * y + r0;
    const r = m1 * y + r1 - c1 * r0;
    r1 = m2 * y - c2 * r0;
    r0 = r;
  }
  state[at] = s0;
  state[at + 1] = s1;
  state[at + 2] = r0;
  state[at + 3] = r1;
}
