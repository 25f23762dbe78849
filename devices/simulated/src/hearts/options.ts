import { OptionError } from "@attune/core";

/** How one person's heart and breath go, and what their device is like. */
export interface HeartSettings {
  /** ms. */
  readonly meanInterval: number;
  /** Standard deviation of the slow variation (0.01 to 0.1 Hz), ms. */
  readonly slowDeviation: number;
  /** Height of the variation with breathing, ms. */
  readonly respiratoryHeight: number;
  /** Hz. */
  readonly breathingRate: number;
  /** The person's device: its clock's distance from session time in seconds, and how much faster it runs. */
  readonly clockOffsetSeconds: number;
  readonly driftPpm: number;
  /** Spans that the device lost, `[start, duration]` in session seconds. */
  readonly gaps: readonly (readonly [start: number, duration: number])[];
}

/** A session of an adult and an infant with two ECGs, gaze, touch and voice, and what is planted in it. */
export interface HeartsOptions {
  readonly seed: number;
  readonly durationSeconds: number;
  /** Of the ECGs, Hz. Default 250. */
  readonly samplingRate?: number;
  /** The infant's slow variation follows the adult's by this much; negative where the infant leads. Default 3. */
  readonly lagSeconds?: number;
  /** Share of the infant's slow variation that is the adult's (a correlation, 0 to 1), always. Default 0. */
  readonly covariation?: number;
  /** The same while the adult touches the infant. Default 0.9. */
  readonly covariationInTouch?: number;
  /** Whether the adult answers the infant's voice; otherwise adults speak as often, at any time. Default true. */
  readonly contingentVoice?: boolean;
  /** How much the infant's heart slows after the onset of touch, ms, fading with 8 s. Default 12. */
  readonly slowingAfterTouch?: number;
  /** Share of the adult's ECG that leaks into the infant's trace, as in lap contact. Default 0. */
  readonly leak?: number;
  /** White noise in the ECGs, mV. Default 0.01. */
  readonly noise?: number;
  readonly adult?: Partial<HeartSettings>;
  readonly infant?: Partial<HeartSettings>;
}

export type ResolvedHearts = Required<Omit<HeartsOptions, "adult" | "infant">> & {
  readonly adult: HeartSettings;
  readonly infant: HeartSettings;
};

/** Resting figures of an adult and of an infant of about 8 months. */
const defaults: { readonly adult: HeartSettings; readonly infant: HeartSettings } = {
  adult: {
    meanInterval: 780,
    slowDeviation: 40,
    respiratoryHeight: 35,
    breathingRate: 0.25,
    clockOffsetSeconds: -4.2,
    driftPpm: -12,
    gaps: [],
  },
  infant: {
    meanInterval: 450,
    slowDeviation: 18,
    respiratoryHeight: 7,
    breathingRate: 0.55,
    clockOffsetSeconds: 31.7,
    driftPpm: 28,
    gaps: [],
  },
};

/** @throws OptionError for a duration below a minute, shares outside 0..1, or a lag as long as the recording. */
export function resolveHearts(options: HeartsOptions): ResolvedHearts {
  const resolved: ResolvedHearts = {
    seed: options.seed,
    durationSeconds: options.durationSeconds,
    samplingRate: options.samplingRate ?? 250,
    lagSeconds: options.lagSeconds ?? 3,
    covariation: options.covariation ?? 0,
    covariationInTouch: options.covariationInTouch ?? 0.9,
    contingentVoice: options.contingentVoice ?? true,
    slowingAfterTouch: options.slowingAfterTouch ?? 12,
    leak: options.leak ?? 0,
    noise: options.noise ?? 0.01,
    adult: { ...defaults.adult, ...options.adult },
    infant: { ...defaults.infant, ...options.infant },
  };
  const { durationSeconds, covariation, covariationInTouch, leak, lagSeconds, samplingRate } = resolved;
  if (!(durationSeconds >= 60))
    throw new OptionError(`simulateHearts needs durationSeconds of 60 or more, got ${durationSeconds}.`);
  for (const [name, share] of Object.entries({ covariation, covariationInTouch, leak }))
    if (!(share >= 0 && share <= 1))
      throw new OptionError(`simulateHearts ${name} must lie between 0 and 1, got ${share}.`);
  if (!(Math.abs(lagSeconds) <= 60))
    throw new OptionError(`simulateHearts lagSeconds must lie between -60 and 60, got ${lagSeconds}.`);
  if (!Number.isInteger(samplingRate) || samplingRate < 200)
    throw new OptionError(
      `simulateHearts samplingRate must be a whole number of 200 Hz or more, got ${samplingRate}.`,
    );
  return resolved;
}
