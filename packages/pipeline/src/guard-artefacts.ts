import type { RejectionReason, Window } from "@attune/signal";
import { concat, defer, from, type MonoTypeOperatorFunction, mergeMap } from "rxjs";

/** Problems that begin and end gradually, so that their windows have contaminated neighbours. */
const SPREADING: readonly RejectionReason[] = ["amplitude", "flat", "railed"];

/**
 * Rejects windows within `guardSeconds` of an artefact, for the person who had it.
 *
 * A movement rises and falls; its tails stay below any amplitude limit, but they are noise on the sender's signal, and noise on
 * a sender makes the receiver, who is driven by the true signal, look like a sender itself. With half an artefact a minute and no
 * guard, coupling one way (g = 0.05) came with a false link the other way in half of simulated recordings.
 *
 * A window is held back until every window that begins within `guardSeconds` after its end has been judged, so neither
 * chunking nor overlap changes the verdict.
 *
 * @param hopSeconds from the start of one window to that of the next
 */
export function guardArtefacts(guardSeconds: number, hopSeconds: number): MonoTypeOperatorFunction<Window> {
  return (windows) =>
    defer(() => {
      const waiting: Window[] = [];
      let artefacts: Artefact[] = [];
      const release = (nextStart: number): Window[] => {
        const ready: Window[] = [];
        while (waiting.length > 0 && endOf(waiting[0]!) + guardSeconds <= nextStart + 1e-9) {
          const window = waiting.shift()!;
          artefacts = artefacts.filter(({ end }) => end >= window.start - guardSeconds - 1e-9);
          ready.push(withNeighbours(window, artefacts, guardSeconds));
        }
        return ready;
      };
      const guarded = windows.pipe(
        mergeMap((window) => {
          for (const { person, reason } of window.problems) {
            if (SPREADING.includes(reason))
              artefacts.push({ person, start: window.start, end: endOf(window) });
          }
          waiting.push(window);
          return release(window.start + hopSeconds);
        }),
      );
      return concat(
        guarded,
        defer(() => from(release(Number.POSITIVE_INFINITY))),
      );
    });
}

/** A stretch of one person's signal, as long as the window that showed it. */
interface Artefact {
  readonly person: string;
  readonly start: number;
  readonly end: number;
}

const endOf = (window: Window): number => window.start + window.nSamples / window.samplingRate;

function withNeighbours(window: Window, artefacts: readonly Artefact[], guardSeconds: number): Window {
  const end = endOf(window);
  const near = artefacts.filter(
    (artefact) =>
      artefact.start < end + guardSeconds - 1e-9 && artefact.end > window.start - guardSeconds + 1e-9,
  );
  const affected = [...new Set(near.map(({ person }) => person))].filter(
    (person) => !window.problems.some((problem) => problem.person === person),
  );
  if (affected.length === 0) return window;
  const problems = affected.map((person) => ({ person, reason: "near-artefact" as const }));
  return { ...window, problems: [...window.problems, ...problems] };
}
