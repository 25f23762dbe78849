import type { Seconds, StateChange } from "@attune/signal";

export interface HeldState {
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  readonly since: Seconds;
}

/** A state that ended, as an interval. */
export interface EndedState {
  readonly person: string;
  readonly layer: string;
  readonly state: string;
  readonly onset: Seconds;
  readonly offset: Seconds;
}

/** State of the phase layer when a phase was taken back. */
export const NO_PHASE = "none";

/** What holds in every layer, and since when. */
export class StateTrack {
  readonly #held = new Map<string, HeldState>();

  /** @returns what changed; undefined when the state holds already */
  take({
    person,
    layer,
    state,
    at,
  }: StateChange): { readonly held: HeldState; readonly ended: EndedState | undefined } | undefined {
    const key = keyOf(person, layer);
    const before = this.#held.get(key);
    if (before?.state === state) return undefined;
    const since = Math.max(at, before?.since ?? at);
    const held: HeldState = { person, layer, state, since };
    this.#held.set(key, held);
    const ended =
      before === undefined
        ? undefined
        : { person, layer, state: before.state, onset: before.since, offset: since };
    return { held, ended };
  }

  get(person: string, layer: string): HeldState | undefined {
    return this.#held.get(keyOf(person, layer));
  }

  get all(): readonly HeldState[] {
    return [...this.#held.values()];
  }
}

const keyOf = (person: string, layer: string): string => `${person}\n${layer}`;
