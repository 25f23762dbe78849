import type { Seconds, StateChange } from "@attune/signal";

/** Coded by people who could not see: nothing is known, which is not the same as nothing happening. */
const UNKNOWN = "unknown";

/** How much of a stretch of time each state of one layer held. */
export class StateShares {
  readonly #person: string;
  readonly #layer: string;
  readonly #latencySeconds: number;
  readonly #at: Seconds[] = [];
  readonly #state: string[] = [];

  constructor(person: string, layer: string, latencySeconds = 0) {
    this.#person = person;
    this.#layer = layer;
    this.#latencySeconds = latencySeconds;
  }

  /** Takes changes of any layer and keeps those of its own. */
  add({ person, layer, state, at }: StateChange): void {
    if (person !== this.#person || layer !== this.#layer || this.#state.at(-1) === state) return;
    this.#at.push(Math.max(at - this.#latencySeconds, this.#at.at(-1) ?? Number.NEGATIVE_INFINITY));
    this.#state.push(state);
  }

  /**
   * Share of `[start, end)` in each state that occurred by its end, in the order in which states first occurred. Where
   * part of it is unknown, a state that does not occur has the share NaN: it may have held then.
   */
  shares(start: Seconds, end: Seconds): Map<string, number> {
    const seconds = new Map<string, number>();
    let known = 0;
    for (let k = 0; k < this.#at.length && this.#at[k]! < end; k++) {
      const state = this.#state[k]!;
      if (state === UNKNOWN) continue;
      const held = Math.min(end, this.#at[k + 1] ?? end) - Math.max(start, this.#at[k]!);
      seconds.set(state, (seconds.get(state) ?? 0) + Math.max(0, held));
      known += Math.max(0, held);
    }
    const length = end - start;
    // A nanosecond of rounding is no time in which anything could have happened.
    const isWhole = known >= length - 1e-9;
    return new Map(
      [...seconds].map(([state, held]) => [state, held === 0 && !isWhole ? Number.NaN : held / length]),
    );
  }

  /** Whether anything but `state` held within `[start, end)`. What held before the first change counts as the state. */
  isBroken(state: string, start: Seconds, end: Seconds): boolean {
    for (let k = this.#at.length - 1; k >= 0; k--) {
      if (this.#at[k]! >= end) continue;
      const held = Math.min(end, this.#at[k + 1] ?? end) > Math.max(start, this.#at[k]!);
      if (held && this.#state[k] !== state) return true;
      if (this.#at[k]! <= start) return false;
    }
    return false;
  }
}
