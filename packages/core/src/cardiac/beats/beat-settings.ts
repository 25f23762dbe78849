import type { Population } from "../interbeat/population.ts";

/** What the detector assumes about a population's beats. Times in seconds, frequencies in Hz. */
export interface BeatSettings {
  /** Band in which a QRS complex stands out from P and T waves, baseline and muscle. */
  readonly band: readonly [number, number];
  /** Length of the linear-phase band-pass filter; its delay is half of it. */
  readonly filterSeconds: number;
  /** Span of the slope. */
  readonly slopeSeconds: number;
  /** Window of the mean square of the slope: about one QRS complex. */
  readonly integrationSeconds: number;
  /** A maximum that is not exceeded for so long is a candidate. */
  readonly confirmSeconds: number;
  /** No second beat within this time. */
  readonly refractorySeconds: number;
  /** Within this time a candidate must be at least half as steep as the beat before it: otherwise it is a T wave. */
  readonly tWaveSeconds: number;
  /** Four of these make the time over which the size of the beats is learnt. Each should hold a beat. */
  readonly learningSeconds: number;
  /** Intervals between beats that count for the rhythm. */
  readonly intervalRange: readonly [number, number];
  /** Low-pass corner of the trace on which the maximum is located. */
  readonly fiducialHz: number;
  /** How much a change of level across a candidate speaks against it. Wide beats change it a little themselves. */
  readonly stepWeight: number;
}

/**
 * Adults: 8-20 Hz is the pass band that Elgendi, PLoS ONE 8:e73557 (2013), found best over the MIT-BIH database: higher and wide
 * ventricular beats are lost, lower and T waves come in; the 200 and 360 ms rules are those of Pan & Tompkins, IEEE Trans Biomed
 * Eng 32:230 (1985). Infants: the QRS complex lasts 40 to 70 ms instead of 80 to 100 ms and heart rates reach 220 bpm (Davignon
 * et al., Pediatric Cardiology 1:123, 1980), so everything is faster and higher. Children lie between; no study was followed for
 * them. Heart rates: adult 35-200, child 45-220, infant 60-260 bpm.
 */
export const BEAT_SETTINGS: Readonly<Record<Population, BeatSettings>> = {
  adult: {
    band: [8, 20],
    filterSeconds: 0.14,
    slopeSeconds: 0.01,
    integrationSeconds: 0.12,
    confirmSeconds: 0.08,
    refractorySeconds: 0.2,
    tWaveSeconds: 0.36,
    learningSeconds: 1,
    intervalRange: [0.3, 1.714],
    fiducialHz: 40,
    stepWeight: 4,
  },
  child: {
    band: [10, 32],
    filterSeconds: 0.12,
    slopeSeconds: 0.008,
    integrationSeconds: 0.08,
    confirmSeconds: 0.07,
    refractorySeconds: 0.185,
    tWaveSeconds: 0.3,
    learningSeconds: 0.7,
    intervalRange: [0.272, 1.334],
    fiducialHz: 60,
    stepWeight: 8,
  },
  infant: {
    band: [12, 45],
    filterSeconds: 0.1,
    slopeSeconds: 0.006,
    integrationSeconds: 0.05,
    confirmSeconds: 0.06,
    refractorySeconds: 0.17,
    tWaveSeconds: 0.24,
    learningSeconds: 0.5,
    intervalRange: [0.231, 1],
    fiducialHz: 80,
    stepWeight: 16,
  },
};
