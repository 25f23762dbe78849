import type { Seconds, StateChange } from "@attune/signal";
import { CoderError } from "./errors.ts";

export interface MutualGazeOptions {
  /** A change counts when it has lasted so long; shorter ones never happened. Default 0.1 (ours). */
  readonly toleranceSeconds?: Seconds;
  readonly adult?: string;
  readonly infant?: string;
  /** Default `["direct"]`. */
  readonly adultStates?: readonly string[];
  /** Default `["partner"]`. */
  readonly infantStates?: readonly string[];
}

export type MutualState = "mutual" | "none" | "unknown";

const LAYER = "gaze";
const UNKNOWN = "unknown";
const SLACK = 1e-9;

/**
 * Mutual gaze from the gaze of two people: `mutual` while the adult's is direct and the infant's is on the partner, `none`
 * while either certainly is not, `unknown` else. It is derived and never coded.
 *
 * Each person's changes come in order of time; between the two people any order of arrival gives the same, because nothing is
 * judged before `advance` says that everything up to a time is known. A change's `at` is when it happened, so it is
 * announced up to `toleranceSeconds` after that.
 */
export class MutualGaze {
  readonly #tolerance: Seconds;
  readonly #people: readonly [string, string];
  readonly #wanted: readonly [ReadonlySet<string>, ReadonlySet<string>];
  #pending: { who: 0 | 1; state: string; at: Seconds; order: number }[] = [];
  readonly #current: [string, string] = [UNKNOWN, UNKNOWN];
  #order = 0;
  #known = Number.NEGATIVE_INFINITY;
  #settled: MutualState | undefined;
  #candidate: MutualState | undefined;
  #since: Seconds = 0;

  /** @throws CoderError for a negative tolerance */
  constructor(options: MutualGazeOptions = {}) {
    const { toleranceSeconds = 0.1, adult = "adult", infant = "infant" } = options;
    if (!(toleranceSeconds >= 0))
      throw new CoderError(`toleranceSeconds must be at least 0, got ${toleranceSeconds}.`);
    this.#tolerance = toleranceSeconds;
    this.#people = [adult, infant];
    this.#wanted = [new Set(options.adultStates ?? ["direct"]), new Set(options.infantStates ?? ["partner"])];
  }

  /** Take a change in; those of other people and layers are passed over. */
  push(change: StateChange): void {
    const who = this.#people.indexOf(change.person);
    if (change.layer !== LAYER || who < 0) return;
    this.#pending.push({ who: who as 0 | 1, state: change.state, at: change.at, order: this.#order++ });
  }

  /**
   * Everything up to and including `at` is known.
   * @returns changes of layer `mutual-gaze` of `session` that have become certain, in order of time
   */
  advance(at: Seconds): StateChange[] {
    const changes: StateChange[] = [];
    if (!(at > this.#known)) return changes;
    this.#known = at;
    const due = this.#pending.filter((one) => one.at <= at);
    this.#pending = this.#pending.filter((one) => one.at > at);
    due.sort((a, b) => a.at - b.at || a.who - b.who || a.order - b.order);
    for (let i = 0; i < due.length; i++) {
      const { who, state, at: when } = due[i]!;
      this.#current[who] = state;
      if (due[i + 1]?.at === when) continue;
      this.#settle(when, changes);
      const now = this.#combine();
      if (now === this.#candidate) continue;
      this.#candidate = now;
      this.#since = when;
    }
    this.#settle(at, changes);
    return changes;
  }

  /** The end: what still waits has lasted until `at`. */
  finish(at: Seconds): StateChange[] {
    return this.advance(at);
  }

  #settle(at: Seconds, changes: StateChange[]): void {
    if (this.#candidate === undefined || this.#candidate === this.#settled) return;
    if (at - this.#since < this.#tolerance - SLACK) return;
    this.#settled = this.#candidate;
    changes.push({
      kind: "state",
      person: "session",
      layer: "mutual-gaze",
      state: this.#settled,
      at: this.#since,
    });
  }

  #combine(): MutualState {
    let unknown = false;
    for (const who of [0, 1] as const) {
      const state = this.#current[who];
      if (state === UNKNOWN) unknown = true;
      else if (!this.#wanted[who].has(state)) return "none";
    }
    return unknown ? "unknown" : "mutual";
  }
}

/** A `MutualGaze`, for use as `deriveMutualGaze({ toleranceSeconds: 0.1 })`. */
export const deriveMutualGaze = (options: MutualGazeOptions = {}): MutualGaze => new MutualGaze(options);

/** The same for a list that is complete. @param until end of the recording */
export function mutualGazeOf(
  changes: readonly StateChange[],
  until: Seconds,
  options: MutualGazeOptions = {},
): StateChange[] {
  const mutual = new MutualGaze(options);
  for (const change of changes) mutual.push(change);
  return mutual.finish(until);
}
