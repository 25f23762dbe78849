import { ALARM_LIMITS } from "@attune/live";
import type { Hello } from "@attune/wire/page";
import type { PageSource } from "../page-source.ts";
import type { ReplayFacts } from "./replay-facts.ts";

/** Who and what there is in a recording. */
export function replayHello(facts: ReplayFacts): ReturnType<PageSource["hello"]> {
  const { session, file, people, streams, coding, recording } = facts;
  return {
    mode: "replay",
    session,
    people: people.map(({ id, role }) => ({ id, role })),
    streams: [...streams],
    coding: {
      latencySeconds: coding.latencySeconds,
      layers: coding.layers.map(({ person, layer, mode, initial, states }) => ({
        person,
        layer,
        mode,
        initial,
        states: Object.entries(states).map(([state, key]) => ({ state, key })),
      })),
    },
    phases: (file?.phases ?? []).map(({ name, plannedSeconds }) => ({
      name,
      plannedSeconds: plannedSeconds ?? null,
    })),
    analysis: analysisOf(facts),
    recording: recording.path,
    limits: ALARM_LIMITS,
  };
}

function analysisOf({ plan }: ReplayFacts): Hello["analysis"] {
  if (plan === undefined) return null;
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
