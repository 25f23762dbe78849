import { ShapeError } from "../errors.ts";
import type { AnalyticSignal } from "../spectral/index.ts";
import { PhaseMatrixPlan, type PhaseMeasure } from "./phase-matrix-plan.ts";

/** An analytic signal (`hilbert`), or its phases in radians. A voltage is neither. */
export type PhaseSignal = AnalyticSignal | Float64Array;

/**
 * Phase-locking value, |mean_t e^{i(phi_a - phi_b)}|: 1 if the phase difference is constant, whatever it is. In
 * [0, 1]. Biased upwards by about 1/sqrt(N) for N independent samples; compare equal lengths only, or take `ppc`.
 *
 * All measures of this file take two signals of `[nSamples]`, filtered to one band by the same filter, and return NaN
 * where a signal has no phase (NaN, zero amplitude) or no power. Between two heads there is no volume conduction, so
 * zero-lag measures (PLV, PPC, circular correlation) are right there and lagged ones (ciPLV, wPLI) discard genuine
 * synchrony; within a head it is the other way round.
 *
 * @throws ShapeError when the lengths differ.
 * @see Lachaux et al., Human Brain Mapping 8:194, 1999.
 */
export const plv = (a: PhaseSignal, b: PhaseSignal): number => ofPhases("plv", a, b);

/**
 * Pairwise phase consistency, (N PLV^2 - 1) / (N - 1): the expected cosine between the phase differences of two
 * samples. Unbiased, so it may be slightly negative; 1 for a constant difference. NaN for a single sample.
 *
 * @see Vinck et al., NeuroImage 51:112, 2010.
 */
export const ppc = (a: PhaseSignal, b: PhaseSignal): number => ofPhases("ppc", a, b);

/**
 * Corrected imaginary phase-locking value, |Im m| / sqrt(1 - (Re m)^2) with m = mean_t e^{i(phi_a - phi_b)}. In
 * [0, 1], 0 for two equal phases. Blind to zero lag.
 *
 * @see Bruna, Maestu & Pereda, J Neural Eng 15:056011, 2018
 */
export const ciplv = (a: PhaseSignal, b: PhaseSignal): number => ofPhases("ciplv", a, b);

/**
 * Phase lag index, |mean_t sign Im(z_a conj(z_b))|: how consistently one leads. In [0, 1].
 *
 * @see Stam, Nolte & Daffertshofer, Human Brain Mapping 28:1178, 2007
 */
export const pli = (a: PhaseSignal, b: PhaseSignal): number => ofPhases("pli", a, b);

/**
 * Weighted phase lag index, |sum Im S| / sum |Im S| with S = z_a conj(z_b), amplitudes kept. In [0, 1]; 0 where S is
 * real throughout.
 *
 * @see Vinck et al., NeuroImage 55:1548, 2011
 */
export const wpli = (a: AnalyticSignal, b: AnalyticSignal): number => ofSignals("wpli", a, b);

/** `wpli` before taking the magnitude, in [-1, 1]: positive where the phase of a is ahead of that of b. */
export const wpliSigned = (a: AnalyticSignal, b: AnalyticSignal): number => ofSignals("wpli-signed", a, b);

/**
 * Debiased estimate of the squared wPLI, ((sum Im)^2 - sum Im^2) / ((sum |Im|)^2 - sum Im^2). May be slightly
 * negative. The correction assumes independent samples; neighbouring samples of a filtered signal are not.
 *
 * @see Vinck et al., NeuroImage 55:1548, 2011
 */
export const wpliDebiased = (a: AnalyticSignal, b: AnalyticSignal): number =>
  ofSignals("wpli-debiased", a, b);

/**
 * Circular correlation of two phases, signed, in [-1, 1]:
 *
 *     sum sin(a - ma) sin(b - mb) / sqrt(sum sin^2(a - ma) sum sin^2(b - mb)),   ma, mb the circular means
 *
 * NaN where a phase never changes. Phases that run evenly through the circle have no stable mean; then take the
 * adjusted form.
 *
 * @see Jammalamadaka & SenGupta, Topics in Circular Statistics, 2001; Burgess, Front Hum Neurosci 7:881,
 *   2013.
 */
export const circularCorrelation = (a: PhaseSignal, b: PhaseSignal): number =>
  ofPhases("circular-correlation", a, b);

/**
 * Circular correlation that does not depend on ill-defined means, signed, in [-1, 1]:
 *
 *     (r- - r+) / (2 sqrt(sum sin^2(a - m) sum sin^2(b - n)))
 *
 * with r- = |sum e^{i(a-b)}|, r+ = |sum e^{i(a+b)}|, d and s their angles, m = (s + d) / 2, n = (s - d) / 2. Positive
 * where the phases move together, negative where they mirror each other.
 *
 * @see Jammalamadaka & SenGupta 2001, section 8.2 (means arbitrary); Zimmermann et al., Imaging Neuroscience 2, 2024.
 */
export const adjustedCircularCorrelation = (a: PhaseSignal, b: PhaseSignal): number =>
  ofPhases("adjusted-circular-correlation", a, b);

/**
 * Coherence of two narrow-band signals over time, |sum z_a conj(z_b)| / sqrt(sum |z_a|^2 sum |z_b|^2). Magnitude, not
 * squared. In [0, 1].
 */
export const coherence = (a: AnalyticSignal, b: AnalyticSignal): number => ofSignals("coherence", a, b);

/**
 * Magnitude of the imaginary part of coherency, |sum Im S| / sqrt(sum |z_a|^2 sum |z_b|^2). In [0, 1]; blind to zero
 * lag.
 *
 * @see Nolte et al., Clinical Neurophysiology 115:2292, 2004.
 */
export const imaginaryCoherence = (a: AnalyticSignal, b: AnalyticSignal): number =>
  ofSignals("imaginary-coherence", a, b);

/** `imaginaryCoherence` with its sign, as Nolte defines it: positive where the phase of a is ahead of that of b. */
export const imaginaryCoherenceSigned = (a: AnalyticSignal, b: AnalyticSignal): number =>
  ofSignals("imaginary-coherence-signed", a, b);

/**
 * Pearson correlation of the two amplitudes |z_a| and |z_b|, in [-1, 1]. NaN where one is constant.
 *
 * @see Bruns et al., NeuroReport 11:1509, 2000.
 */
export const envelopeCorrelation = (a: AnalyticSignal, b: AnalyticSignal): number =>
  ofSignals("envelope-correlation", a, b);

const ofPhases = (measure: PhaseMeasure, a: PhaseSignal, b: PhaseSignal): number =>
  ofSignals(measure, toAnalytic(a), toAnalytic(b));

/** Angles become unit phasors; an analytic signal is left as it is. */
export const toAnalytic = (signal: PhaseSignal): AnalyticSignal =>
  signal instanceof Float64Array ? { real: signal.map(Math.cos), imaginary: signal.map(Math.sin) } : signal;

function ofSignals(measure: PhaseMeasure, a: AnalyticSignal, b: AnalyticSignal): number {
  const nSamples = a.real.length;
  if (
    nSamples === 0 ||
    a.imaginary.length !== nSamples ||
    b.real.length !== nSamples ||
    b.imaginary.length !== nSamples
  )
    throw new ShapeError(
      measure,
      "two signals of the same length, at least 1",
      `lengths ${nSamples}, ${a.imaginary.length}, ${b.real.length} and ${b.imaginary.length}`,
    );
  const real = new Float64Array(2 * nSamples);
  const imaginary = new Float64Array(2 * nSamples);
  real.set(a.real);
  real.set(b.real, nSamples);
  imaginary.set(a.imaginary);
  imaginary.set(b.imaginary, nSamples);
  const out = new Float64Array(4);
  new PhaseMatrixPlan(measure, 2, nSamples).execute(out, { real, imaginary });
  return out[1];
}
