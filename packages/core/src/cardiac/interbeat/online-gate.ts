import { quantileOfSorted } from "../../clock/order-statistics.ts";
import { OptionError } from "../../errors.ts";
import { type Population, populationLimits } from "./population.ts";

/**
 * What the gate thinks of an interval: "extra" is the first part of a true interval that a false beat cut in two,
 * and "merged" the whole of it; "missing" is a gap that the caller reported.
 */
export type GateMark = "ok" | "extra" | "merged" | "ectopic" | "missed" | "short" | "long" | "missing";

export interface InterbeatDecision {
  /** s: the beat that closes the interval. For "missing", the time up to which nothing is known. */
  readonly time: number;
  /** ms, between the beats as they came; for "merged" from the beat before the false one. NaN for "missing". */
  readonly interval: number;
  readonly mark: GateMark;
  /** Beats missed inside the interval; 0 unless `mark` is "missed". */
  readonly missedBeats: number;
  /** ms, the interval(s) to use instead: of an ectopic pair its mean, of a missed beat the share. NaN for none. */
  readonly correctedInterval: number;
  /** s, closing beat of the (last) corrected interval. */
  readonly correctedTime: number;
}

const medianLength = 11;
const differenceLength = 30;
const fewDifferences = 8;
const relativeThreshold = 0.2;
const quartileFactor = 5.2;
const thresholdFloor = 20;
const learningIntervals = 3;
const relearnAfter = 3;

/**
 * Judges interbeat intervals as the beats come. A good interval leaves at once, a doubtful one with its successor:
 * the delay is 0 or 1 beat (up to 0.5 s infant, 1 s adult) after the detector's own.
 *
 *     m = median of the last 11 accepted,  d = differences of successive accepted, last 30
 *     th = clamp(5.2 (Q3 - Q1)/2 of |d| + median |d|, 20 ms, 0.2 m);  0.2 m before 8 differences
 *
 * Doubtful: outside the population's limits, or further than th from m and from the last accepted interval. With
 * its successor it becomes "extra" (the sum is near m), "ectopic" (short, and the mean of both is near m), "missed"
 * (long, and a whole fraction is near m), else "short" or "long". The first three intervals within the limits are
 * accepted, and learning starts again after three missed, short or long intervals in a row.
 *
 * The result depends on the beats alone, not on how they are handed over.
 */
export class OnlineInterbeatGate {
  readonly #shortest: number;
  readonly #longest: number;
  readonly #accepted = new RecentValues(medianLength);
  readonly #differences = new RecentValues(differenceLength);
  #lastBeat = Number.NaN;
  #gapUntil = Number.NEGATIVE_INFINITY;
  #lastAccepted = Number.NaN;
  #pendingTime = Number.NaN;
  #pendingInterval = Number.NaN;
  #badInRow = 0;

  constructor({ population }: { readonly population: Population }) {
    const limits = populationLimits(population);
    this.#shortest = limits.shortest;
    this.#longest = limits.longest;
  }

  /**
   * @param beatTime s, later than the beat before
   * @returns none to three decisions, in order of time
   * @throws OptionError when the time does not rise.
   */
  push(beatTime: number): InterbeatDecision[] {
    if (!Number.isFinite(beatTime) || beatTime <= this.#lastBeat)
      throw new OptionError(
        `OnlineInterbeatGate needs rising beat times in seconds, got ${beatTime} after ${this.#lastBeat}: call reset() for a new recording.`,
      );
    if (beatTime < this.#gapUntil) return [];
    const interval = (beatTime - this.#lastBeat) * 1000;
    this.#lastBeat = beatTime;
    const out: InterbeatDecision[] = [];
    if (!Number.isNaN(interval)) this.#judge(out, beatTime, interval);
    return out;
  }

  /**
   * Tells the gate that beats may have been lost: the electrode was off, or samples were. The waiting interval is
   * judged without a successor, no interval spans the gap, and what was learnt is kept. Beats that come later with
   * a time inside the gap are ignored.
   *
   * @param untilTime s, up to which nothing is known
   */
  gap(untilTime: number): InterbeatDecision[] {
    const out: InterbeatDecision[] = [];
    if (!Number.isNaN(this.#pendingTime)) this.#settlePending(out, this.#middle());
    this.#lastBeat = Number.NaN;
    this.#gapUntil = untilTime;
    out.push(decide(untilTime, Number.NaN, "missing"));
    return out;
  }

  /** Forgets everything, as for a new recording. */
  reset(): void {
    this.#relearn();
    this.#pendingTime = Number.NaN;
    this.#lastBeat = Number.NaN;
    this.#gapUntil = Number.NEGATIVE_INFINITY;
  }

  #judge(out: InterbeatDecision[], time: number, interval: number): void {
    const within = interval >= this.#shortest && interval <= this.#longest;
    if (this.#accepted.length >= learningIntervals) {
      const m = this.#middle();
      const threshold = this.#threshold(m);
      if (!Number.isNaN(this.#pendingTime) && this.#settleWith(out, time, interval, m, threshold)) return;
      // Settling the one before may have started a new lesson.
      if (this.#accepted.length >= learningIntervals) {
        const far = Math.abs(interval - m) > threshold && Math.abs(interval - this.#lastAccepted) > threshold;
        if (within && !far) this.#accept(out, time, interval, "ok");
        else {
          this.#pendingTime = time;
          this.#pendingInterval = interval;
        }
        return;
      }
    }
    if (within) this.#accept(out, time, interval, "ok");
    else out.push(decide(time, interval, interval < this.#shortest ? "short" : "long"));
  }

  /** Judges the waiting interval together with its successor; true when the successor is used up by that. */
  #settleWith(
    out: InterbeatDecision[],
    time: number,
    interval: number,
    m: number,
    threshold: number,
  ): boolean {
    const first = this.#pendingInterval;
    const firstTime = this.#pendingTime;
    const near = (value: number) => Math.abs(value - m) <= threshold;
    if (near(first + interval)) {
      this.#pendingTime = Number.NaN;
      out.push(decide(firstTime, first, "extra"));
      this.#accept(out, time, first + interval, "merged");
      return true;
    }
    const half = (first + interval) / 2;
    if (first < m && near(half)) {
      this.#pendingTime = Number.NaN;
      this.#badInRow = 0;
      const middle = firstTime + (half - first) / 1000;
      out.push(
        { ...decide(firstTime, first, "ectopic"), correctedInterval: half, correctedTime: middle },
        { ...decide(time, interval, "ectopic"), correctedInterval: half, correctedTime: time },
      );
      return true;
    }
    this.#settlePending(out, m);
    return false;
  }

  #settlePending(out: InterbeatDecision[], m: number): void {
    const interval = this.#pendingInterval;
    const time = this.#pendingTime;
    this.#pendingTime = Number.NaN;
    const parts = Math.round(interval / m);
    if (parts >= 2 && Math.abs(interval / parts - m) <= this.#threshold(m))
      out.push({
        ...decide(time, interval, "missed"),
        missedBeats: parts - 1,
        correctedInterval: interval / parts,
      });
    else out.push(decide(time, interval, interval < m ? "short" : "long"));
    if (++this.#badInRow >= relearnAfter) this.#relearn();
  }

  #accept(out: InterbeatDecision[], time: number, interval: number, mark: "ok" | "merged"): void {
    if (!Number.isNaN(this.#lastAccepted)) this.#differences.push(Math.abs(interval - this.#lastAccepted));
    this.#accepted.push(interval);
    this.#lastAccepted = interval;
    this.#badInRow = 0;
    out.push({ ...decide(time, interval, mark), correctedInterval: interval });
  }

  #relearn(): void {
    this.#accepted.clear();
    this.#differences.clear();
    this.#lastAccepted = Number.NaN;
    this.#badInRow = 0;
  }

  #middle(): number {
    return quantileOfSorted(this.#accepted.sorted(), 0.5);
  }

  #threshold(m: number): number {
    const ceiling = relativeThreshold * m;
    if (this.#differences.length < fewDifferences) return ceiling;
    const sorted = this.#differences.sorted();
    const quartileDeviation = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 2;
    const spread = quartileFactor * quartileDeviation + quantileOfSorted(sorted, 0.5);
    return Math.min(ceiling, Math.max(thresholdFloor, spread));
  }
}

function decide(time: number, interval: number, mark: GateMark): InterbeatDecision {
  return { time, interval, mark, missedBeats: 0, correctedInterval: Number.NaN, correctedTime: time };
}

/** The last `capacity` numbers. */
class RecentValues {
  readonly #ring: Float64Array;
  readonly #scratch: Float64Array;
  #count = 0;

  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
    this.#scratch = new Float64Array(capacity);
  }

  get length(): number {
    return Math.min(this.#count, this.#ring.length);
  }

  push(value: number): void {
    this.#ring[this.#count++ % this.#ring.length] = value;
  }

  clear(): void {
    this.#count = 0;
  }

  /** In rising order; valid until the next call. */
  sorted(): Float64Array {
    const view = this.#scratch.subarray(0, this.length);
    view.set(this.#ring.subarray(0, this.length));
    return view.sort();
  }
}
