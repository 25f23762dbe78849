import {
  type CovariationStatistic,
  concordanceIndex,
  detrendedCovariation,
  laggedCorrelation,
  susy,
  waveletCoherence,
  welchCoherence,
  windowedCrossCorrelation,
  windowedCrqa,
} from "@attune/core";
import type { Description } from "../result.ts";
import { describeCrqa, describeLags, describeSusy, mean, signedPeak, strongestLag } from "./descriptions.ts";

/** An exploratory measure of covariation: one number that is large when two series covary. */
export interface ExploratoryMeasure {
  readonly id: string;
  readonly series: "ibi" | "rsa" | "arousal";
  readonly description: string;
  readonly unit: string;
  /** Recordings longer than this do not get it: its nulls would take hours. */
  readonly longestSeconds: number;
  readonly statistic: CovariationStatistic;
  /** Where the covariation lies, seconds, positive where the first member leads; absent for measures without a lag. */
  lag?(first: Float64Array, second: Float64Array): number;
  /** Numbers that describe the same thing further; they are not tested. */
  describe?(first: Float64Array, second: Float64Array): Description[];
}

const samplingRate = 1;
const NO_LIMIT = Number.POSITIVE_INFINITY;
const ONE_HOUR = 3600;
const HALF_A_DAY = 12 * ONE_HOUR;
/** Hz: the slow rhythms, in which hearts of two ages have something in common. */
const SLOW_BAND: readonly [number, number] = [0.02, 0.12];
const FREQUENCIES = [0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12];

/** CRQA in windows of at most four minutes, whole where the recording is shorter. */
const crqaSeconds = (n: number): number => Math.min(240, n);

const ibiLags = { samplingRate, windowSeconds: 30, stepSeconds: 10, maxLagSeconds: 8 };
const rsaLags = { samplingRate, windowSeconds: 60, stepSeconds: 10, maxLagSeconds: 15 };

/** The exploratory family, declared here and nowhere else: its size enters the correction. */
export const exploratoryMeasures: readonly ExploratoryMeasure[] = [
  {
    id: "ibi-correlation",
    series: "ibi",
    description: "absolute correlation of the whole series without their lines, no lag",
    unit: "|r|",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => Math.abs(detrendedCovariation(a, b)),
    describe: (a, b) => [
      {
        name: "r",
        description: "the correlation with its sign",
        value: detrendedCovariation(a, b),
        unit: "r",
      },
    ],
  },
  {
    id: "ibi-ccf",
    series: "ibi",
    description: "largest absolute cross-correlation, lags of -10 to 10 s, lines taken out",
    unit: "|r|",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => largestAbsolute(laggedCorrelation(a, b, { samplingRate }).values),
    lag: (a, b) => strongestLag(laggedCorrelation(a, b, { samplingRate })).lag,
    describe: (a, b) => signedPeak(laggedCorrelation(a, b, { samplingRate })),
  },
  {
    id: "ibi-ccf-prewhitened",
    series: "ibi",
    description:
      "largest absolute cross-correlation of the residuals of each series' own AR(2) model, lags of -10 to 10 s",
    unit: "|r|",
    longestSeconds: HALF_A_DAY,
    statistic: (a, b) =>
      largestAbsolute(laggedCorrelation(a, b, { samplingRate, prepare: "prewhiten" }).values),
    lag: (a, b) => strongestLag(laggedCorrelation(a, b, { samplingRate, prepare: "prewhiten" })).lag,
    describe: (a, b) => signedPeak(laggedCorrelation(a, b, { samplingRate, prepare: "prewhiten" })),
  },
  {
    id: "ibi-wlcc-max",
    series: "ibi",
    description: "mean over windows of the largest |z| over lags of -8 to 8 s (30 s windows, step 10 s)",
    unit: "z",
    longestSeconds: HALF_A_DAY,
    statistic: (a, b) => windowedCrossCorrelation(a, b, ibiLags).meanMaxAbsZ,
    lag: (a, b) => windowedCrossCorrelation(a, b, ibiLags).argmax.medianLag,
    describe: (a, b) => describeLags(windowedCrossCorrelation(a, b, ibiLags)),
  },
  {
    id: "ibi-susy",
    series: "ibi",
    description:
      "SUSY: effect size of the mean |z| in 30 s segments, lags of -5 to 5 s, against mismatched segments",
    unit: "effect size",
    longestSeconds: ONE_HOUR,
    statistic: (a, b) => susy(a, b, { samplingRate, maximumSurrogates: 400 }).absolute.effectSize,
    describe: (a, b) => describeSusy(susy(a, b, { samplingRate, maximumSurrogates: 400 })),
  },
  {
    id: "ibi-concordance",
    series: "ibi",
    description: "concordance index of 5 s slopes, in 15 s",
    unit: "ln ratio",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => concordanceIndex(a, b, { samplingRate }).index,
  },
  {
    id: "ibi-coherence",
    series: "ibi",
    description: `coherence, mean over ${SLOW_BAND[0]} to ${SLOW_BAND[1]} Hz, Welch segments of 64 s`,
    unit: "coherence",
    longestSeconds: HALF_A_DAY,
    statistic: (a, b) => {
      const { frequencies, coherence } = welchCoherence(a, b, { samplingRate });
      return mean(
        coherence.filter((_, k) => frequencies[k]! >= SLOW_BAND[0] && frequencies[k]! <= SLOW_BAND[1]),
      );
    },
  },
  {
    id: "ibi-wavelet-coherence",
    series: "ibi",
    description: `wavelet coherence, mean over time and ${SLOW_BAND[0]} to ${SLOW_BAND[1]} Hz`,
    unit: "coherence",
    longestSeconds: ONE_HOUR,
    statistic: (a, b) =>
      mean(waveletCoherence(a, b, { samplingRate, frequencies: FREQUENCIES, stepSeconds: 5 }).coherence),
  },
  {
    id: "ibi-crqa-determinism",
    series: "ibi",
    description:
      "CRQA: share of recurrent points on diagonal lines (m 3, delay 5 s, radius 0.5 SD, windows of 240 s)",
    unit: "%",
    longestSeconds: ONE_HOUR,
    statistic: (a, b) =>
      mean(
        windowedCrqa(a, b, { samplingRate, windowSeconds: crqaSeconds(a.length) }).map(
          ({ determinism }) => determinism,
        ),
      ),
    describe: (a, b) =>
      describeCrqa(windowedCrqa(a, b, { samplingRate, windowSeconds: crqaSeconds(a.length) })),
  },
  {
    id: "rsa-wlcc",
    series: "rsa",
    description:
      "mean z of windowed cross-correlation of sliding RSA, lags of -15 to 15 s (60 s windows, step 10 s)",
    unit: "z",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => windowedCrossCorrelation(a, b, rsaLags).meanZ,
    lag: (a, b) => windowedCrossCorrelation(a, b, rsaLags).argmax.medianLag,
    describe: (a, b) => describeLags(windowedCrossCorrelation(a, b, rsaLags)),
  },
  {
    id: "rsa-correlation",
    series: "rsa",
    description: "absolute correlation of sliding RSA over the whole session without lines, no lag",
    unit: "|r|",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => Math.abs(detrendedCovariation(a, b)),
    describe: (a, b) => [
      {
        name: "r",
        description: "the correlation with its sign",
        value: detrendedCovariation(a, b),
        unit: "r",
      },
    ],
  },
  {
    id: "arousal-wlcc",
    series: "arousal",
    description:
      "mean z of windowed cross-correlation of arousal, lags of -8 to 8 s (30 s windows, step 10 s)",
    unit: "z",
    longestSeconds: NO_LIMIT,
    statistic: (a, b) => windowedCrossCorrelation(a, b, ibiLags).meanZ,
    lag: (a, b) => windowedCrossCorrelation(a, b, ibiLags).argmax.medianLag,
    describe: (a, b) => describeLags(windowedCrossCorrelation(a, b, ibiLags)),
  },
];

/** Largest absolute value of those that there are; NaN for none. */
export function largestAbsolute(values: Float64Array): number {
  let largest = Number.NaN;
  for (const value of values)
    if (!(Math.abs(value) <= largest) && !Number.isNaN(value)) largest = Math.abs(value);
  return largest;
}

export { strongestLag } from "./descriptions.ts";
