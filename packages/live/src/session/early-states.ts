import type { Seconds, StateChange } from "@attune/signal";

/**
 * States that became known before the session began. Where somebody looks is said once, when it changes: a session that begins
 * later would else not know it until the next change.
 */
export class EarlyStates {
  readonly #states = new Map<string, StateChange>();

  take(change: StateChange): void {
    this.#states.set(`${change.layer}\n${change.person}`, change);
  }

  /** What holds at `at`, as it has to enter then. */
  holdingAt(at: Seconds): StateChange[] {
    return [...this.#states.values()].map((change) => ({ ...change, at }));
  }
}
