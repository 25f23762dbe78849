import type { StudySettings } from "../settings.ts";

/** A full set of settings for the tests of the report. */
export const exampleSettings: StudySettings = {
  alignment: "offline",
  gridRate: 200,
  analysisRate: 100,
  filter: { phase: "zero-phase", highPassHz: 0.5, lowPassHz: 45, order: 4, notchHz: 50 },
  reference: "as-recorded",
  preferredChannels: ["C3", "C4"],
  artefacts: {
    amplitudeMicrovolts: { adult: 100, infant: 150, child: 125 },
    flatSeconds: 0.2,
    railedSeconds: 0.05,
    lineNoiseShare: 0.5,
    lineNoiseHz: 50,
  },
  window: { seconds: 1.5, overlap: 0.5 },
  states: {
    person: "adult",
    layer: "gaze",
    guardSeconds: 0.3,
    bridgeSeconds: 0.1,
    require: [{ person: "infant", layer: "gaze", states: ["partner"] }],
    latencySeconds: 0,
  },
  model: { estimator: "ols", order: 7, pooling: "pooled", maxOrder: 15 },
  measure: "gpdcSquared",
  bands: [
    { name: "delta", low: 1, high: 3 },
    { name: "theta", low: 3, high: 6 },
    { name: "alpha", low: 6, high: 9 },
  ],
  frequencyBins: 96,
  nulls: ["blockShuffle", "circularShift", "phaseRand"],
  primaryNull: "blockShuffle",
  nSurrogates: 999,
  primaryBands: ["theta", "alpha"],
  minimumCleanSeconds: 10,
  equaliseRepeats: 100,
  interval: "jackknife",
  eventLocked: true,
  seed: 20170,
};
