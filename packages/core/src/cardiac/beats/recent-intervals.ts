const N_INTERVALS = 8;

/** The median of the last eight plausible intervals between beats, seconds; 0 before there are two. */
export class RecentIntervals {
  readonly #range: readonly [number, number];
  readonly #ring = new Float64Array(N_INTERVALS);
  readonly #sorted = new Float64Array(N_INTERVALS);
  #count = 0;
  #median = 0;

  constructor(range: readonly [number, number]) {
    this.#range = range;
  }

  get median(): number {
    return this.#median;
  }

  reset(): void {
    this.#count = 0;
    this.#median = 0;
  }

  add(interval: number): void {
    if (interval < this.#range[0] || interval > this.#range[1]) return;
    this.#ring[this.#count++ % N_INTERVALS] = interval;
    const n = Math.min(this.#count, N_INTERVALS);
    if (n < 2) return;
    const sorted = this.#sorted.fill(Number.POSITIVE_INFINITY);
    sorted.set(n < N_INTERVALS ? this.#ring.subarray(0, n) : this.#ring);
    sorted.sort();
    this.#median = 0.5 * (sorted[(n - 1) >> 1] + sorted[n >> 1]);
  }
}
