import type { CrossTalkVerdict } from "@attune/core";
import type { Role } from "@attune/signal";
import type { Provenance, Verdict } from "../result.ts";
import type { DyadData, EpochRow } from "./data.ts";
import type { DyadSettings } from "./request.ts";
import type { BehaviourRow, EventLockedCourse, LagSequentialRow, TogetherRow } from "./result-behaviour.ts";

export type * from "./data.ts";
export type * from "./result-behaviour.ts";

/** Everything that is known about one dyad: hearts, behaviour, brains where they were recorded, and how they go together. */
export interface DyadResult {
  readonly format: "attune-dyad";
  readonly formatVersion: 1;
  readonly name: string;
  readonly settings: DyadSettings;
  readonly provenance: Provenance;
  readonly durationSeconds: number;
  /** The time that both hearts share, session seconds. */
  readonly time: {
    readonly start: number;
    readonly end: number;
    readonly epochSeconds: number;
    readonly nEpochs: number;
  };
  readonly people: readonly [PersonResult, PersonResult];
  readonly crossTalk: CrossTalkResult;
  readonly covariation: CovariationResult;
  readonly splits: readonly SplitResult[];
  readonly models: ModelsResult;
  /** Absent where no phase is the baseline. */
  readonly reactivity: ReactivityResult | undefined;
  readonly behaviour: readonly BehaviourRow[];
  readonly lagSequential: readonly LagSequentialRow[];
  readonly eventLocked: readonly EventLockedCourse[];
  readonly together: readonly TogetherRow[];
  readonly brain: BrainResult;
  readonly epochs: readonly EpochRow[];
  readonly notReported: readonly { readonly what: string; readonly why: string }[];
  readonly verdicts: readonly Verdict[];
  /** The answer in sentences, the primary measure first. */
  readonly answer: readonly string[];
  /** What goes to tables and pictures and not into `result.json`. */
  readonly data: DyadData;
}

export interface PersonResult {
  readonly id: string;
  readonly role: Role;
  readonly source: string;
  readonly samplingRate: number;
  readonly nBeats: number;
  readonly nGaps: number;
  /** This and the three below: over the epochs that are not left out. */
  readonly meanInterval: number;
  readonly heartRate: number;
  readonly sdnn: number;
  readonly rmssd: number;
  /** ln(ms^2), mean over epochs that are not left out. */
  readonly lnRsa: number;
  /** ln(ms^2), of the spectrum, mean over its epochs; what a value covers stands beside it. */
  readonly lnRsaSpectral: number;
  readonly spectralSeconds: number;
  /** ms, mean over epochs; NaN without a belt. */
  readonly peakToTrough: number;
  /** ms, mean over epochs, as imported; NaN without. Rows that are no number or outside 20-250 ms are left out. */
  readonly preEjectionPeriod: number;
  readonly nPreEjectionLeftOut: number;
  readonly rsaBand: { readonly low: number; readonly high: number };
  /** Gain of the Porges-Bohrer filters at the band's ends and middle, Hz and magnitude. */
  readonly rsaGain: readonly { readonly frequency: number; readonly gain: number }[];
  readonly breathsPerMinute: number;
  readonly signalQuality: number;
  /** Shares of the shared time. */
  readonly coverage: number;
  readonly correctedShare: number;
  /** How many intervals carry which mark. */
  readonly marks: Readonly<Record<string, number>>;
  readonly nEpochs: number;
  readonly nEpochsLeftOut: number;
  /** Epochs in which breathing leaves the RSA band. */
  readonly nOutsideBand: number;
}

/** One person's breathing, looked for in a trace of the other. */
export interface BreathingInTrace {
  readonly from: string;
  readonly to: string;
  /** Where the source's breathing was read: a belt, or the baseline of the own ECG. */
  readonly source: "belt" | "ecg";
  readonly seenIn: "belt" | "ecg";
  /** Where the source breathes, Hz, and the coherence there. */
  readonly hz: number;
  readonly coherence: number;
  /** Adjusted for the tests of the stretch. */
  readonly p: number;
}

export interface CrossTalkResult {
  readonly verdict: CrossTalkVerdict | "not-checked";
  readonly reasons: readonly string[];
  readonly stretches: readonly {
    readonly start: number;
    readonly seconds: number;
    readonly verdict: CrossTalkVerdict;
    readonly ecgCorrelation: number;
    readonly ecgLagSeconds: number;
    readonly coincidenceExcess: number;
    readonly breathing: readonly BreathingInTrace[];
    /** Smallest adjusted p of the stretch's tests, times the number of stretches. */
    readonly p: number;
  }[];
}

export type NullKind =
  | "pseudoDyad"
  | "pseudoDyadGroup"
  | "circularShift"
  | "segmentShuffle"
  | "phaseRandomised";

export interface CovariationNullResult {
  readonly kind: NullKind;
  readonly observed: number;
  readonly mean: number;
  readonly sd: number;
  readonly z: number;
  /** One-sided: how often the null is as large. */
  readonly p: number;
  /** 2.5 %, 97.5 % and 95 % points of the null. */
  readonly low: number;
  readonly high: number;
  readonly upper: number;
  readonly nSurrogates: number;
}

export interface PrimaryResult {
  readonly id: string;
  readonly description: string;
  readonly value: number;
  readonly nWindows: number;
  readonly windowSeconds: number;
  /** Windows: seconds from the start of the shared time, and mean Fisher z. */
  readonly starts: readonly number[];
  readonly z: readonly number[];
  readonly nulls: readonly CovariationNullResult[];
  readonly p: number;
  readonly decidedBy: NullKind;
  /** Of the whole session; positive lag: the first member leads. The peak is the largest value of either sign. */
  readonly crossCorrelation: {
    readonly lags: readonly number[];
    readonly values: readonly number[];
    readonly peakLag: number;
    readonly peak: number;
    readonly nullLow: readonly number[];
    readonly nullHigh: readonly number[];
  };
}

/** A number that describes and is not tested. */
export interface Description {
  readonly name: string;
  readonly description: string;
  readonly value: number;
  readonly unit: string;
}

/** What one person's arousal does around the peaks of the other's. */
export interface ArousalPeakResult {
  readonly peaksOf: "first" | "second";
  readonly nPeaks: number;
  /** Peaks far enough from both ends. */
  readonly nUsed: number;
  /** The partner's mean over 120 s after minus 60 s before, SD of the session. */
  readonly response: number;
  /** Two-sided, against as many random moments; NaN where it was not tested, with the reason. */
  readonly p: number;
  /** Benjamini-Hochberg over both directions. */
  readonly q: number;
  readonly nSurrogates: number;
  readonly why: string;
}

export interface ExploratoryResult {
  readonly id: string;
  readonly series: string;
  readonly description: string;
  readonly unit: string;
  readonly value: number;
  readonly lagSeconds: number;
  readonly nulls: readonly CovariationNullResult[];
  readonly p: number;
  /** Benjamini-Hochberg over the exploratory family. */
  readonly q: number;
  /** Whether q could have reached alpha with so many surrogates beside the other measures. */
  readonly canReach: boolean;
  readonly decidedBy: NullKind;
  readonly descriptions: readonly Description[];
}

export interface CovariationResult {
  readonly primary: PrimaryResult;
  readonly exploratory: readonly ExploratoryResult[];
  /** Measures that were tested. */
  readonly familySize: number;
  /** Empty without an arousal of both. */
  readonly arousalPeaks: readonly ArousalPeakResult[];
  /** Seconds from the start of the shared time over which pseudo-dyads are compared: the shortest's, or all without them. */
  readonly comparedSeconds: number;
  readonly notComputed: readonly { readonly id: string; readonly why: string }[];
}

/** The primary measure in and out of one state. */
export interface SplitResult {
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  /** Part of the state that was named with `--split`: a family of its own. */
  readonly isDeclared: boolean;
  readonly inside: {
    readonly n: number;
    readonly mean: number;
    readonly median: number;
    readonly sd: number;
  };
  readonly outside: {
    readonly n: number;
    readonly mean: number;
    readonly median: number;
    readonly sd: number;
  };
  readonly nMixed: number;
  readonly nWithoutValue: number;
  readonly difference: number;
  readonly hedgesG: number;
  readonly p: number;
  readonly q: number;
  readonly nShifts: number;
  /** Whether q could have reached alpha with so many shifts beside the other states. */
  readonly canReach: boolean;
  /** Numbers of the primary measure's windows inside and outside. */
  readonly insideWindows: readonly number[];
  readonly outsideWindows: readonly number[];
  /** Where the means of these windows lie, 95 % of the time, when the hearts are shifted against each other. */
  readonly insideNull: { readonly low: number; readonly high: number };
  readonly outsideNull: { readonly low: number; readonly high: number };
  /** Where the cross-correlation of the windows inside has its largest value, seconds. */
  readonly insideLagSeconds: number;
}

export interface PathResult {
  readonly from: string;
  readonly to: string;
  readonly kind: "stability" | "influence";
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface ModelsResult {
  readonly measures: readonly {
    readonly measure: "lnRsa" | "ibi";
    readonly status: string;
    readonly nTransitions: number;
    readonly tooFewEpochs: boolean;
    /** Nickell's approximate bias of the stabilities. */
    readonly stabilityBias: number;
    readonly paths: readonly PathResult[];
    /** Slope of the infant's epoch on the adult's same epoch, both from their means, with the trend over epochs beside it. */
    readonly covariation: {
      readonly status: string;
      readonly estimate: number;
      readonly low: number;
      readonly high: number;
    };
  }[];
}

/** How far the phases of a session lie from each person's own baseline: epochs outside the baseline, by phase. */
export interface ReactivityResult {
  readonly baseline: string;
  readonly rows: readonly {
    readonly person: string;
    readonly measure: "lnRsa" | "ibi" | "pep";
    readonly unit: string;
    readonly phase: string;
    readonly nEpochs: number;
    /** Mean over the phase's epochs of epoch minus baseline mean. */
    readonly change: number;
    /** The same in SD of the person's baseline epochs. */
    readonly z: number;
    readonly baselineMean: number;
    readonly baselineSd: number;
    readonly nBaseline: number;
  }[];
}

export interface BrainResult {
  readonly isAvailable: boolean;
  readonly why: string;
  readonly profile: string;
  readonly band: string;
  readonly nWindows: number;
}
