import type { Seconds } from "@attune/signal";
import type { SessionFile } from "../session-file/schema.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";
import type { Happening } from "./session-intake.ts";

/** How a session goes: pauses, phases and notes, as states and events that enter it. */
export class SessionCourse {
  readonly #phases: SessionFile["phases"];
  readonly #enter: (input: Happening) => void;
  #isPaused = false;
  #phase = -1;

  constructor(phases: SessionFile["phases"], enter: (input: Happening) => void) {
    this.#phases = phases;
    this.#enter = enter;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** It runs, and is not paused. */
  begin(at: Seconds): void {
    this.#enterPause(PAUSE_LAYER.running, at);
  }

  pause(at: Seconds): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#enterPause(PAUSE_LAYER.paused, at);
    this.event("pause", "session", at);
  }

  resume(at: Seconds): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#enterPause(PAUSE_LAYER.running, at);
    this.event("resume", "session", at);
  }

  /** Begins a phase; after one that the session file names, `nextPhase` goes on from there. */
  phase(name: string, at: Seconds): void {
    const planned = this.#phases.findIndex((phase) => phase.name === name);
    if (planned >= 0) this.#phase = planned;
    this.#enter({ kind: "state", person: "session", layer: "phase", state: name, at });
    this.event(`phase ${name}`, "session", at);
  }

  /** The phase that the session file names after the present one; undefined when there is none. */
  nextPhase(at: Seconds): string | undefined {
    const next = this.#phases[this.#phase + 1];
    if (next === undefined) return undefined;
    this.phase(next.name, at);
    return next.name;
  }

  event(label: string, source: string, at: Seconds): void {
    this.#enter({ kind: "event", label, at, source });
  }

  #enterPause(state: string, at: Seconds): void {
    const { person, layer } = PAUSE_LAYER;
    this.#enter({ kind: "state", person, layer, state, at });
  }
}
