import type { AnalyticSignal } from "../spectral/index.ts";

/** Whether a measure exists for a channel: all finite, with power, and for phase with no sample of zero amplitude. */
export function definedChannels(
  isDefined: Uint8Array,
  { real, imaginary }: AnalyticSignal,
  nSamples: number,
  needsEverySample: boolean,
): void {
  for (let c = 0; c < isDefined.length; c++) {
    let total = 0;
    let zeros = 0;
    for (let i = c * nSamples; i < (c + 1) * nSamples; i++) {
      const power = real[i] * real[i] + imaginary[i] * imaginary[i];
      total += power;
      if (power === 0) zeros++;
    }
    isDefined[c] = total > 0 && Number.isFinite(total) && (zeros === 0 || !needsEverySample) ? 1 : 0;
  }
}

/** z <- z / |z|, in place, for the first `length` samples. */
export function toUnitPhasors(real: Float64Array, imaginary: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const scale = 1 / Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
    real[i] *= scale;
    imaginary[i] *= scale;
  }
}

/**
 * Unit phasors to sines of the deviation from the circular mean m, in place in `real`:
 *
 *     sin(phi - m) = (sin(phi) sum cos - cos(phi) sum sin) / R
 */
export function centredSines(
  real: Float64Array,
  imaginary: Float64Array,
  nChannels: number,
  nSamples: number,
): void {
  for (let c = 0; c < nChannels; c++) {
    const from = c * nSamples;
    let cosine = 0;
    let sine = 0;
    for (let i = from; i < from + nSamples; i++) {
      cosine += real[i];
      sine += imaginary[i];
    }
    const length = Math.hypot(cosine, sine);
    // Phases spread evenly have no mean direction; 0 is as good as any and is what atan2(0, 0) gives.
    cosine = length === 0 ? 1 : cosine / length;
    sine = length === 0 ? 0 : sine / length;
    for (let i = from; i < from + nSamples; i++) real[i] = imaginary[i] * cosine - real[i] * sine;
  }
}

/** Analytic signals to amplitudes without their mean, in place in `real`. */
export function centredEnvelopes(
  real: Float64Array,
  imaginary: Float64Array,
  nChannels: number,
  nSamples: number,
): void {
  for (let c = 0; c < nChannels; c++) {
    const from = c * nSamples;
    let mean = 0;
    for (let i = from; i < from + nSamples; i++) {
      real[i] = Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
      mean += real[i];
    }
    mean /= nSamples;
    for (let i = from; i < from + nSamples; i++) real[i] -= mean;
  }
}
