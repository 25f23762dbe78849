import { OptionError } from "../errors.ts";
import { type Intervals, requireIntervals, requireObserved, SAME_TIME_SECONDS } from "./intervals.ts";
import { type TwoByTwo, twoByTwo } from "./two-by-two.ts";

export interface LagTableOptions {
  /** Default 1 s. */
  readonly binSeconds?: number;
  /** Lags 0 .. nLags - 1 bins. Default 5. */
  readonly nLags?: number;
  /** When both streams could be seen. Bins count from its beginning; those not wholly inside are left out. */
  readonly observed: Intervals;
}

export interface LagTable extends TwoByTwo {
  /** Bins by which R comes after A. */
  readonly lag: number;
  readonly lagSeconds: number;
}

/**
 * Time-sequential analysis: time in bins, in each "A begins" or not and "R begins" or not, and for every lag the 2 x 2 table of
 * A in bin i against R in bin i + lag, over all pairs of observed bins.
 *
 * Never add tables of several dyads: pool their log odds ratios with `poolLogOddsRatios`.
 *
 * @returns one table per lag
 * @throws OptionError for bins or lags out of range, intervals out of order or no observed time
 * @see Bakeman & Quera 2011; Yoder & Tapp, Journal of Behavioral Education 13:227 (2004) for time windows
 */
export function lagTables(
  acts: Intervals,
  responses: Intervals,
  { binSeconds = 1, nLags = 5, observed }: LagTableOptions,
): LagTable[] {
  if (!(binSeconds > 0) || !Number.isInteger(nLags) || nLags < 1)
    throw new OptionError(
      `lagTables needs binSeconds > 0 and an integer nLags >= 1, got ${binSeconds} and ${nLags}.`,
    );
  requireIntervals("lagTables", acts);
  requireIntervals("lagTables", responses);
  requireObserved("lagTables", observed);
  const start = observed.onsets[0];
  const binOf = (time: number) => Math.floor((time - start + SAME_TIME_SECONDS) / binSeconds);
  const nBins = binOf(observed.offsets[observed.offsets.length - 1]);
  const isSeen = new Uint8Array(nBins);
  for (let span = 0; span < observed.onsets.length; span++) {
    const first = Math.ceil((observed.onsets[span] - start - SAME_TIME_SECONDS) / binSeconds);
    isSeen.fill(1, first, Math.max(first, binOf(observed.offsets[span])));
  }
  const mark = (onsets: Float64Array): Uint8Array => {
    const bins = new Uint8Array(nBins);
    for (const onset of onsets) {
      const bin = binOf(onset);
      if (bin >= 0 && bin < nBins) bins[bin] = 1;
    }
    return bins;
  };
  const hasAct = mark(acts.onsets);
  const hasResponse = mark(responses.onsets);
  return Array.from({ length: nLags }, (_, lag) => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i + lag < nBins; i++)
      if (isSeen[i] && isSeen[i + lag]) counts[2 * (1 - hasAct[i]) + (1 - hasResponse[i + lag])] += 1;
    const [a, b, c, d] = counts;
    return { lag, lagSeconds: lag * binSeconds, ...twoByTwo(a, b, c, d) };
  });
}
