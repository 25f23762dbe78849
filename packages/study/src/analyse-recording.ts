import { basename } from "node:path";
import type { PersonMontage } from "@attune/pipeline";
import {
  type ContinuousRecording,
  openRecording,
  readStates,
  stateIntervalsToChanges,
} from "@attune/recording";
import type { SessionInput, StateChange, StateInterval } from "@attune/signal";
import { analyse } from "./analyse.ts";
import { analyseEpochs } from "./analyse-epochs.ts";
import { resolvePeople } from "./people.ts";
import { play, statesFirst } from "./play.ts";
import { fitRates } from "./rates.ts";
import { provenanceOf, type RecordingRequest, shared } from "./recording-request.ts";
import type { RecordingSummary, StudyResult } from "./result.ts";

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
