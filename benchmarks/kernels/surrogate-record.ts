import { DirectedFit, directionsBetween, frequencyGrid, WindowSet } from "@attune/core";
import { cutRecord, SAMPLING_RATE, simulateEeg, toRows } from "../inputs/eeg.ts";
import type { PlainStudy } from "../peers/plain-surrogates.ts";

export const N_CHANNELS = 4;
export const ORDER = 8;
export const N_SAMPLES = 200;
export const N_SURROGATES = 1000;
export const PEOPLE = [
  { id: "adult", nChannels: 2 },
  { id: "infant", nChannels: 2 },
] as const;
const FREQUENCY_BINS = 256;
const BANDS = [
  { name: "theta", low: 3, high: 6 },
  { name: "alpha", low: 6, high: 9 },
];

/** Ten minutes at 200 Hz, `[4, 120000]`. */
export const tenMinutes = (): Float64Array => simulateEeg(N_CHANNELS, 600 * SAMPLING_RATE, 7);

/** 600 windows of 1 s that do not overlap. */
export function windowSet(record: Float64Array): WindowSet {
  return new WindowSet(PEOPLE, N_SAMPLES, cutRecord(record, N_CHANNELS, N_SAMPLES, N_SAMPLES));
}

export const directions = directionsBetween(new WindowSet(PEOPLE, N_SAMPLES, []).people);

export const newFit = (): DirectedFit =>
  new DirectedFit({
    nChannels: N_CHANNELS,
    order: ORDER,
    samplingRate: SAMPLING_RATE,
    frequencyBins: FREQUENCY_BINS,
    bands: BANDS,
  });

export const N_BANDS = BANDS.length;

/** The same bands as lists of frequencies, for rivals. */
export const study: PlainStudy = {
  order: ORDER,
  rate: SAMPLING_RATE,
  bands: BANDS.map(({ low, high }) =>
    [...frequencyGrid({ samplingRate: SAMPLING_RATE, nfft: FREQUENCY_BINS })].filter(
      (f) => f >= low && f <= high,
    ),
  ),
};

export const plainWindows = (set: WindowSet): number[][][] =>
  set.windows.map((window) => toRows(window, N_CHANNELS));

/** Order of single windows from the order of units of neighbours. */
export function expandUnits(units: Int32Array, unit: number): Float64Array {
  return Float64Array.from(
    { length: units.length * unit },
    (_, w) => units[Math.floor(w / unit)]! * unit + (w % unit),
  );
}
