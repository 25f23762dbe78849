import type { LabelledWindow, RejectionReason, StateChange, Window } from "@attune/signal";
import { concat, defer, EMPTY, from, merge, mergeMap, type Observable, type OperatorFunction } from "rxjs";
import type { StateSettings } from "./settings.ts";
import { StateTimeline } from "./state-timeline.ts";

/** The one condition of a recording in which nothing was coded. */
export const ALL = "all";

/**
 * Says for every window under which state it was taken, or why it must not be used (a value, not an error).
 *
 * A window `[t0, t1)` belongs to a condition when the state of the named layer was the same throughout
 * `[t0 - guard, t1)`: the guard keeps the saccade and the evoked transient of a switch out. Spans of `unknown` up to
 * `bridgeSeconds` that return to the same state by `t1` are bridged; any other unknown rejects, and
 * unknown is never taken for away. Windows of one unbroken state form an `episode`, the unit that
 * permutations may exchange.
 *
 * Only changes at or before `t1` count, whenever they arrive, so that any chunking gives the same labels. With
 * a `latencySeconds` a window waits until changes coded that late can be known.
 *
 * @param changes state changes, in order of `at`, arriving no later than the samples they precede
 */
export function labelStates(
  changes: Observable<StateChange>,
  settings: StateSettings | undefined,
): OperatorFunction<Window, LabelledWindow> {
  return (windows) =>
    defer(() => {
      const timeline = new StateTimeline(settings?.bridgeSeconds ?? 0, settings?.latencySeconds ?? 0);
      const waiting: Window[] = [];
      const release = (knownUntil: number): LabelledWindow[] => {
        const ready: LabelledWindow[] = [];
        while (waiting.length > 0 && endOf(waiting[0]!) + (settings?.latencySeconds ?? 0) <= knownUntil) {
          ready.push(labelWindow(waiting.shift()!, timeline, settings));
        }
        return ready;
      };
      const learn = changes.pipe(
        mergeMap((change) => {
          timeline.add(change);
          return EMPTY;
        }),
      );
      const labelled = windows.pipe(
        mergeMap((window) => {
          waiting.push(window);
          return release(endOf(window));
        }),
      );
      const rest = defer(() => from(release(Number.POSITIVE_INFINITY)));
      return merge(learn, concat(labelled, rest));
    });
}

const endOf = (window: Window): number => window.start + window.nSamples / window.samplingRate;

/** The label of one window, given everything that is known about states up to its end. */
export function labelWindow(
  window: Window,
  timeline: StateTimeline,
  settings: StateSettings | undefined,
): LabelledWindow {
  const reasons: { person: string; reason: RejectionReason }[] = [...window.problems];
  if (settings === undefined) {
    if (reasons.length > 0) return { kind: "rejected", window, condition: ALL, reasons };
    return { kind: "accepted", window, condition: ALL, episode: 0 };
  }
  const end = endOf(window);
  const span = timeline.span(settings.person, settings.layer, window.start - settings.guardSeconds, end);
  if (span.kind !== "steady") reasons.push({ person: settings.person, reason: span.kind });
  for (const { person, layer, states } of settings.require) {
    const held = timeline.span(person, layer, window.start, end);
    const fulfilled = held.kind === "steady" && states.includes(held.state);
    if (!fulfilled)
      reasons.push({ person, reason: held.kind === "state-unknown" ? "state-unknown" : "requirement" });
  }
  const condition = span.kind === "steady" ? span.state : undefined;
  if (condition === undefined || reasons.length > 0 || span.kind !== "steady") {
    return { kind: "rejected", window, condition, reasons };
  }
  return { kind: "accepted", window, condition, episode: span.episode };
}
