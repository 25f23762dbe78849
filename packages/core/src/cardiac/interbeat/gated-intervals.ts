import type { InterbeatIntervals } from "./interbeat-intervals.ts";
import type { InterbeatDecision } from "./online-gate.ts";
import { badRunLength, maximumGapSeconds } from "./population.ts";

/**
 * Turns the gate's decisions into the intervals that later stages use, by the same rule as offline: one or two bad
 * intervals are replaced by what the gate proposes (an ectopic pair by its mean, a long interval by its parts), and
 * three or more bad ones in a row, or a reported gap, become one NaN stamped with the end of the damage.
 *
 * Replacements are held back until a good interval follows, since only then is the length of the run known. A
 * damaged run that goes on longer than 2 s is reported as missing while it lasts.
 */
export class GatedIntervals {
  #heldTimes: number[] = [];
  #heldIntervals: number[] = [];
  #runLength = 0;
  #runStart = Number.NaN;
  #missingUntil = Number.NEGATIVE_INFINITY;

  /** @returns the intervals that are settled by these decisions, closing beats in s and ms */
  push(decisions: readonly InterbeatDecision[]): InterbeatIntervals {
    const times: number[] = [];
    const intervals: number[] = [];
    for (const decision of decisions) this.#take(decision, times, intervals);
    return { times: Float64Array.from(times), intervals: Float64Array.from(intervals) };
  }

  #take(decision: InterbeatDecision, times: number[], intervals: number[]): void {
    const { mark, time } = decision;
    if (mark === "missing") {
      this.#drop();
      this.#missingUntil = Math.max(time, this.#missingUntil);
      times.push(this.#missingUntil);
      intervals.push(Number.NaN);
      return;
    }
    if (mark === "ok" || mark === "merged") {
      if (this.#runLength >= badRunLength) {
        // A false beat that is merged away may have closed the run after the good interval began.
        times.push(Math.max(time - decision.correctedInterval / 1000, this.#missingUntil));
        intervals.push(Number.NaN);
      } else {
        times.push(...this.#heldTimes);
        intervals.push(...this.#heldIntervals);
      }
      this.#drop();
      times.push(time);
      intervals.push(decision.correctedInterval);
      return;
    }
    if (this.#runLength++ === 0) this.#runStart = time - decision.interval / 1000;
    const parts = decision.missedBeats + 1;
    if (!Number.isNaN(decision.correctedInterval))
      for (let part = 1; part <= parts; part++) {
        this.#heldTimes.push(decision.correctedTime - ((parts - part) * decision.correctedInterval) / 1000);
        this.#heldIntervals.push(decision.correctedInterval);
      }
    if (this.#runLength >= badRunLength && time - this.#runStart > maximumGapSeconds) {
      times.push(time);
      intervals.push(Number.NaN);
      this.#missingUntil = time;
    }
  }

  #drop(): void {
    this.#heldTimes = [];
    this.#heldIntervals = [];
    this.#runLength = 0;
  }
}
