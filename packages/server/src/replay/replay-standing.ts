import { PAUSE_LAYER } from "@attune/live";
import type { RecordedStream } from "@attune/recording";
import type { Seconds } from "@attune/signal";
import type { Standing } from "@attune/wire/page";
import { known } from "../live/known.ts";
import type { PlayClock } from "./play-clock.ts";
import type { ReplayCoder } from "./replay-coder.ts";
import type { ReplayCursor } from "./replay-cursor.ts";
import type { ReplayFacts } from "./replay-facts.ts";
import type { StreamTimes } from "./stream-times.ts";

const RECENT_SECONDS = 10;

export interface ReplayStandingParts {
  readonly facts: ReplayFacts;
  readonly times: readonly StreamTimes[];
  readonly clock: PlayClock;
  readonly cursor: ReplayCursor;
  readonly coder: ReplayCoder;
  readonly primary: string;
  readonly isAnalysed: boolean;
}

/** How things stood at the position of a replay. Where somebody codes anew, the states are those that are coded now. */
export function replayStanding(parts: ReplayStandingParts, at: Seconds): Standing {
  const { facts, times, clock, cursor, coder, primary, isAnalysed } = parts;
  const { from, to } = clock.range;
  const { totals } = cursor.totals;
  const phase = cursor.states.get("session", "phase");
  const inPhase = phase !== undefined && phase.state !== "none" ? phase : undefined;
  const second = coder.coders.findLast((name) => name !== primary);
  return {
    kind: "standing",
    at,
    stage: "running",
    isPaused: cursor.states.get(PAUSE_LAYER.person, PAUSE_LAYER.layer)?.state === PAUSE_LAYER.paused,
    elapsedSeconds: at - from,
    recording: null,
    phase:
      inPhase === undefined
        ? null
        : { name: inPhase.state, since: inPhase.since, plannedSeconds: plannedOf(facts, inPhase.state) },
    analysisDelaySeconds: 0,
    states: statesOf(cursor, coder, primary),
    ownStates: second === undefined ? [] : coder.states(second),
    streams: times.map((each) => streamAt(each, facts, at)),
    conditions: totals.conditions.map(({ condition, nWindows, cleanSeconds }) => ({
      condition,
      nWindows,
      cleanSeconds,
    })),
    usable: facts.people.map(({ id }) => ({
      person: id,
      cleanSeconds: cursor.usable.phaseSeconds(id),
      phaseSeconds: Math.max(0, at - (phase?.since ?? from)),
    })),
    windows: {
      nWindows: totals.nWindows,
      nAccepted: totals.nAccepted,
      nLate: totals.nLate,
      rejected: { ...totals.rejected },
    },
    replay: { position: at, from, to, speed: clock.speed, isPlaying: clock.isPlaying, isAnalysed },
  };
}

const plannedOf = ({ file }: ReplayFacts, phase: string): Seconds | null =>
  file?.phases.find(({ name }) => name === phase)?.plannedSeconds ?? null;

function statesOf(cursor: ReplayCursor, coder: ReplayCoder, primary: string): Standing["states"] {
  const recoded = coder.states(primary);
  const isRecoded = (person: string, layer: string): boolean =>
    recoded.some((each) => each.person === person && each.layer === layer);
  const recorded = cursor.states.all.filter(
    ({ person, layer }) =>
      (person !== PAUSE_LAYER.person || layer !== PAUSE_LAYER.layer) && !isRecoded(person, layer),
  );
  return [
    ...recorded.map(({ person, layer, state, since }) => ({ person, layer, state, since })),
    ...recoded,
  ];
}

/** Rate and drift are those of the whole recording; counts are those up to the position. */
function streamAt(times: StreamTimes, facts: ReplayFacts, at: Seconds): Standing["streams"][number] {
  const { stream } = times;
  const nSamples = times.sampleAt(at);
  const nLost = lostBetween(stream, Number.NEGATIVE_INFINITY, at);
  const recentLost = lostBetween(stream, at - RECENT_SECONDS, at);
  const nRecent = nSamples - times.sampleAt(at - RECENT_SECONDS);
  return {
    streamId: stream.id,
    device: facts.streams.find(({ id }) => id === stream.id)?.device ?? "",
    lifecycle: "streaming",
    measuredSamplingRate: known(stream.effectiveSamplingRate),
    nSamples,
    nLost,
    lostPercent: known((100 * nLost) / (nSamples + nLost)),
    recentLostPercent: known((100 * recentLost) / (nRecent + recentLost)),
    silentSeconds: known(Math.max(0, at - times.lastBefore(at))),
    nReconnects: 0,
    driftPpm: known(stream.clock.driftPpm),
  };
}

/** Samples that gaps swallowed in a stretch of time. */
function lostBetween({ gaps, nominalSamplingRate }: RecordedStream, from: Seconds, to: Seconds): number {
  let seconds = 0;
  for (const { start, duration } of gaps)
    seconds += Math.max(0, Math.min(to, start + duration) - Math.max(from, start));
  return Math.round(seconds * nominalSamplingRate);
}
