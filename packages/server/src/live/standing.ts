import type { LiveSession } from "@attune/live";
import { PAUSE_LAYER } from "@attune/live";
import type { Standing } from "@attune/wire/page";
import { known } from "./known.ts";
import { NO_PHASE, type StateTrack } from "./state-track.ts";
import { deviceOf } from "./stream-people.ts";
import type { UsableTime } from "./usable-time.ts";

export interface StandingParts {
  readonly session: LiveSession;
  readonly states: StateTrack;
  /** Whose track `ownStates` shows. */
  readonly secondCoder: string | undefined;
  readonly usable: UsableTime;
}

/** How a session stands now. */
export function standingOf({ session, states, secondCoder, usable }: StandingParts): Standing {
  const at = session.now();
  const { beganAt, totals } = session;
  const phase = states.get("session", "phase");
  const phaseSince = phase?.since ?? (Number.isNaN(beganAt) ? at : beganAt);
  const shown = (track: StateTrack): Standing["states"] =>
    track.all.filter(({ person, layer }) => person !== PAUSE_LAYER.person || layer !== PAUSE_LAYER.layer);
  return {
    kind: "standing",
    at,
    stage: session.stage,
    isPaused: session.isPaused,
    elapsedSeconds: known(at - beganAt),
    recording: recordingOf(session),
    phase:
      phase === undefined || phase.state === NO_PHASE
        ? null
        : {
            name: phase.state,
            since: phase.since,
            plannedSeconds:
              session.loaded.file.phases.find(({ name }) => name === phase.state)?.plannedSeconds ?? null,
          },
    analysisDelaySeconds: session.analysisDelay,
    states: shown(states),
    ownStates: secondCoder === undefined ? [] : statesOf(session, secondCoder),
    streams: streamsOf(session),
    conditions: totals.conditions.map(({ condition, nWindows, cleanSeconds }) => ({
      condition,
      nWindows,
      cleanSeconds,
    })),
    usable: session.loaded.file.people.map(({ id }) => ({
      person: id,
      cleanSeconds: usable.phaseSeconds(id),
      phaseSeconds: session.stage === "running" ? Math.max(0, at - phaseSince) : 0,
    })),
    windows: {
      nWindows: totals.nWindows,
      nAccepted: totals.nAccepted,
      nLate: totals.nLate,
      rejected: { ...totals.rejected },
    },
    replay: null,
  };
}

/** What holds on a coder's own track, and since when. */
function statesOf({ coder }: LiveSession, name: string): Standing["ownStates"] {
  return coder.layers.flatMap(({ person, layer }) => {
    const last = coder.rows.findLast(
      (row) => row.coder === name && row.person === person && row.layer === layer,
    );
    return last === undefined ? [] : [{ person, layer, state: last.state, since: last.at }];
  });
}

function recordingOf({ recording }: LiveSession): Standing["recording"] {
  if (recording === undefined) return null;
  const { state, bytesWritten, bytesPerSecond, lastWriteAgeSeconds, freeDiskMinutes } = recording.health;
  return {
    state,
    bytesWritten,
    bytesPerSecond: known(bytesPerSecond),
    lastWriteAgeSeconds: known(lastWriteAgeSeconds),
    diskMinutes: known(freeDiskMinutes),
  };
}

function streamsOf(session: LiveSession): Standing["streams"] {
  return session.streams.map((stream) => {
    const device = session.devices.find(({ id }) => id === deviceOf(session, stream));
    const statistics = device?.device.statistics();
    const originalId = stream.id.replace(/#\d+$/, "");
    const clock = statistics?.streams.find(({ streamId }) => streamId === originalId);
    const pulse = session.pulse(stream.id);
    return {
      streamId: stream.id,
      device: device?.id ?? "",
      lifecycle: device?.lifecycle ?? "closed",
      measuredSamplingRate: known(pulse?.measuredSamplingRate),
      nSamples: pulse?.nSamples ?? 0,
      nLost: pulse?.nLost ?? 0,
      lostPercent: known(pulse?.lostPercent),
      recentLostPercent: known(pulse?.recentLostPercent),
      silentSeconds: known(pulse?.silentSeconds),
      nReconnects: statistics?.nReconnects ?? 0,
      driftPpm: known(clock?.driftPpm),
    };
  });
}
