import { counterRandom, type Uniform } from "@attune/core";
import type { ConditionData } from "../condition-data.ts";
import type { Estimator } from "../estimator.ts";
import type { NullId, StudySettings } from "../settings.ts";

/** Values of the statistic under one null, and of the data as they are on the same windows. */
export interface NullDraws {
  readonly id: NullId;
  /** `[band, sink, source]`. */
  readonly observed: Float64Array;
  /** Each `[band, sink, source]`; only entries between people mean something. */
  readonly draws: readonly Float64Array[];
}

export interface NullContext {
  readonly settings: StudySettings;
  readonly estimator: Estimator;
  readonly data: ConditionData;
  /** Windows of every condition, for nulls that exchange windows between conditions. */
  readonly everything: readonly ConditionData[];
}

/** Nulls that rebuild every window are drawn less often. */
export const MOST_REBUILT_SURROGATES = 99;

/** Randomness is keyed by what is drawn, never by the order of drawing. */
export const uniformFor = (
  settings: StudySettings,
  condition: string,
  id: string,
  surrogate: number,
): Uniform => counterRandom(settings.seed, condition, id, surrogate);
