import type { StateInterval } from "@attune/signal";

/** One row of the long table for lme4, nlme and DSEM. */
export interface EpochRow {
  readonly dyad: string;
  readonly role: string;
  readonly person: string;
  readonly epoch: number;
  readonly start: number;
  readonly condition: string;
  readonly lnRsa: number;
  readonly ibi: number;
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
  /** Shares of the epoch in each coded state, by `person.layer.state`. */
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

export interface DyadData {
  readonly beats: readonly {
    readonly person: string;
    readonly onset: number;
    readonly mark: string;
    readonly quality: number;
    readonly late: boolean;
  }[];
  readonly intervals: readonly {
    readonly person: string;
    readonly onset: number;
    readonly ibi: number;
    readonly mark: string;
  }[];
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
