import { OptionError } from "../errors.ts";
import { CovariationGrid, type WindowedCovariationOptions } from "./covariation-grid.ts";
import { argmaxLag, pickPeak } from "./lag-peaks.ts";
import { requireSameGrid, samplesOf } from "./sample-count.ts";
import { maxAbsoluteZ, meanZ } from "./window-z.ts";

export interface StreamingCovariationOptions extends WindowedCovariationOptions {
  /**
   * How much of the past serves as a null: each window of one member is held against windows of the other that lie
   * up to this much earlier. Default 600 s; 0 for none.
   */
  readonly nullSeconds?: number;
  /** Nearest such window; default 20 s, beyond the memory of either series. */
  readonly nullMinimumShiftSeconds?: number;
}

/** One window of a running session. Positive lag: the first member (the adult) leads. */
export interface CovariationWindow {
  /** Seconds from the first sample pushed. The end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** `[nLags]`, NaN for no value. */
  readonly correlations: Float64Array;
  /** Valid pairs at lag 0, and the share of the window that they are. */
  readonly nValid: number;
  readonly coverage: number;
  /** Mean Fisher z over the lags: the value to show. NaN for no value, never 0 in its place. */
  readonly z: number;
  readonly maxAbsZ: number;
  /** Boker's peak and the largest correlation; seconds, NaN for none. */
  readonly peakLag: number;
  readonly argmaxLag: number;
  /** Share of the past's mismatched windows whose z lies below this z; NaN with fewer than 20 of them. */
  readonly nullPercentile: number;
  readonly nNull: number;
}

const FEWEST_NULL_WINDOWS = 20;
/** Room kept before the samples have to move to the front of the buffer, as a multiple of what must be kept. */
const SLACK = 2;

/**
 * Windowed lagged cross-correlation of two series as they arrive.
 *
 * By default (`anchor: "latest"`) a window is published with its own last sample: no delay but that of the series.
 * Each window is computed anew from the samples kept, never from running differences, so nothing drifts in a long
 * session, the chunks do not matter, and the result equals `windowedCrossCorrelation` with the same options bit for
 * bit. The cost per new sample is a copy plus (2 L + 1) W / step multiply-adds: with the defaults three per lag.
 *
 * The null percentile is a screen for the eye: it holds the window against the same member's past, which shares the
 * session's drifts but is short. Tests belong to `pseudoDyadNull`.
 */
export class StreamingCovariation {
  /** `[nLags]`, seconds. */
  readonly lags: Float64Array;
  readonly #grid: CovariationGrid;
  readonly #nullNearest: number;
  readonly #nullFarthest: number;
  readonly #keep: number;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  readonly #nullCorrelations: Float64Array;
  readonly #nullValid: Int32Array;
  /** Samples in the buffer, samples that have left it, and the start of the next window counted from the first. */
  #held = 0;
  #dropped = 0;
  #next: number;

  /** @throws OptionError for options outside their range */
  constructor(options: StreamingCovariationOptions) {
    const grid = new CovariationGrid("StreamingCovariation", options, "latest");
    const { nullSeconds = 600, nullMinimumShiftSeconds = 20 } = options;
    this.#grid = grid;
    this.lags = grid.lags;
    const rate = grid.samplingRate;
    this.#nullFarthest = samplesOf("StreamingCovariation: nullSeconds", nullSeconds, rate, 0);
    this.#nullNearest = samplesOf(
      "StreamingCovariation: nullMinimumShiftSeconds",
      nullMinimumShiftSeconds,
      rate,
    );
    if (this.#nullFarthest > 0 && this.#nullFarthest < this.#nullNearest)
      throw new OptionError(
        `StreamingCovariation: nullSeconds must be 0 or at least nullMinimumShiftSeconds, got ${nullSeconds} and ${nullMinimumShiftSeconds}.`,
      );
    this.#keep = grid.maxLag + grid.reach + grid.step + this.#nullFarthest;
    this.#a = new Float64Array((1 + SLACK) * this.#keep);
    this.#b = new Float64Array((1 + SLACK) * this.#keep);
    this.#nullCorrelations = new Float64Array(grid.nLags);
    this.#nullValid = new Int32Array(grid.nLags);
    this.#next = grid.maxLag;
  }

  /** Forgets everything: the next sample is the first of a new session. */
  reset(): void {
    this.#held = 0;
    this.#dropped = 0;
    this.#next = this.#grid.maxLag;
  }

  /**
   * Takes the next samples and returns the windows that they complete, oldest first. A gap is pushed as NaN, so that
   * the time of both members goes on.
   *
   * @param a `[n]`, any n
   * @param b `[n]`
   * @throws ShapeError when the lengths differ
   */
  execute(a: Float64Array, b: Float64Array): CovariationWindow[] {
    requireSameGrid("StreamingCovariation", a, b);
    const out: CovariationWindow[] = [];
    const grid = this.#grid;
    for (let taken = 0; taken < a.length; ) {
      if (this.#held === this.#a.length) this.#dropOldest();
      const n = Math.min(a.length - taken, this.#a.length - this.#held);
      this.#a.set(a.subarray(taken, taken + n), this.#held);
      this.#b.set(b.subarray(taken, taken + n), this.#held);
      this.#held += n;
      taken += n;
      for (; this.#next + grid.reach <= this.#dropped + this.#held; this.#next += grid.step)
        out.push(this.#publish(this.#next));
    }
    return out;
  }

  #dropOldest(): void {
    const from = this.#held - this.#keep;
    this.#a.copyWithin(0, from, this.#held);
    this.#b.copyWithin(0, from, this.#held);
    this.#held = this.#keep;
    this.#dropped += from;
  }

  #publish(start: number): CovariationWindow {
    const grid = this.#grid;
    const { nLags, maxLag, samplingRate } = grid;
    const at = start - this.#dropped;
    const correlations = new Float64Array(nLags);
    const nValid = new Int32Array(nLags);
    grid.execute(correlations, nValid, 0, this.#a, at, this.#b, at);
    const z = meanZ(correlations, 0, nLags);
    const peak = pickPeak(correlations, 0, maxLag);
    const argmax = argmaxLag(correlations, 0, maxLag);
    return {
      start: start / samplingRate,
      end: (start + grid.window) / samplingRate,
      correlations,
      nValid: nValid[maxLag],
      coverage: nValid[maxLag] / grid.window,
      z,
      maxAbsZ: maxAbsoluteZ(correlations, 0, nLags),
      peakLag: peak < 0 ? Number.NaN : grid.lags[peak],
      argmaxLag: argmax < 0 ? Number.NaN : grid.lags[argmax],
      ...this.#againstThePast(start, z),
    };
  }

  /** Both directions: a now with b's past, and a's past with b now. */
  #againstThePast(start: number, z: number): { nullPercentile: number; nNull: number } {
    const grid = this.#grid;
    const at = start - this.#dropped;
    let nNull = 0;
    let below = 0;
    for (let shift = this.#nullNearest; shift <= this.#nullFarthest; shift += grid.step) {
      if (start - shift < grid.maxLag) break;
      for (let side = 0; side < 2; side++) {
        const atA = side === 0 ? at : at - shift;
        const atB = side === 0 ? at - shift : at;
        grid.execute(this.#nullCorrelations, this.#nullValid, 0, this.#a, atA, this.#b, atB);
        const other = meanZ(this.#nullCorrelations, 0, grid.nLags);
        if (Number.isNaN(other)) continue;
        nNull++;
        if (other < z) below++;
      }
    }
    const known = nNull >= FEWEST_NULL_WINDOWS && !Number.isNaN(z);
    return { nullPercentile: known ? below / nNull : Number.NaN, nNull };
  }
}
