import { type Signal, signal } from "@preact/signals";
import type { SessionView } from "../session/session-view.ts";

const positions = new WeakMap<SessionView, Signal<number | null>>();

/** Where the traces of a page end: null follows the session, a session time stands still in the past. */
export function tracePosition(view: SessionView): Signal<number | null> {
  const known = positions.get(view);
  if (known !== undefined) return known;
  const made = signal<number | null>(null);
  positions.set(view, made);
  return made;
}
