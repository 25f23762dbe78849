/** Windows with known coupling and the settings to analyse them, for the tests of this folder. */
import { counterRandom, normal, simulateVar, type VarTerm, WindowSet } from "@attune/core";
import type { PersonMontage } from "@attune/pipeline";
import type { LabelledWindow, RejectionReason, Role } from "@attune/signal";
import type { ConditionData } from "./condition-data.ts";
import { Estimator } from "./estimator.ts";
import type { NullContext } from "./nulls/context.ts";
import { profileNamed } from "./profiles.ts";
import type { StudySettings } from "./settings.ts";

export const RATE = 200;
export const N_SAMPLES = 200;

export const montage = (id: string, role: Role, nChannels = 2): PersonMontage => ({
  person: { id, role },
  streamId: id,
  nominalSamplingRate: RATE,
  channels: Array.from({ length: nChannels }, (_, row) => ({ label: `${id}-${row + 1}`, row })),
  toMicrovolts: 1,
  averageRows: [],
});

export const PEOPLE = [montage("adult", "adult"), montage("infant", "infant")];
export const ROWS = [
  { id: "adult", firstChannel: 0, nChannels: 2 },
  { id: "infant", firstChannel: 2, nChannels: 2 },
];

/** The recommended profile, cut down to what a test can wait for. */
export function quickSettings(overrides: Partial<StudySettings> = {}): StudySettings {
  const { settings } = profileNamed("recommended");
  return {
    ...settings,
    model: { ...settings.model, order: 4, maxOrder: 6 },
    frequencyBins: 64,
    nulls: ["residualShuffle", "blockShuffle"],
    nSurrogates: 39,
    equaliseRepeats: 0,
    interval: "none",
    eventLocked: false,
    otherMeasures: false,
    ...overrides,
  };
}

export interface Dyad {
  readonly seed: number;
  readonly nWindows: number;
  /** Adult to infant, 10 ms. */
  readonly strength?: number;
  readonly nSamples?: number;
  /** Samples from one window to the next; as many as a window has when absent. */
  readonly hop?: number;
  /** `[sink, source, value]`, innovations that are felt at once. */
  readonly mixing?: readonly (readonly [number, number, number])[];
}

/** The dyad benchmark: a 10 Hz adult, a 7 Hz infant, two channels each. */
export function dyadTerms(strength: number): VarTerm[] {
  const terms: VarTerm[] = [
    [3, 1, 0, 0.15],
    [3, 3, 2, 0.15],
  ];
  [10, 10, 7, 7].forEach((hertz, c) => {
    terms.push([1, c, c, 2 * 0.95 * Math.cos((2 * Math.PI * hertz) / RATE)], [2, c, c, -(0.95 ** 2)]);
  });
  if (strength !== 0) terms.push([2, 2, 0, strength], [2, 3, 1, strength]);
  return terms;
}

/** Consecutive windows of one recording, each `[4, nSamples]`. */
export function dyadWindows(dyad: Dyad): Float64Array[] {
  const { seed, nWindows, strength = 0, nSamples = N_SAMPLES, hop = nSamples, mixing = [] } = dyad;
  const total = (nWindows - 1) * hop + nSamples;
  const x = simulateVar({
    nChannels: 4,
    coefficients: dyadTerms(strength),
    nSamples: total,
    burnIn: 300,
    normal: normal(counterRandom("example", seed)),
    mixing,
  });
  return Array.from({ length: nWindows }, (_, w) => {
    const window = new Float64Array(4 * nSamples);
    for (let c = 0; c < 4; c++)
      window.set(x.subarray(c * total + w * hop, c * total + w * hop + nSamples), c * nSamples);
    return window;
  });
}

/** One condition; every five windows are an episode. */
export function conditionOf(
  condition: string,
  windows: readonly Float64Array[],
  { hop, windowsPerEpisode = 5 }: { hop?: number; windowsPerEpisode?: number } = {},
): ConditionData {
  const nSamples = (windows[0]?.length ?? 0) / 4;
  const people = ROWS.map(({ id, nChannels }) => ({ id, nChannels }));
  return {
    condition,
    set: new WindowSet(people, nSamples, windows),
    recorded: windows,
    episodes: windows.map((_, w) => Math.floor(w / windowsPerEpisode)),
    firstIndices: windows.map((_, w) => w * (hop ?? nSamples)),
    cleanSeconds: (windows.length * nSamples) / RATE,
  };
}

export function contextOf(
  data: ConditionData,
  settings: StudySettings,
  everything: readonly ConditionData[] = [data],
): NullContext {
  return { settings, estimator: new Estimator(settings, ROWS), data, everything };
}

/** A labelled window without samples of interest, at a place in time. */
export function labelled(
  firstIndex: number,
  label: {
    readonly condition?: string | undefined;
    readonly episode?: number;
    readonly data?: Float64Array;
    readonly reasons?: readonly { readonly person: string; readonly reason: RejectionReason }[];
  },
): LabelledWindow {
  const data = label.data ?? new Float64Array(4 * N_SAMPLES);
  const window = {
    kind: "window" as const,
    index: firstIndex / N_SAMPLES,
    firstIndex,
    nSamples: data.length / 4,
    samplingRate: RATE,
    start: firstIndex / RATE,
    data,
    unfiltered: data,
    problems: [],
  };
  return label.reasons === undefined
    ? { kind: "accepted", window, condition: label.condition ?? "direct", episode: label.episode ?? 0 }
    : { kind: "rejected", window, condition: label.condition, reasons: label.reasons };
}
