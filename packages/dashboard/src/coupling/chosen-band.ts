import { type Signal, signal } from "@preact/signals";
import type { SessionView } from "../session/session-view.ts";

const chosen = new WeakMap<SessionView, Signal<string | null>>();

/** The band that a page shows in every panel; null until somebody chooses. */
export function chosenBand(view: SessionView): Signal<string | null> {
  const known = chosen.get(view);
  if (known !== undefined) return known;
  const made = signal<string | null>(null);
  chosen.set(view, made);
  return made;
}

/** The band to show: the chosen one, else the first of the analysis, else the first that came. */
export function bandOf(view: SessionView): string {
  return (
    chosenBand(view).value ??
    view.hello.value?.analysis?.bands[0]?.name ??
    view.evidence.value?.values[0]?.band ??
    view.timeline.value.couplings[0]?.band ??
    ""
  );
}
