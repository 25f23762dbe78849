import type { ChannelReading } from "./channel-quality-meter.ts";

export type QualityLight = "good" | "fair" | "poor" | "unknown";
export type QualityReason = "flat" | "railed" | "line-noise" | "muscle" | "drift" | "no-data";

export interface ChannelVerdict {
  readonly light: QualityLight;
  readonly reasons: readonly QualityReason[];
}

/** Limits of one kind of signal, in microvolts: `[fair, poor]` from where on a channel is no longer good, and no longer fair. */
export interface QualityLimits {
  /** Peak to peak below which a channel does nothing. */
  readonly flatMicrovolts: number;
  readonly railedShare: readonly [number, number];
  readonly lineMicrovolts: readonly [number, number];
  readonly muscleShare: readonly [number, number];
  readonly driftMicrovolts: readonly [number, number];
}

/**
 * Limits for EEG. Ours, on the side of asking somebody to look: scalp EEG of awake people lies above 2 uV peak to peak over seconds,
 * mains beyond 10 uV hides it and beyond 50 uV nothing is left, and a spectrum that falls with frequency keeps 80 % of its power
 * below 30 Hz (white noise: 29 %). Railed: OpenBCI's own display warns from 75 % of full scale; without knowing full scale, what
 * stands still at its extreme counts.
 */
export const eegLimits: QualityLimits = {
  flatMicrovolts: 1,
  railedShare: [0.01, 0.1],
  lineMicrovolts: [10, 50],
  muscleShare: [0.35, 0.6],
  driftMicrovolts: [200, 1000],
};

/** Limits for an ECG, which is a hundred times larger and has no muscle limit: the chest is a muscle. Ours. */
export const ecgLimits: QualityLimits = {
  flatMicrovolts: 20,
  railedShare: [0.02, 0.1],
  lineMicrovolts: [100, 500],
  muscleShare: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  driftMicrovolts: [2000, 10_000],
};

/** At least this share of a stretch must be there to judge a channel by it. */
const LEAST_COVERAGE = 0.5;

/**
 * One light for a channel, with every reason for it.
 *
 * @param toMicrovolts factor from the channel's unit; NaN where it is not known: lengths in microvolts are then not judged
 */
export function judgeChannel(
  reading: ChannelReading,
  limits: QualityLimits,
  toMicrovolts: number,
): ChannelVerdict {
  if (!(reading.coverage >= LEAST_COVERAGE)) return { light: "unknown", reasons: ["no-data"] };
  if (reading.peakToPeak === 0 || reading.peakToPeak * toMicrovolts < limits.flatMicrovolts)
    return { light: "poor", reasons: ["flat"] };
  const graded: readonly (readonly [QualityReason, number, readonly [number, number]])[] = [
    ["railed", reading.railedShare, limits.railedShare],
    ["line-noise", reading.lineRms * toMicrovolts, limits.lineMicrovolts],
    ["muscle", reading.muscleShare, limits.muscleShare],
    ["drift", reading.drift * toMicrovolts, limits.driftMicrovolts],
  ];
  const found = graded.filter(([, value, [fair]]) => value > fair);
  const isPoor = found.some(([, value, [, poor]]) => value > poor);
  return {
    light: isPoor ? "poor" : found.length > 0 ? "fair" : "good",
    reasons: found.map(([reason]) => reason),
  };
}
