import { StateAccumulators } from "@attune/core";
import type { CovariationByLayer, Seconds, StateChange } from "@attune/signal";
import { StateShares } from "./state-shares.ts";

interface Gathered {
  readonly z: number;
  readonly shares: ReadonlyMap<string, number>;
}

/**
 * The windows of one measure by the states of one layer (`StateAccumulators`). Which states a layer has is not known
 * beforehand: when one occurs for the first time, the windows before it are counted again, as windows outside of it.
 */
export class LayerGathering {
  readonly #person: string;
  readonly #layer: string;
  readonly #timeline: StateShares;
  readonly #windows: Gathered[] = [];
  #accumulators = new StateAccumulators([]);

  constructor(person: string, layer: string, latencySeconds: number) {
    this.#person = person;
    this.#layer = layer;
    this.#timeline = new StateShares(person, layer, latencySeconds);
  }

  change(change: StateChange): void {
    this.#timeline.add(change);
  }

  window(z: number, start: Seconds, end: Seconds): void {
    const shares = this.#timeline.shares(start, end);
    this.#windows.push({ z, shares });
    const states = [...shares.keys()];
    if (states.length === this.#accumulators.states.length) {
      this.#count(this.#windows.at(-1)!);
      return;
    }
    this.#accumulators = new StateAccumulators(states);
    for (const each of this.#windows) this.#count(each);
  }

  summary(): CovariationByLayer {
    return {
      person: this.#person,
      layer: this.#layer,
      states: this.#accumulators.summary(),
      mixed: this.#accumulators.mixed,
    };
  }

  #count({ z, shares }: Gathered): void {
    const ofNewState = isKnown(shares) ? 0 : Number.NaN;
    this.#accumulators.add(
      z,
      this.#accumulators.states.map((state) => shares.get(state) ?? ofNewState),
    );
  }
}

/** All of the window was in states that had occurred by then, so none of it can have been in another. */
function isKnown(shares: ReadonlyMap<string, number>): boolean {
  let sum = 0;
  for (const share of shares.values()) sum += Number.isNaN(share) ? 0 : share;
  return sum >= 1 - 1e-9;
}
