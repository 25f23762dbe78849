import { z } from "zod";

/** A frequency band in Hz; both ends belong to it unless `edges` says otherwise. */
export const bandSchema = z.object({
  name: z.string().min(1),
  low: z.number().positive(),
  high: z.number().positive(),
});

export const estimators = ["ols", "nuttall-strand", "vieira-morf", "yule-walker", "biosig7"] as const;

export const nullIds = [
  "residualShuffle",
  "blockShuffle",
  "circularShift",
  "repetitionSwap",
  "phaseRand",
  "allChannelShuffle",
  "jointShuffle",
  "timeReverse",
] as const;
export type NullId = (typeof nullIds)[number];

/**
 * Every parameter of an analysis. A profile is a full set of them; whatever a person overrides is seen in the
 * output, because the output holds the settings that were used and their hash.
 */
export const studySettingsSchema = z.object({
  /** `causal`: what a live session would know. `offline`: whole-file clock fit. */
  alignment: z.enum(["causal", "offline"]),
  /** Rate of the common grid on which people meet, Hz. */
  gridRate: z.number().positive(),
  /** Rate at which the model is fitted, Hz: `gridRate` divided by an integer. */
  analysisRate: z.number().positive(),
  filter: z.object({
    phase: z.enum(["causal", "zero-phase"]),
    highPassHz: z.number().nonnegative(),
    lowPassHz: z.number().nonnegative(),
    order: z.number().int().positive(),
    /** Mains frequency to notch; 0 for none. */
    notchHz: z.number().nonnegative(),
  }),
  reference: z.enum(["as-recorded", "average"]),
  /** Sites taken when the caller names no channels, as far as a person has them. */
  preferredChannels: z.array(z.string()),
  artefacts: z.object({
    /** Largest tolerated distance from the window's median, microvolts, by role. */
    amplitudeMicrovolts: z.object({
      adult: z.number().positive(),
      infant: z.number().positive(),
      child: z.number().positive(),
    }),
    /** Windows whose log power exceeds the condition's median by more than this many robust SDs; 0 switches it off. */
    outlierZ: z.number().nonnegative(),
    /** Windows this close to an artefact of anybody are rejected too, seconds. */
    guardSeconds: z.number().nonnegative(),
    /** A channel that does not move for this long is flat, seconds. */
    flatSeconds: z.number().positive(),
    /** A channel that stays on its extreme value for this long is railed, seconds. */
    railedSeconds: z.number().positive(),
    /** Largest tolerated share of a window's power at the mains frequency (0..1); 1 switches it off. */
    lineNoiseShare: z.number().positive().max(1),
    lineNoiseHz: z.number().nonnegative(),
  }),
  window: z.object({ seconds: z.number().positive(), overlap: z.number().min(0).lt(1) }),
  states: z.object({
    /** The layer whose states are the conditions, and whose layer it is. */
    person: z.string(),
    layer: z.string(),
    /** No window may begin earlier than this after a change of state, seconds. */
    guardSeconds: z.number().nonnegative(),
    /** Unknown spans up to this long inside one state are bridged, seconds. */
    bridgeSeconds: z.number().nonnegative(),
    /** States that must hold throughout a window, where the recording has that layer. */
    require: z.array(z.object({ person: z.string(), layer: z.string(), states: z.array(z.string()).min(1) })),
    /** How late a coder or tracker reports a change; subtracted before labelling, seconds. */
    latencySeconds: z.number(),
  }),
  model: z.object({
    estimator: z.enum(estimators),
    order: z.number().int().positive(),
    /** Subtract each channel's mean over its window before the fit. */
    demean: z.boolean(),
    /** `pooled`: one fit over all windows of a condition. `perWindowMean`: one fit a window, then the mean. */
    pooling: z.enum(["pooled", "perWindowMean"]),
    /** Highest order that order selection looks at. */
    maxOrder: z.number().int().positive(),
  }),
  measure: z.literal("gpdcSquared"),
  bands: z.array(bandSchema).min(1),
  /** Bins of the frequency grid k * rate / (2 * bins), k = 0 .. bins - 1. */
  frequencyBins: z.number().int().positive(),
  nulls: z.array(z.enum(nullIds)).min(1),
  /** The null that the headline numbers use; one of `nulls`. */
  primaryNull: z.enum(nullIds),
  nSurrogates: z.number().int().min(19),
  /** Bands of the primary family, declared beforehand: both directions in each reported condition. */
  primaryBands: z.array(z.string()).min(1),
  /** Fewest clean seconds for a condition to be reported (ten 1 s epochs: the lab's own exclusion rule). */
  minimumCleanSeconds: z.number().positive(),
  /** Repetitions of the equalising subsample; 0 switches it off. */
  equaliseRepeats: z.number().int().nonnegative(),
  interval: z.enum(["jackknife", "block-bootstrap", "none"]),
  /** Level at which the plain sentences call something above chance. */
  alpha: z.number().positive().max(0.5),
  /** Coupling around onsets of gaze. */
  eventLocked: z.boolean(),
  /** Further directed and undirected measures of the same windows, for comparison; none of them is tested. */
  otherMeasures: z.boolean(),
  seed: z.number().int().nonnegative(),
});

export type StudySettings = z.infer<typeof studySettingsSchema>;
