import type { CorrectionMethod } from "@attune/core";
import type { OpenOptions } from "@attune/recording";
import type { Role } from "@attune/signal";

/** One of the two people, and where their heart is found. */
export interface MemberRequest {
  /** `adult`, `infant`: as the coded states name them. */
  readonly id: string;
  readonly role: Role;
  /** Channel label, stream name, or `stream/channel`. Needed unless `beatsPath` is given. */
  readonly ecg?: string;
  /** Respiration belt, named in the same way. */
  readonly belt?: string;
  /** Movement (an accelerometer channel), named in the same way: its spread per second enters arousal. */
  readonly movement?: string;
  /** A table of beats (column `onset`, seconds) or intervals (column `ibi`, ms) instead of an ECG. */
  readonly beatsPath?: string;
  /** Pre-ejection periods scored elsewhere: columns `onset` (seconds) and `pep` (ms). */
  readonly pepPath?: string;
}

/** How a dyad is analysed. Everything here enters the settings hash. */
export interface DyadSettings {
  readonly seed: number;
  /** Of RSA, variability and the models, seconds. */
  readonly epochSeconds: number;
  readonly correction: CorrectionMethod;
  /** Surrogates of the primary measure, of behaviour and of event-locked courses. */
  readonly nSurrogates: number;
  /** Surrogates of each exploratory measure. */
  readonly exploratorySurrogates: number;
  /** Layer by which covariation is split, `touch` or `adult:touch`; all layers when absent. */
  readonly split?: string;
  /** Phase that others are compared with; one called baseline when absent. */
  readonly baseline?: string;
  /** Mains to be taken out before the cross-talk check, Hz; 0 for none. */
  readonly mainsHz: number;
  readonly alpha: number;
  /** Part of the session, seconds of session time; the overlap of both hearts by default. */
  readonly from?: number;
  readonly to?: number;
  /** Adds the chain's gain back to RSA; see `rsaPorgesBohrer`. */
  readonly correctGain: boolean;
}

export const defaultDyadSettings: DyadSettings = {
  seed: 1,
  epochSeconds: 30,
  correction: "lipponen-tarvainen",
  nSurrogates: 999,
  // One of the twelve exploratory measures alone needs 239 to reach .05 after correction for their number.
  exploratorySurrogates: 249,
  mainsHz: 50,
  alpha: 0.05,
  correctGain: false,
};

/** One recording (or two tables of beats) to be analysed as a dyad. */
export interface DyadRequest {
  /** XDF, or a table with `open.samplingRate`; may be absent when both members have a table of beats. */
  readonly path?: string;
  readonly open?: OpenOptions;
  /** The first member, the adult, leads where a lag is positive. */
  readonly members: readonly [MemberRequest, MemberRequest];
  /** A table of coded states; it replaces states that the recording carries itself. */
  readonly statesPath?: string;
  /** Recordings of other dyads of the same task and timeline, with the same channel names, for the main null. */
  readonly pseudoDyads?: readonly string[];
  /** Couples the brains as well, with this profile of the EEG study, where the recording has EEG of both. */
  readonly brainProfile?: string;
  readonly settings?: Partial<DyadSettings>;
  /** Told what is being done, in words. */
  readonly onProgress?: (step: string) => void;
}

/** Recordings up to this length get all surrogates. */
const FULL_SURROGATES_SECONDS = 3600;
const FEWEST_SURROGATES = 99;

/**
 * Surrogates of a recording of that length. Each costs time in proportion to it, and a long recording's null is narrow: beyond
 * an hour there are fewer, never below 99. What was used stands beside every p.
 */
export function affordable(settings: DyadSettings, seconds: number): DyadSettings {
  if (seconds <= FULL_SURROGATES_SECONDS) return settings;
  const fewer = (wanted: number): number =>
    Math.min(wanted, Math.max(FEWEST_SURROGATES, Math.floor((wanted * FULL_SURROGATES_SECONDS) / seconds)));
  return {
    ...settings,
    nSurrogates: fewer(settings.nSurrogates),
    exploratorySurrogates: fewer(settings.exploratorySurrogates),
  };
}
