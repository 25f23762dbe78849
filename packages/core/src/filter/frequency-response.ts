import { OptionError } from "../errors.ts";
import { countSections } from "./sections.ts";

export interface FrequencyResponse {
  /** Hz, as asked for. */
  readonly frequencies: Float64Array;
  /** |H(f)|, a factor, not decibels. */
  readonly magnitude: Float64Array;
  /** arg H(f), radians in [-pi, pi]; negative is a delay. Not unwrapped. */
  readonly phase: Float64Array;
}

/**
 * Response of a cascade, H(f) = prod_s (b0 + b1 q + b2 q^2) / (1 + a1 q + a2 q^2), q = exp(-2 pi i f / rate).
 *
 * @param sections `[nSections, 6]`
 * @param frequencies Hz
 * @param samplingRate Hz
 */
export function frequencyResponse(
  sections: Float64Array,
  frequencies: ArrayLike<number>,
  samplingRate: number,
): FrequencyResponse {
  const nSections = countSections("frequencyResponse", sections);
  if (!(samplingRate > 0))
    throw new OptionError(
      `frequencyResponse samplingRate must be a positive number of Hz, got ${samplingRate}`,
    );
  const magnitude = new Float64Array(frequencies.length);
  const phase = new Float64Array(frequencies.length);
  for (let i = 0; i < frequencies.length; i++) {
    const w = (2 * Math.PI * frequencies[i]) / samplingRate;
    const c1 = Math.cos(w);
    const s1 = -Math.sin(w);
    const c2 = Math.cos(2 * w);
    const s2 = -Math.sin(2 * w);
    let re = 1;
    let im = 0;
    for (let s = 0; s < nSections * 6; s += 6) {
      const bRe = sections[s] + sections[s + 1] * c1 + sections[s + 2] * c2;
      const bIm = sections[s + 1] * s1 + sections[s + 2] * s2;
      const aRe = 1 + sections[s + 4] * c1 + sections[s + 5] * c2;
      const aIm = sections[s + 4] * s1 + sections[s + 5] * s2;
      const power = aRe * aRe + aIm * aIm;
      const hRe = (bRe * aRe + bIm * aIm) / power;
      const hIm = (bIm * aRe - bRe * aIm) / power;
      const next = re * hRe - im * hIm;
      im = re * hIm + im * hRe;
      re = next;
    }
    magnitude[i] = Math.hypot(re, im);
    phase[i] = Math.atan2(im, re);
  }
  return { frequencies: Float64Array.from(frequencies), magnitude, phase };
}
