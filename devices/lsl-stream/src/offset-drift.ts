import type { Seconds } from "@attune/signal";

/** Offsets are remembered for ten minutes at one every two seconds. */
const CAPACITY = 300;
/** Over less than that the noise of single offsets (0.1 ms) is larger than any drift. */
const SHORTEST_SPAN_SECONDS = 30;

/** How fast a stream's clock leaves the session clock, from its clock offsets. */
export class OffsetDrift {
  readonly #times = new Float64Array(CAPACITY);
  readonly #offsets = new Float64Array(CAPACITY);
  #n = 0;

  add(collectedAt: Seconds, offset: Seconds): void {
    this.#times[this.#n % CAPACITY] = collectedAt;
    this.#offsets[this.#n % CAPACITY] = offset;
    this.#n++;
  }

  reset(): void {
    this.#n = 0;
  }

  /** Parts per million by which the stream's clock is fast (positive) against the session clock; NaN before 30 s. */
  get ppm(): number {
    const n = Math.min(this.#n, CAPACITY);
    if (n < 3) return Number.NaN;
    const origin = this.#times[0]!;
    let [earliest, latest, meanTime, meanOffset] = [Infinity, -Infinity, 0, 0];
    for (let k = 0; k < n; k++) {
      const time = this.#times[k]! - origin;
      earliest = Math.min(earliest, time);
      latest = Math.max(latest, time);
      meanTime += time / n;
      meanOffset += this.#offsets[k]! / n;
    }
    if (latest - earliest < SHORTEST_SPAN_SECONDS) return Number.NaN;
    let [squares, products] = [0, 0];
    for (let k = 0; k < n; k++) {
      const time = this.#times[k]! - origin - meanTime;
      squares += time * time;
      products += time * (this.#offsets[k]! - meanOffset);
    }
    // The offset of a fast clock falls.
    return (-1e6 * products) / squares;
  }
}
