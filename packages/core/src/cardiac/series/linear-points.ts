import type { SeriesRule } from "./series-rule.ts";

/** Straight lines between closing beats, read on the grid. */
export class LinearPoints implements SeriesRule {
  readonly #maximumGapSeconds: number;
  #next = 0;
  #time = Number.NaN;
  #interval = Number.NaN;

  constructor(maximumGapSeconds: number) {
    this.#maximumGapSeconds = maximumGapSeconds;
  }

  push(time: number, interval: number, gridTime: (k: number) => number, out: number[]): void {
    const from = this.#time;
    const joined = time - from <= this.#maximumGapSeconds;
    const slope = joined ? (interval - this.#interval) / (time - from) : Number.NaN;
    for (let g = gridTime(this.#next); g <= time; g = gridTime(++this.#next))
      out.push(g === time ? interval : this.#interval + slope * (g - from));
    this.#time = time;
    this.#interval = interval;
  }
}
