import { basename } from "node:path";
import { resamplePoly } from "@attune/core";
import { ALL, type PersonMontage, screenWindow } from "@attune/pipeline";
import type { EpochRecording, PersonEpochs } from "@attune/recording";
import type { LabelledWindow, Window } from "@attune/signal";
import { summarise } from "./analyse.ts";
import { type Collected, sessionSettings } from "./collect.ts";
import { StudyError } from "./errors.ts";
import { resolvePeople } from "./people.ts";
import { fitRates } from "./rates.ts";
import { provenanceOf, type RecordingRequest, shared } from "./recording-request.ts";
import type { RecordingSummary, StudyResult } from "./result.ts";
import type { StudySettings } from "./settings.ts";
import { validateSettings } from "./validate-settings.ts";

/** Edge of a resampled epoch that the anti-alias filter has not seen whole, in samples of the slower rate. */
const RESAMPLING_EDGE = 10;

/**
 * Windows that were cut elsewhere: each epoch is a window and an episode, no lag crosses one. They are brought to the
 * analysis rate and lose the edges that resampling spoils; filters that need a past are left to whoever cut them.
 */
export async function analyseEpochs(
  recording: EpochRecording,
  request: RecordingRequest,
): Promise<StudyResult> {
  const persons = await recording.epochs();
  const streams = [...persons.values()].map((epochs) => ({
    id: epochs.person,
    name: epochs.person,
    type: "EEG",
    channels: epochs.channels,
    nominalSamplingRate: epochs.samplingRate,
    person: epochs.person,
  }));
  const people = resolvePeople(streams, request.people, request.settings);
  const rated = fitRates(request.settings, people);
  const parts = people.map((montage) => montagedEpochs(persons.get(montage.streamId)!, montage, rated));
  const nSamples = parts[0]!.nSamples;
  if (parts.some((part) => part.nSamples !== nSamples)) {
    throw new StudyError("The people's epochs have different lengths: cut them to the same length.");
  }
  const settings: StudySettings = {
    ...rated,
    // Epochs are brought to the analysis rate in one step, with a filter of that step's own.
    gridRate: rated.analysisRate,
    window: { seconds: nSamples / rated.analysisRate, overlap: 0 },
    // Epochs have no past that a filter could settle in.
    filter: { ...rated.filter, highPassHz: 0, lowPassHz: 0, notchHz: 0 },
    // Whoever cut the epochs has chosen among them; what follows in the file need not have followed in time.
    artefacts: { ...rated.artefacts, outlierZ: 0, guardSeconds: 0 },
    model: { ...rated.model, demean: true },
    eventLocked: false,
  };
  validateSettings(settings, people);
  const session = sessionSettings(settings, people, new Set(), undefined);
  const rows = people.map(({ person, channels }) => ({ ...person, nChannels: channels.length }));
  const windows = Array.from({ length: recording.nEpochs }, (_, epoch) =>
    labelEpoch(
      screenWindow(joinPeople(parts, epoch, nSamples, settings.analysisRate), rows, settings.artefacts),
    ),
  );
  const collected: Collected = {
    windows,
    records: [],
    couplings: [],
    states: [],
    endSeconds: (recording.nEpochs * nSamples) / settings.analysisRate,
  };
  const summary: RecordingSummary = {
    name: basename(recording.path),
    format: recording.format,
    durationSeconds: collected.endSeconds,
    streams: streams.map(({ id, name, type, person, nominalSamplingRate }) => ({
      id,
      name,
      type,
      person,
      nominalSamplingRate,
      effectiveSamplingRate: nominalSamplingRate,
      clockOffsetSeconds: 0,
      driftPpm: 0,
      gaps: [],
    })),
    damage: [],
  };
  const provenance = await provenanceOf(recording, settings);
  return summarise(
    { ...shared(request), settings, people, states: [], recording: summary, provenance },
    session,
    collected,
  );
}

interface PersonWindows {
  readonly nChannels: number;
  readonly nSamples: number;
  readonly windows: readonly Float64Array[];
}

function montagedEpochs(
  epochs: PersonEpochs,
  montage: PersonMontage,
  { analysisRate }: StudySettings,
): PersonWindows {
  const [up, down] = ratio(analysisRate, epochs.samplingRate);
  const edge = up === down ? 0 : RESAMPLING_EDGE;
  const resampled = Math.ceil((epochs.nSamples * up) / down);
  const nSamples = resampled - 2 * edge;
  const { channels, averageRows, toMicrovolts } = montage;
  if (nSamples < 2)
    throw new StudyError(
      `Epochs of ${epochs.nSamples} samples are too short to be brought to ${analysisRate} Hz.`,
    );
  const windows = epochs.epochs.map((epoch) => {
    const row = (index: number): Float64Array =>
      epoch.subarray(index * epochs.nSamples, (index + 1) * epochs.nSamples);
    const window = new Float64Array(channels.length * nSamples);
    channels.forEach(({ row: index }, c) => {
      const x = row(index).slice();
      for (const other of averageRows) {
        const rest = row(other);
        for (let n = 0; n < x.length; n++) x[n]! -= rest[n]! / averageRows.length;
      }
      const y = up === down ? x : resamplePoly(x, up, down);
      for (let n = 0; n < nSamples; n++) window[c * nSamples + n] = y[edge + n]! * toMicrovolts;
    });
    return window;
  });
  return { nChannels: channels.length, nSamples, windows };
}

/** The ratio of two rates in small whole numbers. */
function ratio(to: number, from: number): [number, number] {
  const scale = 1000;
  let a = Math.round(to * scale);
  let b = Math.round(from * scale);
  const [up, down] = [a, b];
  while (b > 0) [a, b] = [b, a % b];
  return [up / a, down / a];
}

function joinPeople(
  parts: readonly PersonWindows[],
  epoch: number,
  nSamples: number,
  samplingRate: number,
): Window {
  const nChannels = parts.reduce((sum, part) => sum + part.nChannels, 0);
  const data = new Float64Array(nChannels * nSamples);
  let at = 0;
  for (const part of parts) {
    data.set(part.windows[epoch]!, at);
    at += part.nChannels * nSamples;
  }
  const firstIndex = epoch * nSamples;
  const start = firstIndex / samplingRate;
  const index = epoch;
  return {
    kind: "window",
    index,
    firstIndex,
    nSamples,
    samplingRate,
    start,
    data,
    unfiltered: data,
    problems: [],
  };
}

/** Every epoch is its own episode of the one condition. */
function labelEpoch(window: Window): LabelledWindow {
  const { problems, index } = window;
  return problems.length > 0
    ? { kind: "rejected", window, condition: ALL, reasons: problems }
    : { kind: "accepted", window, condition: ALL, episode: index };
}
