import type { Beat, InterbeatInterval, Seconds } from "@attune/signal";

/** Up to `until` beats may have been lost: samples were missing, or none of them held a beat. */
export interface HeartGap {
  readonly kind: "heart-gap";
  readonly until: Seconds;
}

/** A whole second of the session clock has passed in the samples of a heart. */
export interface HeartTick {
  readonly kind: "heart-tick";
  readonly at: Seconds;
  readonly signalQuality: number;
}

/** What comes out of an electrocardiogram. */
export type HeartEvent = Beat | HeartGap | HeartTick;

/** Intervals that are settled: as they came, corrected, or NaN up to their time. */
export interface SettledIntervals {
  readonly kind: "settled";
  /** `[n]`, closing beats, seconds. */
  readonly times: Float64Array;
  /** `[n]`, milliseconds. */
  readonly intervals: Float64Array;
  /** Of those that have a value: 1 where it is not as it came. */
  readonly isCorrected: Uint8Array;
}

/** What comes out of the gate. */
export type GatedHeart = InterbeatInterval | SettledIntervals | HeartTick;

/** One number a second, for comparisons: sample `k` belongs to second `firstIndex + k` of the session clock. */
export interface HeartTrend {
  readonly kind: "heart-trend";
  readonly person: string;
  readonly series: "interbeat-interval" | "rsa";
  readonly firstIndex: number;
  readonly values: Float64Array;
}
