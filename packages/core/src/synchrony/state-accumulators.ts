import { OptionError, ShapeError } from "../errors.ts";
import { Moments, type StateContrast, type StateMoments, stateContrast } from "./state-moments.ts";

/** What one state has gathered so far. */
export interface StateSummary extends StateContrast {
  readonly state: string;
  /** Windows that belong to the state. */
  readonly inside: StateMoments;
  /** Windows of which no part lies in the state. */
  readonly outside: StateMoments;
}

/**
 * A windowed measure gathered by state while the session runs, in constant memory.
 *
 * A window belongs to the state that holds at least half of it; where none or two do, it goes to the common `mixed`
 * bin. For each state there are also the windows that do not touch it at all, so that its contrast equals that of
 * `splitByState` on the same windows.
 */
export class StateAccumulators {
  readonly states: readonly string[];
  readonly #minimumShare: number;
  readonly #inside: readonly Moments[];
  readonly #outside: readonly Moments[];
  readonly #mixed = new Moments();
  #nWithoutValue = 0;

  /**
   * @param states  the states of one exclusive layer
   * @param options `minimumShare` default 0.5
   * @throws OptionError when the share is outside (0, 1] or a state occurs twice
   */
  constructor(states: readonly string[], options: { readonly minimumShare?: number } = {}) {
    const { minimumShare = 0.5 } = options;
    if (!(minimumShare > 0 && minimumShare <= 1))
      throw new OptionError(`StateAccumulators: minimumShare must lie in (0, 1], got ${minimumShare}.`);
    if (new Set(states).size !== states.length)
      throw new OptionError(`StateAccumulators: each state may occur once, got ${states.join(", ")}.`);
    this.states = [...states];
    this.#minimumShare = minimumShare;
    this.#inside = states.map(() => new Moments());
    this.#outside = states.map(() => new Moments());
  }

  /**
   * @param value  of the window; NaN counts as a window without a value
   * @param shares `[nStates]`, the share of the window in each state; NaN where unknown, which is never "outside"
   * @throws ShapeError when there is another number of shares
   */
  add(value: number, shares: ArrayLike<number>): void {
    if (shares.length !== this.states.length)
      throw new ShapeError("StateAccumulators", `${this.states.length} shares`, `${shares.length}`);
    if (Number.isNaN(value)) {
      this.#nWithoutValue++;
      return;
    }
    let nOwners = 0;
    for (let s = 0; s < shares.length; s++) {
      if (shares[s] >= this.#minimumShare) {
        nOwners++;
        this.#inside[s].add(value);
      } else if (shares[s] === 0) this.#outside[s].add(value);
    }
    if (nOwners !== 1) this.#mixed.add(value);
  }

  /** Windows that no state, or more than one, holds half of. */
  get mixed(): StateMoments {
    return this.#mixed.summary();
  }

  get nWithoutValue(): number {
    return this.#nWithoutValue;
  }

  summary(): StateSummary[] {
    return this.states.map((state, s) => {
      const inside = this.#inside[s].summary();
      const outside = this.#outside[s].summary();
      return { state, inside, outside, ...stateContrast(inside, outside) };
    });
  }

  reset(): void {
    for (const moments of [...this.#inside, ...this.#outside, this.#mixed]) moments.reset();
    this.#nWithoutValue = 0;
  }
}
