import { OptionError } from "../../errors.ts";
import { median, quantile } from "../../statistics/index.ts";
import type { Population } from "../interbeat/population.ts";
import { FirWindow, oddTaps } from "../rsa/fir-window.ts";

export interface Breath {
  /** s: the trough before it, where inspiration begins. */
  readonly onset: number;
  /** s: the top, where it ends. */
  readonly peak: number;
  /** From trough to top, in the unit of the belt. */
  readonly depth: number;
}

export interface BreathFinderOptions {
  /** Hz. */
  readonly samplingRate: number;
  readonly population: Population;
  /** s, time of the first sample. Default 0. */
  readonly startTime?: number;
}

interface Pace {
  /** Moving mean that takes the heartbeat's trace and noise off the belt, s. */
  readonly smoothingSeconds: number;
  readonly learningSeconds: number;
  /** A breath that takes longer halves the threshold, s. */
  readonly patienceSeconds: number;
}

const paces: Record<Population, Pace> = {
  adult: { smoothingSeconds: 0.5, learningSeconds: 12, patienceSeconds: 10 },
  infant: { smoothingSeconds: 0.2, learningSeconds: 6, patienceSeconds: 3 },
  child: { smoothingSeconds: 0.3, learningSeconds: 8, patienceSeconds: 5 },
};
const excursionShare = 0.3;
const depthsKept = 9;

/**
 * Breaths in the signal of a respiration belt (rising while breathing in), as its samples come.
 *
 * A turn counts once the smoothed signal has come back from its extreme by 0.3 of the median depth of the last nine
 * breaths; while nothing turns the threshold halves every 10 s (infant 3 s), so that it finds shallow breathing
 * again. Drift of the belt does no harm, its scale none either. The defaults are this project's own, set on preterm
 * and adult recordings.
 *
 * Delay: a breath leaves when the belt has fallen by the threshold after its top, a quarter of a breath or so, and
 * half the smoothing (adult 0.25 s, infant 0.1 s); the first ones after a learning time of 12 s (infant 6 s). A NaN
 * ends the breath under way. Any way of cutting the input gives the same bits.
 */
export class BreathFinder {
  readonly #samplingRate: number;
  readonly #startTime: number;
  readonly #smooth: FirWindow;
  readonly #half: number;
  readonly #learning: number[] = [];
  readonly #learningSamples: number;
  readonly #patienceSamples: number;
  #depths: number[] = [];
  #threshold = Number.NaN;
  #seen = 0;
  #lastTurn = 0;
  #rising: boolean | undefined;
  #extreme = Number.NaN;
  #extremeAt = 0;
  #trough = Number.NaN;
  #troughAt = 0;
  #lowest = Number.NaN;
  #lowestAt = 0;

  /** @throws OptionError when the sampling rate is below 4 Hz. */
  constructor({ samplingRate, population, startTime = 0 }: BreathFinderOptions) {
    if (!(samplingRate >= 4))
      throw new OptionError(`BreathFinder samplingRate must be 4 Hz or more, got ${samplingRate}`);
    const pace = paces[population];
    const nTaps = oddTaps(pace.smoothingSeconds, samplingRate);
    this.#samplingRate = samplingRate;
    this.#startTime = startTime;
    this.#smooth = new FirWindow(new Float64Array(nTaps).fill(1 / nTaps));
    this.#half = (nTaps - 1) / 2;
    this.#learningSamples = Math.round(pace.learningSeconds * samplingRate);
    this.#patienceSamples = Math.round(pace.patienceSeconds * samplingRate);
  }

  /**
   * @param belt `[nSamples]`, any unit; NaN is missing
   * @returns breaths that these samples completed, in order
   */
  push(belt: ArrayLike<number>): Breath[] {
    const breaths: Breath[] = [];
    for (let i = 0; i < belt.length; i++) {
      const full = this.#smooth.push(belt[i]);
      const at = this.#seen++ - this.#half;
      if (!full) continue;
      const value = this.#smooth.output;
      if (!Number.isNaN(this.#threshold)) {
        this.#take(value, at, breaths);
        continue;
      }
      if (this.#learning.push(value) < this.#learningSamples) continue;
      const valid = this.#learning.filter((x) => !Number.isNaN(x));
      // Nothing but a missing belt teaches nothing: learn from the next stretch.
      const spread = valid.length === 0 ? 0 : quantile(valid, 0.9) - quantile(valid, 0.1);
      if (spread > 0) {
        this.#threshold = excursionShare * spread;
        this.#lastTurn = at - this.#learning.length;
        this.#learning.forEach((x, k) => {
          this.#take(x, at - this.#learning.length + 1 + k, breaths);
        });
      }
      this.#learning.length = 0;
    }
    return breaths;
  }

  #take(value: number, at: number, breaths: Breath[]): void {
    if (Number.isNaN(value)) {
      this.#rising = undefined;
      this.#extreme = Number.NaN;
      this.#trough = Number.NaN;
      this.#lastTurn = at;
      return;
    }
    if (Number.isNaN(this.#extreme)) {
      this.#setExtreme(value, at);
      this.#lowest = value;
      this.#lowestAt = at;
      return;
    }
    if (at - this.#lastTurn > this.#patienceSamples) {
      // What was learnt no longer holds: the next breath alone sets the threshold.
      this.#threshold /= 2;
      this.#depths.length = 0;
      this.#lastTurn = at;
    }
    if (this.#rising === undefined) this.#begin(value, at);
    else if (this.#rising) {
      if (value > this.#extreme) this.#setExtreme(value, at);
      else if (this.#extreme - value > this.#threshold) {
        if (!Number.isNaN(this.#trough)) this.#complete(breaths);
        this.#turn(false, value, at);
      }
    } else if (value < this.#extreme) this.#setExtreme(value, at);
    else if (value - this.#extreme > this.#threshold) {
      this.#trough = this.#extreme;
      this.#troughAt = this.#extremeAt;
      this.#turn(true, value, at);
    }
  }

  /** Before the first turn both extremes are kept: which way it goes is not known yet. */
  #begin(value: number, at: number): void {
    if (value > this.#extreme) this.#setExtreme(value, at);
    if (value < this.#lowest) {
      this.#lowest = value;
      this.#lowestAt = at;
    }
    if (value - this.#lowest > this.#threshold) {
      this.#trough = this.#lowest;
      this.#troughAt = this.#lowestAt;
      this.#turn(true, value, at);
    } else if (this.#extreme - value > this.#threshold) this.#turn(false, value, at);
  }

  #turn(rising: boolean, value: number, at: number): void {
    this.#rising = rising;
    this.#lastTurn = at;
    this.#setExtreme(value, at);
  }

  #setExtreme(value: number, at: number): void {
    this.#extreme = value;
    this.#extremeAt = at;
  }

  #complete(breaths: Breath[]): void {
    const depth = this.#extreme - this.#trough;
    const time = (at: number) => this.#startTime + at / this.#samplingRate;
    breaths.push({ onset: time(this.#troughAt), peak: time(this.#extremeAt), depth });
    this.#depths.push(depth);
    if (this.#depths.length > depthsKept) this.#depths = this.#depths.slice(1);
    this.#threshold = excursionShare * median(this.#depths);
  }
}

/** All breaths of a belt recording; see `BreathFinder`. */
export function findBreaths(belt: ArrayLike<number>, options: BreathFinderOptions): Breath[] {
  return new BreathFinder(options).push(belt);
}
