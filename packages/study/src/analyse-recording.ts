import { basename } from "node:path";
import { resamplePoly } from "@attune/core";
import type { LiveSettings, PersonMontage } from "@attune/pipeline";
import {
  type ContinuousRecording,
  type EpochRecording,
  type OpenOptions,
  openRecording,
  type PersonEpochs,
  type Recording,
  readStates,
  stateIntervalsToChanges,
} from "@attune/recording";
import type { Coupling, LabelledWindow, SessionInput, StateChange, StateInterval } from "@attune/signal";
import { type AnalysisProgress, type AnalysisRequest, analyse, summarise } from "./analyse.ts";
import { type Collected, sessionSettings } from "./collect.ts";
import { StudyError } from "./errors.ts";
import { type PersonRequest, resolvePeople } from "./people.ts";
import { play, statesFirst } from "./play.ts";
import { attuneVersion, hashOf } from "./provenance.ts";
import { fitRates } from "./rates.ts";
import type { Provenance, RecordingSummary, StudyResult } from "./result.ts";
import type { StudySettings } from "./settings.ts";
import { validateSettings } from "./validate-settings.ts";

export interface RecordingRequest {
  readonly path: string;
  readonly open?: OpenOptions;
  /** A table of coded states; it replaces states that the recording carries itself. */
  readonly statesPath?: string;
  readonly people: readonly PersonRequest[];
  readonly profile: string;
  readonly settings: StudySettings;
  readonly live?: LiveSettings;
  readonly chunkSeconds?: number;
  /** Replay speed, N times real time; as fast as possible when absent. It changes no number. */
  readonly pace?: number;
  readonly onProgress?: (progress: AnalysisProgress) => void;
  readonly onCoupling?: (coupling: Coupling) => void;
}

/** Opens a recording, runs the pipeline and the statistics over it, and closes it again. */
export async function analyseRecording(request: RecordingRequest): Promise<StudyResult> {
  const recording = await openRecording(request.path, request.open ?? {});
  try {
    return recording.kind === "continuous"
      ? await analyseContinuous(recording, request)
      : await analyseEpochs(recording, request);
  } finally {
    await recording.close();
  }
}

async function analyseContinuous(
  recording: ContinuousRecording,
  request: RecordingRequest,
): Promise<StudyResult> {
  const people = resolvePeople(recording.streams, request.people, request.settings);
  const settings = fitRates(request.settings, people);
  const coded = request.statesPath === undefined ? undefined : await readStates(request.statesPath);
  const states = coded ?? intervalsOf(await recording.stateChanges(), recording.durationSeconds);
  const streamIds = [...new Set(people.map(({ streamId }) => streamId))];
  const items = recording.play({
    alignment: settings.alignment,
    ...(request.chunkSeconds === undefined ? {} : { chunkSeconds: request.chunkSeconds }),
    streams: coded === undefined ? [...streamIds, ...stateStreams(recording)] : streamIds,
  });
  const ordered =
    coded === undefined ? items : statesFirst(withoutStates(items), stateIntervalsToChanges(coded));
  return analyse({
    ...shared(request),
    settings,
    people,
    states,
    inputs: play(ordered, request.pace),
    recording: summaryOf(recording, people),
    provenance: await provenanceOf(recording, settings),
  });
}

/** Streams without a rate may carry states; everything else that nobody asked for stays unread. */
const stateStreams = (recording: ContinuousRecording): string[] =>
  recording.streams.filter(({ nominalSamplingRate }) => nominalSamplingRate === 0).map(({ id }) => id);

async function* withoutStates(items: AsyncIterable<SessionInput>): AsyncIterable<SessionInput> {
  for await (const item of items) if (item.kind !== "state") yield item;
}

/** Changes of state as closed intervals; what is current at the end lasts until then. */
function intervalsOf(changes: readonly StateChange[], endSeconds: number): StateInterval[] {
  const intervals: StateInterval[] = [];
  changes.forEach(({ person, layer, state, at }, i) => {
    const next = changes.slice(i + 1).find((later) => later.person === person && later.layer === layer);
    const duration = (next?.at ?? Math.max(endSeconds, at)) - at;
    if (duration > 0) intervals.push({ person, layer, state, onset: at, duration });
  });
  return intervals;
}

function shared(
  request: RecordingRequest,
): Pick<AnalysisRequest, "profile" | "settings" | "live"> &
  Pick<AnalysisRequest, "onProgress" | "onCoupling"> {
  const { profile, settings, live, onProgress, onCoupling } = request;
  return {
    profile,
    settings,
    ...(live === undefined ? {} : { live }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onCoupling === undefined ? {} : { onCoupling }),
  };
}

async function provenanceOf(recording: Recording, settings: StudySettings): Promise<Provenance> {
  return {
    attuneVersion,
    settingsHash: hashOf(settings),
    inputs: [{ name: basename(recording.path), sha256: await recording.sha256() }],
    seed: settings.seed,
    alignment: settings.alignment,
    filterPhase: settings.filter.phase,
  };
}

function summaryOf(recording: ContinuousRecording, people: readonly PersonMontage[]): RecordingSummary {
  return {
    name: basename(recording.path),
    format: recording.format,
    durationSeconds: recording.durationSeconds,
    streams: recording.streams.map((stream) => ({
      id: stream.id,
      name: stream.name,
      type: stream.type,
      person: people.find(({ streamId }) => streamId === stream.id)?.person.id,
      nominalSamplingRate: stream.nominalSamplingRate,
      effectiveSamplingRate: stream.effectiveSamplingRate,
      clockOffsetSeconds: stream.clock.offset,
      driftPpm: stream.clock.driftPpm,
      gaps: stream.gaps.map(({ start, duration }) => ({ start, duration })),
    })),
    damage: recording.damage.map(({ offset, bytes, what }) => `${what} (${bytes} bytes at byte ${offset})`),
  };
}

/** Edge of a resampled epoch that the anti-alias filter has not seen whole, in samples of the slower rate. */
const RESAMPLING_EDGE = 10;

/**
 * Windows that were cut elsewhere: each epoch is a window and an episode, no lag crosses one. They are brought to the
 * analysis rate and lose the edges that resampling spoils; filters that need a past are left to whoever cut them.
 */
async function analyseEpochs(recording: EpochRecording, request: RecordingRequest): Promise<StudyResult> {
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
    model: { ...rated.model, demean: true },
    eventLocked: false,
  };
  validateSettings(settings, people);
  const session = sessionSettings(settings, people, new Set(), undefined);
  const windows = Array.from({ length: recording.nEpochs }, (_, epoch) =>
    joinPeople(parts, epoch, nSamples, settings.analysisRate),
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
): LabelledWindow {
  const nChannels = parts.reduce((sum, part) => sum + part.nChannels, 0);
  const data = new Float64Array(nChannels * nSamples);
  let at = 0;
  for (const part of parts) {
    data.set(part.windows[epoch]!, at);
    at += part.nChannels * nSamples;
  }
  const firstIndex = epoch * nSamples;
  return {
    kind: "accepted",
    condition: "all",
    episode: epoch,
    window: {
      kind: "window",
      index: epoch,
      firstIndex,
      nSamples,
      samplingRate,
      start: firstIndex / samplingRate,
      data,
      unfiltered: data,
      problems: [],
    },
  };
}
