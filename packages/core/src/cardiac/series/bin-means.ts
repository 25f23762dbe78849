import type { SeriesRule } from "./series-rule.ts";

/** Mean over each bin of the interval held between its two beats. */
export class BinMeans implements SeriesRule {
  readonly #binSeconds: number;
  readonly #minimumCoverage: number;
  #next = 0;
  #area = 0;
  #covered = 0;
  #heldUntil = Number.NEGATIVE_INFINITY;

  constructor(samplingRate: number, minimumCoverage: number) {
    this.#binSeconds = 1 / samplingRate;
    this.#minimumCoverage = minimumCoverage;
  }

  push(time: number, interval: number, gridTime: (k: number) => number, out: number[]): void {
    // The interval opens where the one before closed unless something is missing between: rounding leaves no slit.
    const opening = time - interval / 1000;
    const opens = opening - this.#heldUntil < 1e-9 ? this.#heldUntil : opening;
    for (let end = gridTime(this.#next + 1); end <= time; end = gridTime(this.#next + 1)) {
      this.#cover(Math.max(opens, gridTime(this.#next)), end, interval);
      // One part in 10^9 keeps a bin that is covered to exactly the limit.
      const enough = this.#covered >= this.#minimumCoverage * this.#binSeconds * (1 - 1e-9);
      out.push(enough ? this.#area / this.#covered : Number.NaN);
      this.#area = 0;
      this.#covered = 0;
      this.#next++;
    }
    this.#cover(Math.max(opens, gridTime(this.#next)), time, interval);
    this.#heldUntil = time;
  }

  #cover(from: number, to: number, interval: number): void {
    if (!(to > from) || Number.isNaN(interval)) return;
    this.#area += interval * (to - from);
    this.#covered += to - from;
  }
}
