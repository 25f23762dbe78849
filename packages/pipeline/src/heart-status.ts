import type { HeartStatus } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import type { GatedHeart, SettledIntervals } from "./heart-events.ts";

const RATE_SECONDS = 10;
const QUALITY_SECONDS = 30;
/** Below this nothing is said about the rate. */
const LEAST_COVERAGE = 0.8;

/** Says every second how fast a heart beats and how far that can be trusted. */
export function heartStatus(person: string): OperatorFunction<GatedHeart, HeartStatus> {
  return (hearts) =>
    defer(() => {
      const recent = new RecentIntervals();
      return hearts.pipe(
        mergeMap((event): HeartStatus[] => {
          if (event.kind === "settled") recent.add(event);
          if (event.kind !== "heart-tick") return [];
          const { at, signalQuality } = event;
          return [{ kind: "heart-status", person, at, signalQuality, ...recent.summary() }];
        }),
      );
    });
}

/** The settled intervals of the last half minute. */
class RecentIntervals {
  readonly #times: number[] = [];
  readonly #intervals: number[] = [];
  readonly #isCorrected: boolean[] = [];
  #end = Number.NaN;

  add({ times, intervals, isCorrected }: SettledIntervals): void {
    for (let k = 0; k < times.length; k++) {
      this.#end = times[k]!;
      if (Number.isNaN(intervals[k]!)) continue;
      this.#times.push(times[k]!);
      this.#intervals.push(intervals[k]!);
      this.#isCorrected.push(isCorrected[k] === 1);
    }
    let old = 0;
    while (old < this.#times.length && this.#times[old]! <= this.#end - QUALITY_SECONDS) old++;
    for (const each of [this.#times, this.#intervals, this.#isCorrected]) each.splice(0, old);
  }

  summary(): Pick<HeartStatus, "rate" | "coverage" | "correctedShare"> {
    const nCorrected = this.#isCorrected.reduce((sum, corrected) => sum + (corrected ? 1 : 0), 0);
    return {
      rate: this.#rate(),
      coverage: this.#covered(QUALITY_SECONDS) / QUALITY_SECONDS,
      correctedShare: this.#times.length === 0 ? Number.NaN : nCorrected / this.#times.length,
    };
  }

  #rate(): number {
    if (!(this.#covered(RATE_SECONDS) >= LEAST_COVERAGE * RATE_SECONDS)) return Number.NaN;
    let sum = 0;
    let n = 0;
    for (let k = 0; k < this.#times.length; k++) {
      if (this.#times[k]! <= this.#end - RATE_SECONDS) continue;
      sum += this.#intervals[k]!;
      n++;
    }
    return (60_000 * n) / sum;
  }

  /** Seconds before the end that intervals cover. */
  #covered(seconds: number): number {
    const from = this.#end - seconds;
    let covered = 0;
    for (let k = 0; k < this.#times.length; k++) {
      const close = this.#times[k]!;
      if (close > from) covered += Math.min(this.#intervals[k]! / 1000, close - from);
    }
    return covered;
  }
}
