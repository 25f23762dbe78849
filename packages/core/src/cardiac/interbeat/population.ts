/** Whose heart it is: sets limits, bands and window lengths. A child is 2 to 5 years old here. */
export type Population = "adult" | "infant" | "child";

export interface PopulationLimits {
  /** Shortest interbeat interval that a heart of this age makes, ms. */
  readonly shortest: number;
  /** Longest, ms. */
  readonly longest: number;
  /** An epoch with a larger share of corrected intervals is left out. */
  readonly correctedShare: number;
}

/** Share of an epoch or window that must hold valid data; below it the result is NaN. */
export const minimumCoverage = 0.8;

/** A stretch without a usable beat that is longer than this stays missing, s. */
export const maximumGapSeconds = 2;

/** That many bad beats in a row are a damaged stretch, not artefacts to be corrected. */
export const badRunLength = 3;

const limits: Record<Population, PopulationLimits> = {
  adult: { shortest: 300, longest: 2000, correctedShare: 0.1 },
  infant: { shortest: 250, longest: 1000, correctedShare: 0.2 },
  child: { shortest: 300, longest: 1500, correctedShare: 0.1 },
};

/**
 * Limits of interbeat intervals: adult 300-2000 ms, infant 250-1000 ms, child 300-1500 ms; epochs with more than
 * 10 % (infant 20 %) corrected intervals are left out. The child's limits lie between the two on purpose: no
 * published range was followed.
 */
export function populationLimits(population: Population): PopulationLimits {
  return limits[population];
}
