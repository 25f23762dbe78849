import { ShapeError } from "../errors.ts";
import { ChannelSpread, centreWindow } from "./centre-window.ts";
import type { MvarSolver, MvarStatus } from "./model.ts";
import { OlsSolver } from "./ols-solver.ts";

/**
 * Least-squares fit of one window after another of the same shape, for live use: `execute` allocates nothing. The
 * numbers are those of `fitMvar([window], { estimator: "ols" })` to the bit.
 *
 * Holds scratch: one plan per subscription or thread.
 */
export class MvarPlan {
  readonly nChannels: number;
  readonly order: number;
  readonly nSamples: number;
  readonly demean: boolean;
  readonly #spread: ChannelSpread;
  readonly #ols: OlsSolver;
  readonly #centred: readonly Float64Array[];

  constructor(options: {
    readonly nChannels: number;
    readonly order: number;
    readonly nSamples: number;
    /** Default true. */
    readonly demean?: boolean;
  }) {
    const { nChannels, order, nSamples, demean = true } = options;
    this.nChannels = nChannels;
    this.order = order;
    this.nSamples = nSamples;
    this.demean = demean;
    this.#spread = new ChannelSpread(nChannels);
    this.#ols = new OlsSolver(nChannels, order);
    this.#centred = [new Float64Array(nChannels * nSamples)];
  }

  /** The route that the last `execute` took. */
  get solver(): MvarSolver {
    return this.#ols.solver;
  }

  /**
   * @param window          `[nChannels, nSamples]`; unchanged
   * @param outCoefficients `[order, sink, source]`
   * @param outNoise        `[n, n]`, residual covariance
   * @returns as `FittedMvar.status`, except that stability is not checked: see `spectralRadius`
   * @throws OptionError for a sample that is not a number
   */
  execute(window: Float64Array, outCoefficients: Float64Array, outNoise: Float64Array): MvarStatus {
    const { nChannels, nSamples } = this;
    if (window.length !== nChannels * nSamples)
      throw new ShapeError("MvarPlan", `${nChannels} x ${nSamples} samples`, String(window.length));
    const spread = this.#spread;
    spread.clear();
    centreWindow(this.#centred[0], window, nChannels, nSamples, this.demean, spread);
    const status = this.#ols.solve(this.#centred, outCoefficients, outNoise);
    return status === "ok" && spread.hasFlatChannel() ? "not-positive-definite" : status;
  }

  /** Condition number of the regressors of the last `execute`, each scaled to unit length. Allocates. */
  conditionEstimate(): number {
    return this.#ols.conditionEstimate();
  }
}
