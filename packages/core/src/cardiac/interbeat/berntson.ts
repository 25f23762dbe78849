import { median, quantile } from "../../statistics/index.ts";

export interface BerntsonArtefacts {
  /** Maximum expected difference of two true intervals, 3.32 QD, ms. */
  readonly maximumExpectedDifference: number;
  /** Minimal artefact difference, (median interval - 2.9 QD) / 3, ms. */
  readonly minimalArtefactDifference: number;
  /** Mean of the two, ms. */
  readonly criterion: number;
  /** Intervals k whose difference from interval k - 1 exceeds the criterion, rising. */
  readonly flagged: number[];
}

/**
 * Artefact criterion from the distribution of successive differences.
 *
 *     d_k = IBI_k - IBI_(k-1),   QD = (Q3 - Q1) / 2 of the signed d
 *     criterion = (3.32 QD + (median IBI - 2.9 QD) / 3) / 2,   flagged where |d_k| > criterion
 *
 * QD is that of the differences, and the test is on the differences. Several packages take QD from the intervals
 * and test |IBI - median|, which is another method.
 *
 * @param intervals `[n]`, ms, without NaN
 * @returns NaN criteria and nothing flagged for fewer than two intervals
 * @see Berntson, Quigley, Jang, Boysen, "An approach to artifact identification: application to heart period
 *   data", Psychophysiology 27, 1990.
 */
export function berntsonArtefacts(intervals: ArrayLike<number>): BerntsonArtefacts {
  const differences = new Float64Array(Math.max(0, intervals.length - 1));
  for (let k = 0; k < differences.length; k++) differences[k] = intervals[k + 1] - intervals[k];
  const quartileDeviation = (quantile(differences, 0.75) - quantile(differences, 0.25)) / 2;
  const maximumExpectedDifference = 3.32 * quartileDeviation;
  const minimalArtefactDifference = (median(intervals) - 2.9 * quartileDeviation) / 3;
  const criterion = (maximumExpectedDifference + minimalArtefactDifference) / 2;
  const flagged: number[] = [];
  for (let k = 0; k < differences.length; k++) if (Math.abs(differences[k]) > criterion) flagged.push(k + 1);
  return { maximumExpectedDifference, minimalArtefactDifference, criterion, flagged };
}
