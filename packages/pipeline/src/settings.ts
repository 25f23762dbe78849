import type { Person } from "@attune/signal";

/** Which channels of which stream are a person's, and how they become microvolts against one reference. */
export interface PersonMontage {
  readonly person: Person;
  readonly streamId: string;
  readonly nominalSamplingRate: number;
  /** Channels that enter the model, in model order. */
  readonly channels: readonly {
    readonly label: string;
    /** Row of the channel in the stream's chunks. */
    readonly row: number;
  }[];
  /** Factor from the stream's unit to microvolts. */
  readonly toMicrovolts: number;
  /** Rows whose average is subtracted from every channel; empty for the reference as recorded. */
  readonly averageRows: readonly number[];
}

export interface FilterSettings {
  readonly phase: "causal" | "zero-phase";
  /** 0 for none: slow drift is then left to the trend that is taken out of every window. */
  readonly highPassHz: number;
  /** 0 for none: the anti-alias filter of the alignment is then the only low-pass. */
  readonly lowPassHz: number;
  readonly order: number;
  /** 0 for none. */
  readonly notchHz: number;
}

export interface ArtefactSettings {
  readonly amplitudeMicrovolts: Readonly<Record<Person["role"], number>>;
  /** Windows this close to an artefact are rejected too, seconds. */
  readonly guardSeconds: number;
  readonly flatSeconds: number;
  readonly railedSeconds: number;
  readonly lineNoiseShare: number;
  readonly lineNoiseHz: number;
}

export interface WindowSettings {
  readonly seconds: number;
  readonly overlap: number;
}

export interface StateSettings {
  readonly person: string;
  readonly layer: string;
  readonly guardSeconds: number;
  readonly bridgeSeconds: number;
  readonly require: readonly {
    readonly person: string;
    readonly layer: string;
    readonly states: readonly string[];
  }[];
  readonly latencySeconds: number;
}

export interface ModelSettings {
  readonly estimator: "ols" | "nuttall-strand" | "vieira-morf" | "yule-walker" | "biosig7";
  readonly order: number;
}

export interface Band {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** What the running estimate does while data flow. */
export interface LiveSettings {
  /** Time constant of the exponential forgetting, seconds of clean windows of the condition. */
  readonly forgettingSeconds: number;
  /** Seconds of data between two solutions. */
  readonly solveEverySeconds: number;
  /** Seconds of data between two null distributions. */
  readonly nullEverySeconds: number;
  readonly nSurrogates: number;
  /** Most windows per condition that the null is drawn from: about 2 `forgettingSeconds` of them match the estimate. */
  readonly bankWindows: number;
}

/** Which channel of which stream is a person's electrocardiogram. */
export interface HeartMontage {
  readonly person: Person;
  readonly streamId: string;
  /** Hz, 200 to 2000. */
  readonly nominalSamplingRate: number;
  /** Row of the channel in the stream's chunks. */
  readonly row: number;
}

/** Which channel of which stream is a person's respiration belt, rising while breathing in. */
export interface BeltMontage {
  readonly person: Person;
  readonly streamId: string;
  /** Hz, `SLOWEST_BELT_RATE` or more. */
  readonly nominalSamplingRate: number;
  /** Row of the channel in the stream's chunks. */
  readonly row: number;
}

/** A windowed cross-correlation of two hearts. */
export interface CovariationMeasure {
  /** How results name it. */
  readonly id: string;
  /** Both at 1 Hz: means of the interbeat interval over each second, or RSA at each second. */
  readonly series: "interbeat-interval" | "rsa";
  readonly windowSeconds: number;
  readonly stepSeconds: number;
  readonly maxLagSeconds: number;
  /** The least-squares line is taken out of each window. */
  readonly removeLine: boolean;
  /** How much of the past serves as a null; 0 for none. */
  readonly nullSeconds: number;
}

/** What is made of electrocardiograms while data flow. */
export interface HeartSettings {
  /** One a person; where there are two or more, every pair is compared, adults first. */
  readonly people: readonly HeartMontage[];
  /** One a person at most, whether or not the heart is listened to. Left out where nobody wears one. */
  readonly belts?: readonly BeltMontage[];
  /** Hz, of the series of interbeat intervals that RSA is computed from. */
  readonly seriesRate: number;
  readonly rsaWindowSeconds: number;
  readonly rmssdWindowSeconds: number;
  readonly measures: readonly CovariationMeasure[];
  /** Layers whose states every measure is gathered by. */
  readonly layers: readonly { readonly person: string; readonly layer: string }[];
  /** What hearts do while this state does not hold is missing from every comparison; undefined where there are no pauses. */
  readonly running: { readonly person: string; readonly layer: string; readonly state: string } | undefined;
  /** States are told this late at most: a window waits so long for them. */
  readonly statesKnownWithinSeconds: number;
  /** By how much changes of `layers` lie before they were entered: the coder's latency. */
  readonly latencySeconds: number;
}

/** Everything that a session needs to know before the first sample arrives. */
export interface SessionSettings {
  readonly people: readonly PersonMontage[];
  readonly gridRate: number;
  readonly analysisRate: number;
  readonly filter: FilterSettings;
  readonly artefacts: ArtefactSettings;
  readonly window: WindowSettings;
  /** Undefined when nothing was coded: there is then one condition, `all`. */
  readonly states: StateSettings | undefined;
  readonly model: ModelSettings;
  readonly bands: readonly Band[];
  readonly frequencyBins: number;
  readonly live: LiveSettings | undefined;
  readonly seed: number;
  /** Left out where nobody's heart is listened to. */
  readonly hearts?: HeartSettings;
}

export const windowSamples = (settings: SessionSettings): number =>
  Math.round(settings.window.seconds * settings.analysisRate);

export const hopSamples = (settings: SessionSettings): number =>
  Math.max(1, Math.round(windowSamples(settings) * (1 - settings.window.overlap)));
