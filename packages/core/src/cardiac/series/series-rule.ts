/** What the two rules share: knots in, samples that have become final appended to `out`. */
export interface SeriesRule {
  /** `gridTime(k)` is the nominal time of sample k; returns the number of the next sample. */
  push(time: number, interval: number, gridTime: (k: number) => number, out: number[]): void;
}
