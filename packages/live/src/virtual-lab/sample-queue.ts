import type { SampleChunk } from "@attune/signal";

/** More than this waits only when nobody takes samples: a board that is not streaming. */
const MOST_WAITING = 5000;

/** Samples on their way from the simulated head to a simulated board, which takes them at its own pace. */
export class SampleQueue {
  readonly #nChannels: number;
  readonly #waiting: Float64Array[] = [];
  #last: Float64Array;

  constructor(nChannels: number) {
    this.#nChannels = nChannels;
    this.#last = new Float64Array(nChannels);
  }

  push({ data, nSamples }: SampleChunk): void {
    for (let n = 0; n < nSamples; n++)
      this.#waiting.push(Float64Array.from({ length: this.#nChannels }, (_, c) => data[c * nSamples + n]!));
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(0, this.#waiting.length - MOST_WAITING);
  }

  /** The next sample into the first places of `out`; the last one again when the board is ahead of the head. */
  shift(out: Float64Array): void {
    this.#last = this.#waiting.shift() ?? this.#last;
    out.set(this.#last);
  }
}
