import { OptionError, ShapeError } from "../errors.ts";
import { type PhaseSignal, toAnalytic } from "./phase-measures.ts";

/**
 * n:m phase locking across frequencies, |mean_t e^{i(n phi_a - m phi_b)}|: 1 if n cycles of one always meet m cycles of
 * the other in the same way. In [0, 1]; biased like `plv`.
 *
 * For people whose rhythms differ in frequency. If a runs at f_a and b at f_b, choose n f_a = m f_b: an infant's 6 Hz
 * and an adult's 9 Hz lock as 3:2, so `crossFrequencyPlv(infant, adult, 3, 2)`. With n = m = 1 this is `plv`.
 *
 * @param n multiplies the phase of a, positive integer
 * @param m multiplies the phase of b, positive integer
 * @returns NaN where a sample has no phase (NaN or zero amplitude)
 * @throws OptionError, ShapeError
 * @see Tass et al., "Detection of n:m phase locking from noisy data", Phys Rev Lett 81:3291, 1998.
 */
export function crossFrequencyPlv(a: PhaseSignal, b: PhaseSignal, n: number, m: number): number {
  if (!Number.isInteger(n) || !Number.isInteger(m) || n < 1 || m < 1)
    throw new OptionError(`crossFrequencyPlv n and m must be positive integers, got ${n} and ${m}`);
  const x = toAnalytic(a);
  const y = toAnalytic(b);
  const nSamples = x.real.length;
  if (nSamples === 0 || y.real.length !== nSamples)
    throw new ShapeError(
      "crossFrequencyPlv",
      "two signals of the same length, at least 1",
      `lengths ${nSamples} and ${y.real.length}`,
    );
  let cosine = 0;
  let sine = 0;
  for (let t = 0; t < nSamples; t++) {
    const hasPhase = (x.real[t] !== 0 || x.imaginary[t] !== 0) && (y.real[t] !== 0 || y.imaginary[t] !== 0);
    if (!hasPhase) return Number.NaN;
    const angle = n * Math.atan2(x.imaginary[t], x.real[t]) - m * Math.atan2(y.imaginary[t], y.real[t]);
    cosine += Math.cos(angle);
    sine += Math.sin(angle);
  }
  return Math.hypot(cosine, sine) / nSamples;
}
