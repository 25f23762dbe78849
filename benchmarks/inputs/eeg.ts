import { mulberry32, normal, simulateVar, type VarTerm } from "@attune/core";

/**
 * How peaked the rhythms are. `broad` leaves regressors that normal equations can tell apart; `peaked` is like band-limited
 * EEG, whose fits lose so many digits that core refines them with the data.
 */
export const POLE_RADIUS = { broad: 0.8, peaked: 0.95 } as const;
export const SAMPLING_RATE = 200;
/** Thirteen frequencies from 3 to 9 Hz, the theta and alpha range of infants, in steps of half a hertz. */
export const FREQUENCIES = Float64Array.from({ length: 13 }, (_, k) => 3 + k / 2);

/**
 * Something like the EEG of an adult (first half of the channels) and an infant (second half) at 200 Hz: a rhythm in every
 * channel near 10 Hz (adult) or 7 Hz (infant), neighbours joined two by two, each adult channel driving the infant channel of its number. Microvolts.
 *
 * @returns `[nChannels, nSamples]`
 */
export function simulateEeg(
  nChannels: number,
  nSamples: number,
  seed: number,
  shape: keyof typeof POLE_RADIUS = "broad",
): Float64Array {
  const radius = POLE_RADIUS[shape];
  const half = nChannels / 2;
  const coefficients: VarTerm[] = [];
  for (let i = 0; i < nChannels; i++) {
    const peak = (i < half ? 10 : 7) + 0.2 * ((i % half) % 5);
    coefficients.push([1, i, i, 2 * radius * Math.cos((2 * Math.PI * peak) / SAMPLING_RATE)]);
    coefficients.push([2, i, i, -(radius ** 2)]);
    if (i % 2 === 1) coefficients.push([3, i, i - 1, 0.05]);
    if (i >= half) coefficients.push([2, i, i - half, 0.1]);
  }
  return simulateVar({
    nChannels,
    coefficients,
    nSamples,
    normal: normal(mulberry32(seed)),
    sd: new Float64Array(nChannels).fill(3),
  });
}

/** Stretches of a record, each `[nChannels, length]`, beginning every `hop` samples. */
export function cutRecord(
  record: Float64Array,
  nChannels: number,
  length: number,
  hop: number,
): Float64Array[] {
  const nSamples = record.length / nChannels;
  const windows: Float64Array[] = [];
  for (let first = 0; first + length <= nSamples; first += hop) {
    const window = new Float64Array(nChannels * length);
    for (let c = 0; c < nChannels; c++) {
      const row = c * nSamples + first;
      window.set(record.subarray(row, row + length), c * length);
    }
    windows.push(window);
  }
  return windows;
}

/** `[nChannels, nSamples]` as an array of arrays, what plain code works on. */
export function toRows(data: Float64Array, nChannels: number): number[][] {
  const nSamples = data.length / nChannels;
  return Array.from({ length: nChannels }, (_, c) =>
    Array.from(data.subarray(c * nSamples, (c + 1) * nSamples)),
  );
}

/** Arrays one after the other. */
export function joinAll(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
