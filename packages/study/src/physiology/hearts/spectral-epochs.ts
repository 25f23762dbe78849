import { type CorrectedIntervals, interbeatSeries, type Population, rsaSpectral } from "@attune/core";
import type { SharedTime } from "./shared-span.ts";

const RATE = 4;
/** Seconds that a spectrum of each population wants: ten breaths or so. */
const SHORTEST_SECONDS: Readonly<Record<Population, number>> = { adult: 60, child: 60, infant: 30 };

/** Spectral RSA beside the other one. */
export interface SpectralEpochs {
  /** `[nEpochs]`, ln(ms^2). */
  readonly values: Float64Array;
  /** Seconds that a value covers, from its epoch's start on. */
  readonly seconds: number;
}

/**
 * Power in the breathing band of each epoch. Where epochs are shorter than a spectrum wants (an adult's 30 s), a value covers
 * the next one too and stands in the row in which it begins; the row after it has none, so that no second is counted twice.
 *
 * @param isExcluded whether the epoch of that number is left out: so is every value that covers it
 */
export function spectralEpochs(
  corrected: CorrectedIntervals,
  population: Population,
  { start, end, epochSeconds, nEpochs }: SharedTime,
  isExcluded: (epoch: number) => boolean,
): SpectralEpochs {
  const nCovered = Math.max(1, Math.ceil(SHORTEST_SECONDS[population] / epochSeconds));
  const seconds = nCovered * epochSeconds;
  const series = interbeatSeries(corrected, { samplingRate: RATE, startTime: start, endTime: end });
  const found = rsaSpectral(series.values, {
    samplingRate: RATE,
    population,
    epochSeconds: seconds,
    startTime: start,
  });
  const values = new Float64Array(nEpochs).fill(Number.NaN);
  found.values.forEach((value, k) => {
    const first = k * nCovered;
    const covered = Array.from({ length: nCovered }, (_, offset) => first + offset);
    if (first < nEpochs && !covered.some(isExcluded)) values[first] = value;
  });
  return { values, seconds };
}
