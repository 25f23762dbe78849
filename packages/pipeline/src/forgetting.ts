import type { Window } from "@attune/signal";
import { hopSamples, type LiveSettings, type SessionSettings } from "./settings.ts";

/**
 * How much data an estimate rests on whose older windows are forgotten exponentially.
 *
 *     n_eff = (sum_i w_i s_i)^2 / sum_i w_i^2 s_i,   w_i = lambda^age,   lambda = exp(-hop / forgettingSeconds)
 *
 * with s_i the regression rows that window i has and no window before it; windows in a row that do not overlap tend to
 * s (1 + lambda) / (1 - lambda), about twice what lies within `forgettingSeconds`. Variance and chance level are those
 * of an estimate from n_eff samples of equal weight.
 *
 * @see Kish, Survey Sampling, 1965, section 11.7 (effective size of a weighted sample).
 */
export class Forgetting {
  readonly lambda: number;
  readonly #order: number;
  #weights = 0;
  #squares = 0;
  #lastIndex = Number.NEGATIVE_INFINITY;

  constructor(settings: SessionSettings, live: LiveSettings) {
    this.lambda = Math.exp(-hopSamples(settings) / settings.analysisRate / live.forgettingSeconds);
    this.#order = settings.model.order;
  }

  take({ firstIndex, nSamples }: Window): void {
    const fresh = Math.max(0, Math.min(nSamples - this.#order, firstIndex - this.#lastIndex));
    this.#weights = this.lambda * this.#weights + fresh;
    this.#squares = this.lambda ** 2 * this.#squares + fresh;
    this.#lastIndex = firstIndex;
  }

  get effectiveSamples(): number {
    return this.#squares > 0 ? this.#weights ** 2 / this.#squares : 0;
  }
}
