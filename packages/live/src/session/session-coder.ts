import {
  BehaviourCoder,
  borisRows,
  borisTable,
  type Coded,
  type CodingRow,
  encodeRow,
} from "@attune/device-coder";
import type { PointEvent, Seconds, StateChange } from "@attune/signal";
import type { SessionFile } from "../session-file/schema.ts";

/** Behaviour coded with keys during a session: what the keyboard does becomes states and a log, both recorded. */
export class SessionCoder {
  readonly #coder: BehaviourCoder;
  readonly #heldKeys: ReadonlySet<string>;
  readonly #now: () => Seconds;
  readonly #enter: (input: StateChange | PointEvent) => void;

  /** @param keyReleases false where a released key cannot be seen, as in a terminal */
  constructor(
    coding: SessionFile["coding"],
    keyReleases: boolean,
    now: () => Seconds,
    enter: (input: StateChange | PointEvent) => void,
  ) {
    this.#coder = new BehaviourCoder({
      layers: coding.layers.map(({ person, layer, mode, initial, states }) => ({
        person,
        layer,
        mode,
        defaultState: initial,
        states: Object.entries(states).map(([state, key]) => ({ state, keys: [key] })),
      })),
      humanLatencySeconds: coding.latencySeconds,
      keyReleases,
    });
    this.#heldKeys = new Set(
      coding.layers.flatMap(({ mode, states }) =>
        mode === "hold" ? Object.values(states).map((key) => key.toLowerCase()) : [],
      ),
    );
    this.#now = now;
    this.#enter = enter;
  }

  start(): void {
    this.#take(this.#coder.start(this.#now()));
  }

  /** What a key meant, in words; undefined when it means nothing or nothing changed. */
  press(key: string, at = this.#now()): string | undefined {
    return this.#take(this.#coder.keyDown(key, at));
  }

  /** A key that comes as a word: a state that is toggled needs no release, one that is held lasts until `release`. */
  type(key: string): string | undefined {
    const done = this.press(key);
    const isHeld = this.#heldKeys.has(key.toLowerCase());
    return isHeld ? done : (this.release(key) ?? done);
  }

  release(key: string, at = this.#now()): string | undefined {
    return this.#take(this.#coder.keyUp(key, at));
  }

  /** Takes the last change back, as a row of its own. */
  undo(): string | undefined {
    return this.#take(this.#coder.undo(this.#now()));
  }

  /** Closes what is still held. */
  stop(): void {
    this.#take(this.#coder.stop(this.#now()));
  }

  get rows(): readonly CodingRow[] {
    return this.#coder.rows;
  }

  /** The log as a table that event-logging programs read. */
  table(): string {
    return borisTable(borisRows(this.#coder.rows));
  }

  #take({ changes, rows }: Coded): string | undefined {
    for (const change of changes) this.#enter(change);
    for (const row of rows)
      this.#enter({ kind: "event", label: encodeRow(row), at: row.at, source: "coding" });
    const last = changes.at(-1);
    return last === undefined ? undefined : `${last.person} ${last.layer}: ${last.state}`;
  }
}
