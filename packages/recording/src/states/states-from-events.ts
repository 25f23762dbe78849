import type { PointEvent, StateChange } from "@attune/signal";

/** What one event label means: from this moment on the person's layer is in this state. */
export interface StateRule {
  /** The whole label, compared exactly. */
  readonly label: string;
  readonly person: string;
  readonly layer: string;
  readonly state: string;
}

/**
 * Turn markers into states by a table of labels, such as
 *
 *     [{ label: "infant_voc/onset", person: "infant", layer: "voice", state: "vocalising" },
 *      { label: "infant_voc/offset", person: "infant", layer: "voice", state: "silent" }]
 *
 * An event may match several rules (one `pause` can end several layers) or none. Repeats of the state that a layer is
 * in already are left out. Before a layer's first event its state is not known, and nothing is said about it.
 */
export function statesFromEvents(events: readonly PointEvent[], rules: readonly StateRule[]): StateChange[] {
  const byLabel = new Map<string, StateRule[]>();
  for (const rule of rules) byLabel.set(rule.label, [...(byLabel.get(rule.label) ?? []), rule]);
  const current = new Map<string, string>();
  const changes: StateChange[] = [];
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    for (const { person, layer, state } of byLabel.get(event.label) ?? []) {
      const key = JSON.stringify([person, layer]);
      if (current.get(key) === state) continue;
      current.set(key, state);
      changes.push({ kind: "state", person, layer, state, at: event.at });
    }
  }
  return changes;
}
