import { StudyError } from "./errors.ts";
import type { StudySettings } from "./settings.ts";

export interface Profile {
  readonly name: string;
  readonly title: string;
  /** What the profile is for and, where it follows a paper, what of that is verified. */
  readonly description: string;
  readonly settings: StudySettings;
}

const artefacts: StudySettings["artefacts"] = {
  amplitudeMicrovolts: { adult: 100, infant: 150, child: 150 },
  outlierZ: 3,
  guardSeconds: 1,
  flatSeconds: 0.2,
  railedSeconds: 0.05,
  lineNoiseShare: 0.5,
  lineNoiseHz: 50,
};

/** The published pipelines have a fixed limit and nothing around it. */
const asPublished = { outlierZ: 0, guardSeconds: 0 };

const gazeOfTheAdult: StudySettings["states"] = {
  person: "adult",
  layer: "gaze",
  guardSeconds: 0.3,
  bridgeSeconds: 0.1,
  require: [{ person: "infant", layer: "gaze", states: ["partner"] }],
  latencySeconds: 0,
};

/**
 * The analysis that Attune stands behind.
 *
 * 200 Hz, because decimation and low-pass filters leave a spectrum that no short model can follow and then show influence
 * in the direction that has none; slow drift is removed by a causal second-order high-pass, which does not. One
 * model over all clean windows of a condition, because the chance level of averaged short windows does not fall with
 * more data and that of a pooled fit does. Order 10 looks back 50 ms.
 */
const recommended: StudySettings = {
  alignment: "causal",
  gridRate: 200,
  analysisRate: 200,
  filter: { phase: "causal", highPassHz: 0.5, lowPassHz: 0, order: 2, notchHz: 0 },
  reference: "as-recorded",
  preferredChannels: ["C3", "C4"],
  artefacts,
  window: { seconds: 1, overlap: 0 },
  states: gazeOfTheAdult,
  model: { estimator: "ols", order: 10, demean: false, pooling: "pooled", maxOrder: 20 },
  measure: "gpdcSquared",
  bands: [
    { name: "theta", low: 3, high: 6 },
    { name: "alpha", low: 6, high: 9 },
  ],
  frequencyBins: 256,
  nulls: [
    "residualShuffle",
    "blockShuffle",
    "circularShift",
    "phaseRand",
    "timeReverse",
    "repetitionSwap",
    "jointShuffle",
  ],
  primaryNull: "residualShuffle",
  nSurrogates: 1000,
  primaryBands: ["theta", "alpha"],
  minimumCleanSeconds: 10,
  equaliseRepeats: 100,
  interval: "jackknife",
  alpha: 0.05,
  eventLocked: true,
  otherMeasures: true,
  seed: 1,
};

/**
 * Two central electrodes a head, 1 s windows with half overlap, order 5 at 200 Hz, low-pass 45 Hz, mean over windows.
 * Site names, 200 Hz, 45 Hz, overlap, order and amplitude limit are recalled from the paper and not verified: call nothing
 * that comes out of this a replication.
 */
const leong2017: StudySettings = {
  ...recommended,
  filter: { phase: "zero-phase", highPassHz: 0, lowPassHz: 45, order: 4, notchHz: 0 },
  artefacts: { ...artefacts, ...asPublished, amplitudeMicrovolts: { adult: 100, infant: 100, child: 100 } },
  window: { seconds: 1, overlap: 0.5 },
  model: { estimator: "ols", order: 5, demean: true, pooling: "perWindowMean", maxOrder: 20 },
  nulls: [
    "blockShuffle",
    "circularShift",
    "allChannelShuffle",
    "phaseRand",
    "timeReverse",
    "repetitionSwap",
    "jointShuffle",
  ],
  primaryNull: "blockShuffle",
};

/** Nine sites a head, 1.5 s windows with half overlap, order 7, the estimator that the published code runs. */
const babble: StudySettings = {
  ...leong2017,
  filter: { phase: "zero-phase", highPassHz: 0.1, lowPassHz: 45, order: 4, notchHz: 0 },
  reference: "average",
  preferredChannels: ["F3", "Fz", "F4", "C3", "Cz", "C4", "P3", "Pz", "P4"],
  artefacts: { ...artefacts, ...asPublished, amplitudeMicrovolts: { adult: 150, infant: 150, child: 150 } },
  window: { seconds: 1.5, overlap: 0.5 },
  model: { estimator: "biosig7", order: 7, demean: false, pooling: "perWindowMean", maxOrder: 12 },
  bands: [
    { name: "delta", low: 1.1, high: 2.9 },
    { name: "theta", low: 3.1, high: 6 },
    { name: "alpha", low: 6.1, high: 9 },
  ],
  nulls: ["blockShuffle", "allChannelShuffle", "jointShuffle"],
  primaryNull: "blockShuffle",
  primaryBands: ["alpha"],
  nSurrogates: 1000,
  eventLocked: false,
};

export const profiles: readonly Profile[] = [
  {
    name: "recommended",
    title: "Recommended",
    description:
      "Pooled least squares at 200 Hz, each direction tested against its own null. The analysis that Attune stands behind.",
    settings: recommended,
  },
  {
    name: "leong2017",
    title: "After Leong et al. 2017",
    description:
      "Close to Leong et al. (PNAS 2017). Several parameters are recalled and not verified against the paper: not a replication.",
    settings: leong2017,
  },
  {
    name: "babble",
    title: "After the BABBLE code",
    description:
      "Close to the published BABBLE code: 9 + 9 sites, order 7, and an estimator (biosig7) that is inconsistent for several channels: for comparison, not a replication.",
    settings: babble,
  },
];

export function profileNamed(name: string): Profile {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) {
    const known = profiles.map((each) => each.name).join(", ");
    throw new StudyError(`There is no profile "${name}": choose one of ${known}.`);
  }
  return profile;
}
