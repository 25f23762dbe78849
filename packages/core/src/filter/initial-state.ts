import { countSections } from "./sections.ts";

/**
 * State of every section as if its input had been 1 forever (`scipy.signal.sosfilt_zi`).
 *
 * Multiply it by the first sample and the filter starts without the step from 0 to that sample: a constant input
 * gives a constant output from sample 0 on. For the transposed direct form II with the section's own gain
 * g = (b0 + b1 + b2) / (1 + a1 + a2) and the gain u of the sections before it:
 *
 *     s0 = u (g - b0),   s1 = u (b2 - a2 g)
 *
 * A section with a pole at z = 1 has no such state; its entries are not finite.
 *
 * @returns `[nSections, 2]`
 */
export function sosfiltInitialState(sections: Float64Array): Float64Array {
  const nSections = countSections("sosfiltInitialState", sections);
  const state = new Float64Array(nSections * 2);
  let upstream = 1;
  for (let s = 0; s < nSections; s++) {
    const b0 = sections[s * 6];
    const b1 = sections[s * 6 + 1];
    const b2 = sections[s * 6 + 2];
    const a1 = sections[s * 6 + 4];
    const a2 = sections[s * 6 + 5];
    const gain = (b0 + b1 + b2) / (1 + a1 + a2);
    // g - b0 written without the cancellation that a gain near b0 would suffer.
    state[s * 2] = (upstream * (b1 + b2 - (a1 + a2) * b0)) / (1 + a1 + a2);
    state[s * 2 + 1] = upstream * (b2 - a2 * gain);
    upstream *= gain;
  }
  return state;
}
