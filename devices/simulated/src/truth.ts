import { bandMean, frequencyGrid, gpdc } from "@attune/core";
import type { Seconds, StateInterval } from "@attune/signal";
import type { Regime } from "./dynamics.ts";
import type { LossBurst, MovementArtefact } from "./mishaps.ts";
import { type AdultGaze, type BrokenSpan, INTERNAL_RATE, type PlantedCoupling } from "./options.ts";
import type { ResolvedPerson } from "./people.ts";
import type { Presentation } from "./stimulus-program.ts";

/** The bands of the published studies, on their grid of 256 bins up to the Nyquist frequency of 200 Hz. */
export const TRUTH_BANDS = [
  { band: "delta", low: 1, high: 3 },
  { band: "theta", low: 3, high: 6 },
  { band: "alpha", low: 6, high: 9 },
] as const;
const N_BINS = 256;

/** The autoregressive law under one gaze state, x_t = sum_k A_k x_{t-k} + e_t, before scaling to microvolts. */
export interface TrueModel {
  readonly state: AdultGaze;
  readonly order: number;
  /** `[order, sink, source]`, flat. */
  readonly coefficients: readonly number[];
  /** `[node, node]`, flat. */
  readonly noiseCovariance: readonly number[];
}

/** True coupling of one channel pair: band mean of the squared GPDC at the internal rate. */
export interface TrueLink {
  readonly state: AdultGaze;
  readonly band: string;
  readonly from: string;
  readonly fromChannel: string;
  readonly to: string;
  readonly toChannel: string;
  readonly gpdcSquared: number;
}

/** True coupling between two persons: the mean of `TrueLink` over all their channel pairs. */
export interface TrueDirection {
  readonly state: AdultGaze;
  readonly band: string;
  readonly from: string;
  readonly to: string;
  readonly gpdcSquared: number;
}

/** What a person's clock truly does: device time = session time * (1 + driftPpm 1e-6) - clockOffsetSeconds. */
export interface TrueClock {
  readonly person: string;
  readonly streamId: string;
  readonly nominalSamplingRate: number;
  readonly clockOffsetSeconds: Seconds;
  readonly driftPpm: number;
  readonly jitterSeconds: Seconds;
  readonly startSeconds: Seconds;
  /** Samples taken, lost ones included. */
  readonly nSamples: number;
}

/** Everything that was planted, as plain data that `JSON.stringify` keeps whole. */
export interface SimulationTruth {
  readonly seed: number;
  readonly durationSeconds: Seconds;
  /** Rate of the true models, Hz. */
  readonly samplingRate: number;
  /** Nodes in model order; microvolts per unit of the model. */
  readonly nodes: readonly {
    readonly person: string;
    readonly channel: string;
    readonly scaleMicrovolts: number;
  }[];
  readonly models: readonly TrueModel[];
  /** What was planted, defaults included. */
  readonly coupling: readonly PlantedCoupling[];
  /** Pairs across persons, and within persons, that are not exactly 0. */
  readonly links: readonly TrueLink[];
  readonly directions: readonly TrueDirection[];
  readonly states: readonly StateInterval[];
  readonly presentations: readonly Presentation[];
  readonly clocks: readonly TrueClock[];
  readonly losses: readonly LossBurst[];
  readonly artefacts: readonly MovementArtefact[];
  readonly brokenSpans: readonly BrokenSpan[];
}

/** The regime as plain data. */
export function trueModel(regime: Regime): TrueModel {
  return {
    state: regime.state,
    order: regime.order,
    coefficients: Array.from(regime.coefficients),
    noiseCovariance: Array.from(regime.noiseCovariance),
  };
}

/** Theoretical coupling under one regime, per pair of channels and per pair of persons. */
export function trueCoupling(
  regime: Regime,
  persons: readonly ResolvedPerson[],
): { links: TrueLink[]; directions: TrueDirection[] } {
  const { state, nNodes, order, coefficients, noiseCovariance } = regime;
  const spectrum = gpdc(
    {
      nChannels: nNodes,
      order,
      coefficients,
      noiseCovariance,
      nObservations: Number.POSITIVE_INFINITY,
      spectralRadius: Number.NaN,
      status: "ok",
    },
    {
      samplingRate: INTERNAL_RATE,
      frequencies: frequencyGrid({ samplingRate: INTERNAL_RATE, nfft: N_BINS }).filter((f) => f < 10),
    },
  );
  const links: TrueLink[] = [];
  const directions: TrueDirection[] = [];
  for (const { band, low, high } of TRUTH_BANDS) {
    const mean = bandMean(spectrum, { low, high, edges: "half-open", squared: true });
    for (const from of persons)
      for (const to of persons) {
        let sum = 0;
        for (let i = 0; i < to.labels.length; i++)
          for (let j = 0; j < from.labels.length; j++) {
            if (from === to && i === j) continue;
            const gpdcSquared = mean[(to.firstNode + i) * nNodes + from.firstNode + j]!;
            sum += gpdcSquared;
            if (gpdcSquared === 0) continue;
            links.push({
              state,
              band,
              from: from.id,
              fromChannel: from.labels[j]!,
              to: to.id,
              toChannel: to.labels[i]!,
              gpdcSquared,
            });
          }
        if (from !== to)
          directions.push({
            state,
            band,
            from: from.id,
            to: to.id,
            gpdcSquared: sum / (from.labels.length * to.labels.length),
          });
      }
  }
  return { links, directions };
}
