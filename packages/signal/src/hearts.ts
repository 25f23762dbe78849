import type { Seconds } from "./stream.ts";

/**
 * Hearts as they are heard while a session runs. Times are seconds on the session clock. NaN means not known, and is never
 * replaced by 0.
 *
 * How late each is: a beat about 0.22 s (adult) or 0.14 s (infant) after its R peak, at most 0.3 and 0.19 s, except beats
 * marked `late`; an interval with the beat that closes it, or one beat later where the gate waits; a sample of the series with the
 * next good beat; RSA half its filters and window after that, 19.8 s (adult, child) or 17.4 s (infant); ln RMSSD with its beat; breathing
 * with the second.
 */

/** One heartbeat. */
export interface Beat {
  readonly kind: "beat";
  readonly person: string;
  /** The R peak, finer than the sampling. */
  readonly at: Seconds;
  /** Time of the sample with which it was known; `knownAt - at` is the detector's delay. Transport comes on top. */
  readonly knownAt: Seconds;
  /** Found afterwards: by search-back, or while the size of the beats was still being learnt. */
  readonly late: boolean;
  /** Signed height of the R wave, free of the baseline, in the unit of the stream. */
  readonly amplitude: number;
  /** How much it looks like a beat of this trace, 0 to 1. */
  readonly quality: number;
}

/**
 * What the gate thinks of an interval between beats. `ok`: good as it is; `extra`: the first part of an interval that a false
 * beat cut in two, and `merged` the whole of it; `ectopic`: of a pair around a premature beat; `missed`: holds beats that were not
 * found; `short`, `long`: bad, with nothing to put in its place; `missing`: up to `at` nothing is known.
 */
export type IntervalVerdict = "ok" | "extra" | "merged" | "ectopic" | "missed" | "short" | "long" | "missing";

/** The interval that a beat closes, and what was made of it. Single bad beats are corrected, three in a row are missing. */
export interface InterbeatInterval {
  readonly kind: "interbeat";
  readonly person: string;
  /** The beat that closes it; for `missing` the time up to which nothing is known. */
  readonly at: Seconds;
  /** Milliseconds between the beats as they came; NaN for `missing`. */
  readonly interval: number;
  readonly verdict: IntervalVerdict;
  /** Beats that are missed inside it; 0 unless it is `missed`. */
  readonly missedBeats: number;
  /** Milliseconds to use instead, once for each part of it; equal to `interval` where it is `ok`, NaN where there is nothing. */
  readonly correctedInterval: number;
  /** The beat that closes the (last) corrected interval. */
  readonly correctedAt: Seconds;
}

/** Interbeat intervals on the grid of the session clock: sample `k` lies at `k / samplingRate`. */
export interface HeartSeries {
  readonly kind: "heart-series";
  readonly person: string;
  readonly samplingRate: number;
  /** Grid index of the first sample. */
  readonly firstIndex: number;
  /** `[nSamples]`, milliseconds, between closing beats in a straight line; NaN where missing. */
  readonly values: Float64Array;
}

/** Respiratory sinus arrhythmia in a window that slides by one sample of the series. */
export interface RsaSample {
  readonly kind: "rsa";
  readonly person: string;
  readonly samplingRate: number;
  /** Grid index of the first window's centre. */
  readonly firstIndex: number;
  /** `[nWindows]`, ln(ms^2), each at the centre of its window; NaN where less than 80 % of the window is known. */
  readonly values: Float64Array;
}

/** ln RMSSD of the last 10 s: the fast stand-in for RSA, which answers to every fast change and not to breathing alone. */
export interface RmssdSample {
  readonly kind: "rmssd";
  readonly person: string;
  /** End of the window, a closing beat. */
  readonly at: Seconds;
  readonly windowSeconds: Seconds;
  /** ln(RMSSD / ms); NaN where intervals with a value cover less than 80 % of the window. */
  readonly value: number;
}

/** How far a person's heart can be trusted now, once a second of its samples. */
export interface HeartStatus {
  readonly kind: "heart-status";
  readonly person: string;
  readonly at: Seconds;
  /** Beats a minute over the last 10 s of settled intervals; NaN where they cover less than 80 % of them. */
  readonly rate: number;
  /** Of the trace, 0 to 1: how much the last beats look like beats; 0 in a gap and while it is learnt. */
  readonly signalQuality: number;
  /** Share of the last 30 s before the last settled beat that intervals with a value cover. */
  readonly coverage: number;
  /** Share of the intervals of these 30 s that are not as they came; NaN when there are none. */
  readonly correctedShare: number;
}

/**
 * How somebody breathes, from a respiration belt, once a second of its samples: what RSA has to be read with. A breath is known a
 * quarter of itself after its top, so the newest one or two of the window may not be among them yet.
 */
export interface Respiration {
  readonly kind: "respiration";
  readonly person: string;
  /** End of the window, a whole second. */
  readonly at: Seconds;
  readonly windowSeconds: Seconds;
  /** Breaths known by `at` that begin in the window. */
  readonly nBreaths: number;
  /** Hz: 1 / median time from beginning to beginning; NaN for fewer than three breaths, or where less than 80 % of the window is known. */
  readonly rate: number;
  /** Mean from trough to top, in the unit of the belt; NaN where the rate is. */
  readonly depth: number;
  /** Share of the window in which the belt has values. */
  readonly coverage: number;
  /** Hz: the band in which this person's RSA is looked for, both ends included. */
  readonly band: { readonly low: number; readonly high: number };
  /** The rate lies outside the band: RSA does not measure what its name says. False while the rate is not known. */
  readonly outsideBand: boolean;
}

/** Number, mean and sample variance of values; NaN where not defined. */
export interface ValueMoments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** Windows of a measure that lie in one state of a layer, against those that do not touch it. */
export interface CovariationInState {
  readonly state: string;
  /** Windows of which at least half lies in it. */
  readonly inside: ValueMoments;
  /** Windows of which nothing does. */
  readonly outside: ValueMoments;
  /** Of means, and Hedges' g of it; NaN with fewer than three windows on a side. It describes: windows of one session are not independent. */
  readonly difference: number;
  readonly hedgesG: number;
}

/** A measure by the states of one layer, over all windows so far. */
export interface CovariationByLayer {
  readonly person: string;
  readonly layer: string;
  readonly states: readonly CovariationInState[];
  /** Windows that no state, or more than one, holds half of; unknown is among them. */
  readonly mixed: ValueMoments;
}

/** How two hearts went together in one window. Not directed: `from` only says who leads where a lag is positive. */
export interface Covariation {
  readonly kind: "covariation";
  /** Id of the measure, such as `wlcc-mean-z-ibi-1hz-lag-3s`. */
  readonly measure: string;
  readonly series: "interbeat-interval" | "rsa";
  readonly from: string;
  readonly to: string;
  /** The window `[start, end)`, or of RSA the centres that it holds; lags look back up to the largest lag before it. */
  readonly start: Seconds;
  readonly end: Seconds;
  /** Valid pairs of samples at lag 0, and the share of the window that they are. */
  readonly nValid: number;
  readonly coverage: number;
  /** Mean Fisher z over all lags; NaN for no value (coverage below 80 %, or a heart that does not vary). */
  readonly z: number;
  /** z of the largest absolute correlation: never near 0, not even without any covariation. */
  readonly maxAbsZ: number;
  /** Lag of the largest correlation, positive where `from` leads; NaN for none. */
  readonly lagSeconds: Seconds;
  /** Boker's peak, the one nearest to lag 0; NaN for none. */
  readonly peakLagSeconds: Seconds;
  /** `lagSeconds` in words: `adult leads infant by 2 s`, `together`, `no lag`. */
  readonly lead: string;
  /** Share of mismatched windows of the past that lie below `z`; NaN with fewer than 20 of them. A screen for the eye, no test. */
  readonly nullPercentile: number;
  readonly nNull: number;
  /** All windows of this measure and pair so far, with a value and without. */
  readonly nWindows: number;
  readonly nWithoutValue: number;
  /** Over these windows, by the layers that the session declares. */
  readonly byLayer: readonly CovariationByLayer[];
}

/** Everything that a session says about hearts, in the order in which it becomes known. */
export type HeartOutput =
  | Beat
  | InterbeatInterval
  | HeartSeries
  | RsaSample
  | RmssdSample
  | HeartStatus
  | Respiration
  | Covariation;
