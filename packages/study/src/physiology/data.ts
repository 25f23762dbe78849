import type { BeatMark, IntervalMark } from "@attune/core";
import type { StateInterval } from "@attune/signal";

/** How far one epoch lies from the same person's baseline. NaN without a baseline. */
export interface EpochReactivity {
  /** Epoch minus the mean of the baseline epochs, in the measure's unit. */
  readonly change: number;
  /** The same in SD of the person's own baseline epochs. */
  readonly z: number;
  /** Mean of the baseline epochs: a covariate. */
  readonly baseline: number;
}

/** One row of the long table for lme4, nlme and DSEM. */
export interface EpochRow extends PlainEpochRow {
  readonly reactivity: Readonly<Record<"lnRsa" | "ibi" | "pep", EpochReactivity>>;
}

/** The same before it is compared with a baseline. */
export interface PlainEpochRow {
  readonly dyad: string;
  readonly role: string;
  readonly person: string;
  readonly epoch: number;
  readonly start: number;
  readonly condition: string;
  readonly lnRsa: number;
  readonly lnRsaSpectral: number;
  readonly ibi: number;
  readonly heartRate: number;
  readonly rmssd: number;
  readonly sdnn: number;
  readonly peakToTrough: number;
  readonly breathingRate: number;
  readonly breathingDepth: number;
  readonly pep: number;
  readonly coverage: number;
  readonly corrected: number;
  readonly signalQuality: number;
  readonly excluded: string;
  /**
   * Shares of the epoch's observed time in each coded state, by `person.layer.state`, NaN where the layer was not observed; and
   * how much of the epoch it was, by `person.layer.observed`.
   */
  readonly states: Readonly<Record<string, number>>;
}

/** A series of brain coupling, one value per window. */
export interface BrainSeries {
  readonly from: string;
  readonly to: string;
  readonly startTime: number;
  readonly samplingRate: number;
  readonly values: Float64Array;
}

/** Beats of one person as they were found, and intervals as they were corrected: flat, because a day has 150 000 of each. */
export interface PersonBeats {
  readonly person: string;
  /** `[nBeats]`, session seconds. */
  readonly beatTimes: Float64Array;
  /** `[nBeats]`, what the correction did to each. */
  readonly beatMarks: readonly BeatMark[];
  /** `[nBeats]`, 0 to 1; NaN where the beats were imported. */
  readonly beatQuality: Float64Array;
  /** `[nBeats]`, 1 where the beat was found afterwards. */
  readonly beatLate: Uint8Array;
  /** `[nIntervals]`, session seconds of the closing beat. */
  readonly intervalTimes: Float64Array;
  /** `[nIntervals]`, ms; NaN where missing. */
  readonly intervals: Float64Array;
  /** `[nIntervals]`, how each came to its value. */
  readonly intervalMarks: readonly IntervalMark[];
}

export interface DyadData {
  readonly hearts: readonly PersonBeats[];
  /** At 1 Hz from `time.start` on. */
  readonly series: {
    readonly interbeat: readonly [Float64Array, Float64Array];
    readonly rsa: readonly [Float64Array, Float64Array];
    /** Mean Fisher z of the primary measure's window that is centred on the second. */
    readonly covariation: Float64Array;
  };
  readonly brain: readonly BrainSeries[];
  readonly states: readonly StateInterval[];
}
