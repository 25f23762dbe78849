import type { LiveSession } from "@attune/live";
import type { Hello, PageStream } from "@attune/wire/page";
import type { PageSource } from "../page-source.ts";

/** Who and what there is in a live session. */
export function sessionHello(
  session: LiveSession,
  streams: PageStream[],
  isAnalysed: boolean,
): ReturnType<PageSource["hello"]> {
  const { file } = session.loaded;
  return {
    mode: "live",
    session: file.session,
    people: file.people.map(({ id, role }) => ({ id, role })),
    streams,
    coding: {
      latencySeconds: file.coding.latencySeconds,
      layers: file.coding.layers.map(({ person, layer, mode, initial, states }) => ({
        person,
        layer,
        mode,
        initial,
        states: Object.entries(states).map(([state, key]) => ({ state, key })),
      })),
    },
    phases: file.phases.map(({ name, plannedSeconds }) => ({ name, plannedSeconds: plannedSeconds ?? null })),
    analysis: isAnalysed ? analysisOf(session) : null,
    recording: session.recording?.path ?? null,
    limits: session.limits,
  };
}

/** Null where fewer than two people have EEG. */
function analysisOf({ loaded, plan }: LiveSession): Hello["analysis"] {
  const withEeg = new Set(
    loaded.file.streams.filter(({ signal }) => signal === "eeg").map(({ person }) => person),
  );
  if (withEeg.size < 2) return null;
  const { settings, running, profile } = plan;
  return {
    profile,
    measure: settings.measure,
    bands: settings.bands.map(({ name, low, high }) => ({ name, low, high })),
    person: settings.states.person,
    layer: settings.states.layer,
    windowSeconds: settings.window.seconds,
    hopSeconds: settings.window.seconds * (1 - settings.window.overlap),
    forgettingSeconds: running.forgettingSeconds,
  };
}
