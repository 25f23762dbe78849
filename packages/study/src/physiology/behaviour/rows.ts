import type { DyadSettings } from "../request.ts";
import type { BehaviourRow } from "../result.ts";
import { gazeRows } from "./gaze-rows.ts";
import { touchRows } from "./touch-rows.ts";
import type { DyadBehaviour } from "./vocabulary.ts";
import { voiceRows } from "./voice-rows.ts";

/** All numbers about behaviour, in long format. What was not coded has no rows. */
export function behaviourRows(behaviour: DyadBehaviour, settings: DyadSettings): BehaviourRow[] {
  return [
    ...gazeRows(behaviour, settings),
    ...voiceRows(behaviour, settings),
    ...touchRows(behaviour, settings),
  ].filter(({ value, n }) => !Number.isNaN(value) || n > 0);
}
