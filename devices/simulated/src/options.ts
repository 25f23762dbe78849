import type { Role, Seconds, StateInterval } from "@attune/signal";

/** Rate of the process inside the heads. Delays and gaze switches lie on its grid. */
export const INTERNAL_RATE = 200;

/** What the adult does with her eyes; the state that switches coupling. */
export type AdultGaze = "direct" | "averted";
export const ADULT_GAZE: readonly AdultGaze[] = ["direct", "averted"];

/** What one person's amplifier does to time and to the signal. */
export interface DeviceOptions {
  /** Samples per second by the device's own clock, at least 200. Default 500 for adults, 250 for infants. */
  readonly nominalSamplingRate: number;
  /** Session clock minus device clock at session time 0. Default drawn from the seed, within an hour. */
  readonly clockOffsetSeconds: Seconds;
  /** Device clock runs fast by this many parts per million. Default drawn from the seed, within +-40. */
  readonly driftPpm: number;
  /** Standard deviation of the error of each stamp (normal). Default 0.0002. */
  readonly jitterSeconds: Seconds;
  /** Session time of the first sample. Default 0 for adults, 0.0137 for others: two amplifiers never start together. */
  readonly startSeconds: Seconds;
  /** Bursts of lost samples per minute (Poisson) and their length. Default 0.2 and 0.02-0.3 s. */
  readonly lossesPerMinute: number;
  readonly lossSeconds: readonly [shortest: Seconds, longest: Seconds];
  /** Movement artefacts per minute (Poisson). Default 0.2 for adults, 1 for infants. */
  readonly artefactsPerMinute: number;
  /** White noise of the electrode and amplifier. Default 0: noise of measurement alone makes false reverse links. */
  readonly sensorNoiseMicrovolts: number;
  /** The converter's range, +-. Default 5000. */
  readonly railMicrovolts: number;
}

/** How a person's brain rhythm differs while the adult looks direct or averted. */
export interface RhythmUnderGaze {
  /** Replaces the person's `poleRadius`. */
  readonly poleRadius?: number;
  /** Multiplies the innovations: 1.2 is 44 % more power at every frequency. Default 1. */
  readonly gain?: number;
}

/** One simulated person. */
export interface SimulatedPerson {
  readonly id: string;
  readonly role: Role;
  /** Electrode labels or their number (1-32, in the order of a usual cap). Default C3 and C4. */
  readonly channels?: readonly string[] | number;
  /** Frequency of the rhythm. Default 10 for adults, 7 for infants. */
  readonly peakHz?: number;
  /** Peakedness of the rhythm, in [0, 1). Default 0.95. */
  readonly poleRadius?: number;
  /**
   * Pole of the slow background, in [0, 1); 0 is none. Default 0.9, a corner at 3.3 Hz. Where all persons have the
   * same pole, GPDC is exactly what it is without.
   */
  readonly backgroundPole?: number;
  /** Root mean square of every channel, with equal weight on both gaze states. Default 12 for adults, 20 for infants. */
  readonly rmsMicrovolts?: number;
  readonly underAdultGaze?: Readonly<Partial<Record<AdultGaze, RhythmUnderGaze>>>;
  readonly device?: Partial<DeviceOptions>;
}

/** A planted influence of every channel of one person on the same-numbered channel of another. */
export interface PlantedCoupling {
  readonly from: string;
  readonly to: string;
  /** Regression coefficient; with a `band`, its gain at the band's centre. 0.05 is weak, 0.1 clear, 0.2 strong. */
  readonly strength: number;
  /** Taken to the nearest 5 ms, at least 5 ms. Default 0.01. */
  readonly delaySeconds?: Seconds;
  /** Present only while the adult's gaze is so. Absent: always. */
  readonly gazeState?: AdultGaze;
  /** Passes this band only, through a kernel of about three cycles, which raises the order of the true model. */
  readonly band?: readonly [lowHz: number, highHz: number];
}

/** A sound that all heads hear and answer after their own latency: common drive without coupling. */
export interface StimulusOptions {
  /** Regression coefficient on a waveform of unit variance; 1 is as strong as the brain's own innovations. */
  readonly strength: number;
  /** Latency by person; those not named do not hear it. */
  readonly latencySeconds: Readonly<Record<string, Seconds>>;
  /** Songs, played in order, again and again; each has the same waveform at every repetition. */
  readonly songs: readonly { readonly name: string; readonly durationSeconds: Seconds }[];
  readonly pauseSeconds?: Seconds;
}

/** A stretch of a person's signal that is broken on purpose. */
export interface BrokenSpan {
  readonly person: string;
  readonly kind: "flat" | "railed";
  readonly onset: Seconds;
  readonly duration: Seconds;
  /** Labels; absent: all channels. */
  readonly channels?: readonly string[];
}

export interface SimulationOptions {
  readonly seed: number;
  readonly durationSeconds: Seconds;
  /** Default one adult and one infant with C3 and C4. The first adult's gaze switches coupling. */
  readonly persons?: readonly SimulatedPerson[];
  /** Default: the first adult drives the first other person, strength 0.1, 10 ms, while gaze is direct. */
  readonly coupling?: readonly PlantedCoupling[];
  /** Coefficient from each even to the next odd channel of a head at 15 ms. Default 0.15. */
  readonly withinHeadStrength?: number;
  /** Correlation of innovations inside a head, in [0, 1). Default 0.5; between heads it is 0. */
  readonly withinHeadCorrelation?: number;
  /** Shortest and longest gaze episode of the adult. Default 4-12 s. */
  readonly gazeEpisodeSeconds?: readonly [shortest: Seconds, longest: Seconds];
  /** Replaces the drawn gaze script. The adult's layer `gaze` must cover the whole duration. */
  readonly states?: readonly StateInterval[];
  readonly stimulus?: StimulusOptions;
  readonly brokenSpans?: readonly BrokenSpan[];
  readonly lineNoise?: { readonly frequencyHz: 50 | 60; readonly amplitudeMicrovolts: number };
  /** How often and how well the offset of each clock is measured. Default every 5 s, error SD 0.1 ms. */
  readonly clockMeasurement?: { readonly intervalSeconds: Seconds; readonly errorSeconds: Seconds };
}
