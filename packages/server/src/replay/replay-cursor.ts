import { RunningTotals } from "@attune/live";
import type { Seconds } from "@attune/signal";
import { HeartBook } from "../live/hearts.ts";
import { StateTrack } from "../live/state-track.ts";
import { UsableTime } from "../live/usable-time.ts";
import type { Finding, KnownState } from "./analysis/messages.ts";

/** Everything that was found in a recording, in the order in which it became known. */
export class Findings {
  readonly all: Finding[] = [];
  #states: readonly KnownState[];

  constructor(states: readonly KnownState[]) {
    this.#states = inOrder(states);
  }

  get states(): readonly KnownState[] {
    return this.#states;
  }

  add(findings: readonly Finding[]): void {
    for (const finding of findings) this.all.push(finding);
  }

  /** The states as the session itself came to know them. */
  replaceStates(states: readonly KnownState[]): void {
    this.#states = inOrder(states);
  }
}

const inOrder = (states: readonly KnownState[]): KnownState[] =>
  states.toSorted((a, b) => a.knownAt - b.knownAt);

/**
 * What was known at a position: the findings up to it added up, by the same sums as in a live session. Forwards it goes on from
 * where it is, backwards it begins anew, so that how one comes to a position makes no difference.
 */
export class ReplayCursor {
  readonly #findings: Findings;
  readonly #people: readonly string[];
  readonly #end: Seconds;
  #position: Seconds = Number.NEGATIVE_INFINITY;
  #statesUsed: readonly KnownState[] = [];
  #nFindings = 0;
  #nStates = 0;
  #totals = new RunningTotals();
  #usable: UsableTime;
  #states = new StateTrack();
  #hearts: HeartBook;

  /**
   * @param people adults first
   * @param end    of the recording
   */
  constructor(findings: Findings, people: readonly string[], end: Seconds) {
    this.#findings = findings;
    this.#people = people;
    this.#end = end;
    this.#usable = new UsableTime(people);
    this.#hearts = this.#newHearts();
  }

  get totals(): RunningTotals {
    return this.#totals;
  }

  get usable(): UsableTime {
    return this.#usable;
  }

  get states(): StateTrack {
    return this.#states;
  }

  /** Another one after every step backwards: what it said before no longer holds. */
  get hearts(): HeartBook {
    return this.#hearts;
  }

  /** Changes whenever something else is known. */
  get mark(): string {
    return `${this.#nFindings} ${this.#nStates}`;
  }

  moveTo(position: Seconds): void {
    const { all, states } = this.#findings;
    if (position < this.#position || states !== this.#statesUsed) this.#beginAnew();
    this.#position = position;
    for (;;) {
      const finding = all[this.#nFindings];
      const state = states[this.#nStates];
      const isStateDue = state !== undefined && state.knownAt <= position;
      const isFindingDue = finding !== undefined && finding.knownAt <= position;
      if (isStateDue && !(isFindingDue && finding.knownAt < state.knownAt)) {
        this.#nStates++;
        this.#hearts.change(state.change);
        const taken = this.#states.take(state.change);
        if (taken !== undefined && taken.held.person === "session" && taken.held.layer === "phase")
          this.#usable.beginPhase(taken.held.since);
      } else if (isFindingDue) {
        this.#nFindings++;
        if ("window" in finding) {
          this.#totals.window(finding.window);
          this.#usable.window(finding.window);
        } else if ("coupling" in finding) this.#totals.coupling(finding.coupling);
        else {
          this.#totals.hearts.take(finding.heart);
          this.#hearts.take(finding.heart);
        }
      } else return;
    }
  }

  #beginAnew(): void {
    this.#statesUsed = this.#findings.states;
    this.#nFindings = 0;
    this.#nStates = 0;
    this.#totals = new RunningTotals();
    this.#usable = new UsableTime(this.#people);
    this.#states = new StateTrack();
    this.#hearts = this.#newHearts();
  }

  #newHearts(): HeartBook {
    return new HeartBook({
      people: this.#people,
      now: () => Math.min(this.#position, this.#end),
      heart: (person) => this.#totals.hearts.newest(person),
    });
  }
}
