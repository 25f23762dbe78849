import { type ScreenPerson, type SessionSettings, screenWindow } from "@attune/pipeline";
import type { ConditionedRecord } from "../collect.ts";
import { prepared } from "../condition-data.ts";
import { cutFrom } from "../nulls/repetition-swap.ts";
import type { EpochSpan } from "./gaze-events.ts";

/** Epochs and windows as in the simulations of Marriott Haresign et al. (Dev Cogn Neurosci 2022). */
export const EPOCH: EpochSpan = { before: -1, after: 1.5 };
export const WINDOW_SECONDS = 0.3;
export const STEP_SECONDS = 0.05;

/** Where the sliding windows lie inside an epoch. */
export interface EpochLayout {
  readonly samplingRate: number;
  /** Samples of an epoch, and how many of them come before the event. */
  readonly nSamples: number;
  readonly nBefore: number;
  readonly nWindowSamples: number;
  /** First sample of each window inside the epoch. */
  readonly starts: readonly number[];
  /** Window centres relative to the event, seconds. */
  readonly times: readonly number[];
}

export function epochLayout(samplingRate: number): EpochLayout {
  const nBefore = Math.round(-EPOCH.before * samplingRate);
  const nSamples = nBefore + Math.round(EPOCH.after * samplingRate);
  const nWindowSamples = Math.round(WINDOW_SECONDS * samplingRate);
  const starts: number[] = [];
  for (let k = 0; ; k++) {
    const start = Math.round(k * STEP_SECONDS * samplingRate);
    if (start + nWindowSamples > nSamples) break;
    if (start !== starts.at(-1)) starts.push(start);
  }
  const times = starts.map((start) => (2 * (start - nBefore) + nWindowSamples) / (2 * samplingRate));
  return { samplingRate, nSamples, nBefore, nWindowSamples, starts, times };
}

/** Cuts epochs out of everybody's conditioned samples. */
export class EpochCutter {
  readonly layout: EpochLayout;
  readonly people: readonly ScreenPerson[];
  readonly #records: readonly ConditionedRecord[];
  readonly #session: SessionSettings;
  readonly #demean: boolean;

  /** @param records one for each person of the session */
  constructor(session: SessionSettings, records: readonly ConditionedRecord[], demean: boolean) {
    this.layout = epochLayout(session.analysisRate);
    this.people = session.people.map(({ person, channels }) => ({
      id: person.id,
      role: person.role,
      nChannels: channels.length,
    }));
    this.#records = records;
    this.#session = session;
    this.#demean = demean;
  }

  /** First and last time around which everybody has samples, seconds; an empty span when there is none. */
  get span(): { readonly first: number; readonly last: number } {
    const { samplingRate, nBefore, nSamples } = this.layout;
    const first = Math.max(...this.#records.map((record) => record.firstIndex));
    const end = Math.min(...this.#records.map((record) => record.firstIndex + record.nSamples));
    return { first: (first + nBefore) / samplingRate, last: (end - nSamples + nBefore) / samplingRate };
  }

  /**
   * The epoch around a time, `[nChannels, nSamples]`, or undefined where somebody's samples are missing or not clean
   * throughout. The event lies on the nearest sample. Each channel's mean over the epoch is taken out where the
   * settings take it out of windows.
   */
  cut(time: number): Float64Array | undefined {
    const { samplingRate, nSamples, nBefore } = this.layout;
    const first = Math.round(time * samplingRate) - nBefore;
    const window = cutFrom(this.#records, this.people, first, nSamples, samplingRate);
    if (window === undefined) return undefined;
    if (screenWindow(window, this.people, this.#session.artefacts).problems.length > 0) return undefined;
    return prepared(window.data, this.people, nSamples, this.#demean);
  }
}

/**
 * Takes the evoked response out of every trial: the mean over trials, per channel and sample.
 *
 * A response that both heads have to the event alike repeats from trial to trial; left in, it would look like
 * coupling. What remains is what differs from trial to trial.
 */
export function withoutEvoked(trials: readonly Float64Array[]): Float64Array[] {
  const evoked = new Float64Array(trials[0]?.length ?? 0);
  for (const trial of trials) {
    for (let n = 0; n < evoked.length; n++) evoked[n]! += trial[n]! / trials.length;
  }
  return trials.map((trial) => trial.map((value, n) => value - evoked[n]!));
}

/** One window of a trial, `[nChannels, nWindowSamples]`. */
export function windowOf(
  trial: Float64Array,
  start: number,
  nChannels: number,
  layout: EpochLayout,
): Float64Array {
  const { nSamples, nWindowSamples } = layout;
  const window = new Float64Array(nChannels * nWindowSamples);
  for (let c = 0; c < nChannels; c++) {
    const from = c * nSamples + start;
    window.set(trial.subarray(from, from + nWindowSamples), c * nWindowSamples);
  }
  return window;
}
