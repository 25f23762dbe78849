import { basename } from "node:path";
import { type CodingRow, decodeRow, dyadLayers, parseMarker } from "@attune/device-coder";
import { declaredStates, markersOf, recordedSettings, type SessionFile, UNDECLARED } from "@attune/live";
import {
  type ContinuousRecording,
  type OpenOptions,
  openRecording,
  type RecordedStream,
  readStates,
  stateIntervalsToChanges,
} from "@attune/recording";
import type { Person, PointEvent, Seconds, StateChange } from "@attune/signal";
import type { PageStream } from "@attune/wire/page";
import { ServerError } from "../errors.ts";
import type { AnalysisTask } from "./analysis/messages.ts";
import { type ForeignRequest, foreignPlan, type Plan } from "./foreign-plan.ts";
import { foreignStreams, recordedStreams } from "./replay-streams.ts";

export type CodingSetting = SessionFile["coding"];

/** What a recording says before anything of it is computed. */
export interface ReplayFacts {
  readonly recording: ContinuousRecording;
  readonly session: string;
  /** The file of the session that was recorded; undefined for recordings of others. */
  readonly file: SessionFile | undefined;
  readonly people: readonly Person[];
  /** Regular streams and others, in the order of the recording. */
  readonly streams: readonly PageStream[];
  readonly regular: readonly RecordedStream[];
  readonly coding: CodingSetting;
  /** What the analysis is; undefined where there is none. */
  readonly plan: Plan | undefined;
  readonly pipeline: AnalysisTask["pipeline"];
  /** Why there is no coupling, in a sentence; undefined where there is. */
  readonly whyNoCoupling: string | undefined;
  readonly states: readonly StateChange[];
  /** Markers that tell states are states and not events. */
  readonly events: readonly PointEvent[];
  /** False for states of people or layers that the session did not have. */
  readonly isShown: (change: Pick<StateChange, "person" | "layer">) => boolean;
  /** Rows that were coded while it was recorded. */
  readonly coded: readonly CodingRow[];
  readonly from: Seconds;
  readonly to: Seconds;
}

/**
 * Opens a recording and finds out what can be shown of it.
 *
 * @throws RecordingError when it cannot be read, StudyError when people or channels that were asked for are not in it, ServerError
 *   (misuse) when it has no time axis or no samples
 */
export async function openFacts(
  path: string,
  open: OpenOptions,
  request: ForeignRequest,
): Promise<ReplayFacts> {
  const recording = await openRecording(path, open);
  try {
    if (recording.kind !== "continuous")
      throw new ServerError(
        `${path} holds epochs without a time axis, which cannot be played: use attune analyze.`,
        { misuse: true },
      );
    return await factsOf(recording, request);
  } catch (error) {
    await recording.close();
    throw error;
  }
}

async function factsOf(recording: ContinuousRecording, request: ForeignRequest): Promise<ReplayFacts> {
  const regular = recording.streams.filter(
    ({ nominalSamplingRate, nSamples, format }) =>
      nominalSamplingRate > 0 && nSamples > 0 && format !== "string",
  );
  if (regular.length === 0)
    throw new ServerError(
      `${recording.path} holds no samples of a regular stream: there is nothing to show.`,
    );
  const events = await recording.events();
  const table = request.statesPath === undefined ? undefined : await readStates(request.statesPath);
  const told = table === undefined ? await recording.stateChanges() : stateIntervalsToChanges(table);
  const own = recordedSettings(recording.session?.settings);
  const isShown = own === undefined || table !== undefined ? () => true : declaredStates(own.file);
  const states = told.filter(isShown);
  const coded = events.flatMap(({ label }) => decodeRow(label) ?? []);
  const shared = {
    recording,
    regular,
    states,
    events: events.filter(
      (event) =>
        decodeRow(event.label) === undefined && !tellsState(event, told, own?.file, recording.streams),
    ),
    isShown,
    coded,
    from: Math.min(...regular.map(({ firstTime }) => firstTime)),
    to: Math.max(...regular.map(({ lastTime, nominalSamplingRate }) => lastTime + 1 / nominalSamplingRate)),
  };
  const isAsWas =
    own !== undefined &&
    request.people === undefined &&
    request.settings === undefined &&
    request.statesPath === undefined;
  if (isAsWas) {
    const { file, profile, study, running } = own;
    // A session of hearts alone is analysed too, and nobody is coupled in it.
    const pipeline = (own.pipeline?.people.length ?? 0) < 2 ? null : own.pipeline;
    return {
      ...shared,
      session: recording.session!.id,
      file,
      people: file.people,
      streams: recordedStreams(recording.streams, file),
      coding: file.coding,
      plan: pipeline === null ? undefined : { profile, settings: study, running },
      pipeline:
        pipeline === null
          ? undefined
          : { settings: pipeline, order: "recorded", streams: undefined, states: undefined },
      whyNoCoupling:
        pipeline === null
          ? "fewer than two people had EEG in this session, or it was not analysed"
          : undefined,
    };
  }
  const foreign = foreignPlan(recording, request, states, table !== undefined);
  const people = foreign.people.length > 0 ? foreign.people : (own?.file.people ?? []);
  return {
    ...shared,
    session: recording.session?.id ?? basename(recording.path).replace(/\.\w+$/, ""),
    file: undefined,
    people,
    streams: foreignStreams(recording.streams, foreign.montages),
    coding: own?.file.coding ?? usualCoding(people),
    plan: foreign.plan,
    pipeline: foreign.pipeline,
    whyNoCoupling: foreign.whyNot,
  };
}

/** Whether a marker says who is in which state: of a device that the session listened to, or one whose states are in the recording. */
function tellsState(
  { label, source }: PointEvent,
  states: readonly StateChange[],
  file: SessionFile | undefined,
  streams: readonly { readonly id: string; readonly name: string }[],
): boolean {
  if (source === UNDECLARED) return true;
  const meant = parseMarker(label);
  if (meant === undefined) return false;
  const { person, layer } = meant;
  const stream = streams.find(({ id, name }) => id === source || name === source);
  const isOfMarkers =
    file !== undefined &&
    markersOf(file).some(({ device }) => stream?.id === device || stream?.id.startsWith(`${device}/`));
  return isOfMarkers || states.some((state) => state.person === person && state.layer === layer);
}

/** The keys of a dyad, where no session file says others. */
function usualCoding(people: readonly Person[]): CodingSetting {
  const adult = people.find(({ role }) => role === "adult")?.id ?? "adult";
  const infant = people.find(({ role }) => role !== "adult")?.id ?? "infant";
  const layers = dyadLayers(adult, infant).map(({ person, layer, mode, defaultState, states }) => ({
    person,
    layer,
    mode,
    initial: defaultState,
    states: Object.fromEntries(states.map(({ state, keys }) => [state, keys[0]!])),
  }));
  return { latencySeconds: 0.3, layers };
}
