import { OptionError } from "../errors.ts";
import { PairCorrelation } from "./pair-correlation.ts";
import { DEFAULT_COVERAGE, fewestValid, requireCoverage, samplesOf } from "./sample-count.ts";

/** Where windows lie, how far the members are moved against each other, and what counts as a value. */
export interface WindowedCovariationOptions {
  /** Hz, of both series. */
  readonly samplingRate: number;
  /** Default 30 s, for inter-beat intervals; 60 s suits sliding RSA. */
  readonly windowSeconds?: number;
  /** From one window to the next; default 10 s. */
  readonly stepSeconds?: number;
  /** Default 8 s; 15 s suits sliding RSA. */
  readonly maxLagSeconds?: number;
  /**
   * Which window stays where it is when the lag changes.
   *
   * `"first"` (default offline): that of a, over [i, i + W); b's is [i + l, i + l + W).
   * `"latest"` (live): that of the member who follows; the leader's lies |l| earlier. Nothing after i + W is needed,
   * and exchanging the members negates every lag exactly.
   */
  readonly anchor?: "first" | "latest";
  /** Also take the least-squares line out of each window; default false. */
  readonly removeLine?: boolean;
  /** Share of valid pairs of a window at a lag below which it has no value; default 0.8. */
  readonly minimumCoverage?: number;
}

/**
 * The geometry of windowed cross-correlation in samples, and the one function that computes a window. Offline and
 * streaming both call it, which is why they agree to the bit.
 */
export class CovariationGrid {
  readonly samplingRate: number;
  readonly window: number;
  readonly step: number;
  readonly maxLag: number;
  readonly nLags: number;
  readonly anchor: "first" | "latest";
  readonly removeLine: boolean;
  /** Samples after the start of a window that must exist before it can be computed. */
  readonly reach: number;
  /** `[nLags]`, seconds. */
  readonly lags: Float64Array;
  readonly #fewest: number;
  readonly #pair = new PairCorrelation();

  /** @throws OptionError for options outside their range */
  constructor(kernel: string, options: WindowedCovariationOptions, defaultAnchor: "first" | "latest") {
    const { samplingRate, windowSeconds = 30, stepSeconds = 10, maxLagSeconds = 8 } = options;
    this.samplingRate = samplingRate;
    this.window = samplesOf(`${kernel}: windowSeconds`, windowSeconds, samplingRate, 3);
    this.step = samplesOf(`${kernel}: stepSeconds`, stepSeconds, samplingRate);
    this.maxLag = samplesOf(`${kernel}: maxLagSeconds`, maxLagSeconds, samplingRate, 0);
    this.nLags = 2 * this.maxLag + 1;
    this.anchor = options.anchor ?? defaultAnchor;
    if (this.anchor !== "first" && this.anchor !== "latest")
      throw new OptionError(`${kernel}: anchor must be "first" or "latest", got ${String(this.anchor)}.`);
    this.removeLine = options.removeLine ?? false;
    this.reach = this.window + (this.anchor === "first" ? this.maxLag : 0);
    this.lags = Float64Array.from({ length: this.nLags }, (_, k) => (k - this.maxLag) / samplingRate);
    const coverage = requireCoverage(kernel, options.minimumCoverage ?? DEFAULT_COVERAGE);
    this.#fewest = fewestValid(this.window, coverage);
  }

  /** Windows that fit into n samples; the w-th starts at sample `maxLag + w * step`. */
  windowsIn(nSamples: number): number {
    return Math.max(0, Math.floor((nSamples - this.reach - this.maxLag) / this.step) + 1);
  }

  /**
   * One window: correlations of all lags and the valid pairs of each. Allocates nothing; O(nLags * window).
   *
   * @param correlations `[.., nLags]`, written from `at`; NaN for no value
   * @param nValid       `[.., nLags]`, written from `at`
   * @param startA       sample of a where the window starts
   * @param startB       sample of b; another than startA pairs moments that were not simultaneous
   */
  execute(
    correlations: Float64Array,
    nValid: Int32Array,
    at: number,
    a: Float64Array,
    startA: number,
    b: Float64Array,
    startB: number,
  ): void {
    const { maxLag, nLags, window } = this;
    for (let k = 0; k < nLags; k++) {
      const lag = k - maxLag;
      const earlier = this.anchor === "latest" && lag > 0 ? lag : 0;
      correlations[at + k] = this.#pair.execute(
        a,
        startA - earlier,
        b,
        startB + lag - earlier,
        window,
        this.#fewest,
        this.removeLine,
      );
      nValid[at + k] = this.#pair.nValid;
    }
  }
}
