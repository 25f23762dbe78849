import type { DirectedValue, ModelHealth, Person, RejectionReason, StateInterval } from "@attune/signal";
import type { StudySettings } from "./settings.ts";

/** Everything that one analysis of one recording says. The JSON document, the tables and the report are views of it. */
export interface StudyResult {
  readonly format: "attune-study";
  readonly formatVersion: 1;
  readonly profile: string;
  readonly settings: StudySettings;
  readonly provenance: Provenance;
  readonly people: readonly Person[];
  /** Channels in model order, person after person, adults first. */
  readonly montage: readonly { readonly person: string; readonly channel: string }[];
  readonly recording: RecordingSummary;
  readonly conditions: readonly ConditionResult[];
  readonly contrasts: readonly ContrastResult[];
  readonly eventLocked: readonly EventLockedResult[];
  readonly diagnostics: StudyDiagnostics;
  /** What the numbers allow one to say, in plain sentences, loudest first. */
  readonly verdicts: readonly Verdict[];
  readonly timeline: Timeline;
}

export interface Provenance {
  readonly attuneVersion: string;
  readonly settingsHash: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  readonly seed: number;
  /** `causal`: only what a live session knows. `offline`: whole-file clock fit. Never mixed. */
  readonly alignment: "causal" | "offline";
  readonly filterPhase: "causal" | "zero-phase";
}

export interface RecordingSummary {
  readonly name: string;
  readonly format: string;
  readonly durationSeconds: number;
  readonly streams: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly person: string | undefined;
    readonly nominalSamplingRate: number;
    readonly effectiveSamplingRate: number;
    readonly clockOffsetSeconds: number;
    readonly driftPpm: number;
    readonly gaps: readonly { readonly start: number; readonly duration: number }[];
  }[];
  /** One sentence for each damaged stretch of the file. */
  readonly damage: readonly string[];
}

/** A directed number between two people: the mean over the links from one head to the other. */
export interface DirectionResult extends DirectedValue {
  /** Benjamini-Hochberg adjusted over the declared family. NaN outside the family. */
  readonly q: number;
  /** 95 % interval of the corrected value; see `method`. */
  readonly interval: { readonly low: number; readonly high: number; readonly method: string };
  /** The analytic null floor of the same average, for display: surrogates decide. */
  readonly floor: number;
  readonly nWindows: number;
  /** The same value with every condition cut to the same number of windows; NaN when not asked for. */
  readonly equalised: number;
  /** Values under the null, sorted, for the picture. */
  readonly nullSample: readonly number[];
}

/** A directed number between two channels. */
export interface LinkResult extends DirectedValue {
  readonly fromChannel: string;
  readonly toChannel: string;
  readonly q: number;
}

export interface NullResult {
  readonly id: string;
  /** What a small p under this null means, in one sentence. */
  readonly tests: string;
  readonly destroys: string;
  readonly keeps: string;
  readonly nSurrogates: number;
  /** Why the null could not be drawn; absent when it was. */
  readonly notDrawn?: string;
  readonly directions: readonly Pick<
    DirectedValue,
    "from" | "to" | "band" | "measure" | "value" | "nullMean" | "nullSd" | "z" | "p"
  >[];
}

export interface ConditionResult {
  readonly condition: string;
  /** False when too little clean data was left; the numbers are then NaN and `reason` says why. */
  readonly reported: boolean;
  readonly reason: string | undefined;
  readonly nWindows: number;
  readonly nEpisodes: number;
  readonly cleanSeconds: number;
  readonly health: ModelHealth;
  readonly directions: readonly DirectionResult[];
  readonly links: readonly LinkResult[];
  readonly nulls: readonly NullResult[];
  readonly timeReversal: readonly TimeReversalResult[];
  /** Other measures on the same windows: directed ones from the same model, undirected from the filtered bands. */
  readonly otherMeasures: readonly {
    readonly measure: string;
    readonly from: string;
    readonly to: string;
    readonly band: string;
    readonly value: number;
    readonly unit: string;
  }[];
  readonly spectrum: Spectrum;
  /** `[sink, source]` per band over all channels, squared measure. */
  readonly matrices: readonly { readonly band: string; readonly values: readonly number[] }[];
  readonly diagnostics: ModelDiagnostics;
  /** Power per person and band, so that a difference in power is seen beside a difference in coupling. */
  readonly power: readonly {
    readonly person: string;
    readonly band: string;
    readonly microvoltsSquared: number;
  }[];
}

export interface Spectrum {
  readonly frequencies: readonly number[];
  /** Squared measure per direction, averaged over its links, `[frequency]`. */
  readonly directions: readonly {
    readonly from: string;
    readonly to: string;
    readonly values: readonly number[];
    /** Analytic null floor and its 95 % threshold, averaged over the same links. */
    readonly floor: readonly number[];
    readonly threshold: readonly number[];
  }[];
}

/** Does the direction of flow reverse when time is reversed? Net flow forward minus net flow reversed, in nats. */
export interface TimeReversalResult {
  readonly from: string;
  readonly to: string;
  readonly netForward: number;
  readonly netReversed: number;
  readonly difference: number;
  readonly p: number;
}

export interface ModelDiagnostics {
  readonly order: number;
  readonly solver: string;
  readonly whiteness: {
    readonly test: string;
    readonly statistic: number;
    readonly df: number;
    readonly p: number;
  };
  /** MVGC consistency, 0..1; above 0.8 is acceptable. */
  readonly consistency: number;
  readonly rSquared: readonly number[];
  readonly durbinWatson: readonly number[];
  /** Largest zero-lag correlation of residuals across heads, with its 95 % interval; must be near 0. */
  readonly residualCrossBrain: { readonly r: number; readonly low: number; readonly high: number };
  /** Tests of single channels in single windows: the share, 0..1, that finds no drift of the level at .05. */
  readonly stationarity: { readonly test: string; readonly passRate: number };
  /** Plain-language verdicts on the model, each with how bad it is. */
  readonly verdicts: readonly Verdict[];
}

export interface StudyDiagnostics {
  readonly orderSelection: {
    readonly orders: readonly number[];
    readonly criteria: readonly {
      readonly name: string;
      readonly values: readonly number[];
      readonly best: number;
    }[];
    readonly used: number;
    /** The primary value at orders around the one used. */
    readonly sensitivity: readonly {
      readonly order: number;
      readonly condition: string;
      readonly from: string;
      readonly to: string;
      readonly band: string;
      readonly value: number;
    }[];
  };
  readonly windows: {
    readonly total: number;
    readonly accepted: number;
    readonly rejected: readonly {
      readonly person: string;
      readonly reason: RejectionReason;
      readonly count: number;
    }[];
  };
}

export interface ContrastResult {
  readonly conditionA: string;
  readonly conditionB: string;
  readonly from: string;
  readonly to: string;
  readonly band: string;
  readonly measure: string;
  /** Corrected value under A minus corrected value under B. */
  readonly difference: number;
  readonly nullMean: number;
  readonly nullSd: number;
  readonly z: number;
  /** Two-sided, from permuting the pseudo-values of state episodes, studentised. */
  readonly p: number;
  readonly q: number;
  readonly nPermutations: number;
}

export interface EventLockedResult {
  /** Such as `adult gaze -> direct`. */
  readonly event: string;
  readonly nEvents: number;
  readonly nRejected: number;
  /** Window centres relative to the event, seconds. */
  readonly times: readonly number[];
  readonly directions: readonly {
    readonly from: string;
    readonly to: string;
    readonly band: string;
    readonly values: readonly number[];
    readonly nullMean: readonly number[];
    /** Upper limit for all times together: values above it have p below `alpha`. */
    readonly nullHigh: readonly number[];
    /** Family-wise over time, from the maximum over time under the null. */
    readonly p: readonly number[];
    /** Value minus the mean over windows centred -700..-500 ms. */
    readonly baselineDifference?: readonly number[];
    /** One-sided against as many pseudo-events, family-wise over time; NaN where those could not be had. */
    readonly baselineP?: readonly number[];
  }[];
  readonly note: string;
}

export interface Verdict {
  readonly severity: "good" | "note" | "caution" | "alarm";
  readonly text: string;
}

export interface Timeline {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly states: readonly StateInterval[];
  readonly windows: readonly {
    readonly start: number;
    readonly duration: number;
    readonly accepted: boolean;
    readonly condition: string | undefined;
    /** `person: reason`, empty when accepted. */
    readonly reasons: readonly string[];
  }[];
}
