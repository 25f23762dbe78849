/** How often one person begins something so many 1 s bins after the other began something. */
export interface LagSequentialRow {
  readonly from: string;
  readonly act: string;
  readonly to: string;
  readonly answer: string;
  readonly lagSeconds: number;
  /** Pairs of bins: both, act alone, answer alone, neither. */
  readonly counts: readonly [number, number, number, number];
  readonly yuleQ: number;
  readonly logOddsRatio: number;
  readonly standardError: number;
  readonly phi: number;
  /** Standard normal only if bins were independent, which those of one session are not. */
  readonly allisonLikerZ: number;
}

/** One number about behaviour, in long format. */
export interface BehaviourRow {
  readonly topic: "gaze" | "voice" | "touch" | "contingency" | "turns";
  readonly measure: string;
  readonly from: string;
  readonly to: string;
  readonly detail: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  /** What the number would be without a relation: base rate, expected share, mean of the null. */
  readonly expected: number;
  readonly nullSd: number;
  readonly p: number;
  readonly null: string;
}

/** A mean course around events. */
export interface EventLockedCourse {
  readonly event: string;
  readonly series: string;
  readonly unit: string;
  readonly nEvents: number;
  readonly nLeftOut: number;
  readonly status: string;
  readonly lags: readonly number[];
  readonly mean: readonly number[];
  readonly nullLow: readonly number[];
  readonly nullHigh: readonly number[];
  readonly peakLag: number;
  readonly peakValue: number;
  readonly peakP: number;
  /** Mean of 0 to 10 s after minus 5 s before, with its null. */
  readonly response: number;
  readonly responseNullMean: number;
  readonly responseNullSd: number;
  readonly responseP: number;
}

/** One question across two kinds of signal. */
export interface TogetherRow {
  readonly question: string;
  readonly from: string;
  readonly to: string;
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  readonly n: number;
  readonly nullMean: number;
  readonly nullSd: number;
  /** What chance stays below 19 times in 20, for a question that is asked on one side; NaN for the others. */
  readonly nullUpper: number;
  /** value - null mean, plus and minus 1.96 SD of the null; NaN for a question that is asked on one side. */
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly q: number;
  readonly nSurrogates: number;
  /** Whether q could have reached alpha with so many surrogates beside the other questions. */
  readonly canReach: boolean;
  /** q at most alpha, and the interval, where there is one, leaves out 0. */
  readonly stands: boolean;
  /** In words, null results included. */
  readonly words: string;
}
