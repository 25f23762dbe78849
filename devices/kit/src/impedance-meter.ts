import type { SampleChunk } from "@attune/signal";

/** Collects seconds of unbroken samples while the measuring current flows. */
export class ImpedanceMeter {
  readonly #second: Float64Array;
  readonly #nSamples: number;
  readonly #nChannels: number;
  readonly #onSecond: (values: Float64Array, nSamples: number) => void;
  #next = -1;
  #n = 0;

  constructor(
    nChannels: number,
    samplingRate: number,
    onSecond: (values: Float64Array, nSamples: number) => void,
  ) {
    this.#nChannels = nChannels;
    this.#nSamples = Math.max(1, Math.round(samplingRate));
    this.#second = new Float64Array(nChannels * this.#nSamples);
    this.#onSecond = onSecond;
  }

  add(chunk: SampleChunk): void {
    if (chunk.firstSample !== this.#next) this.#n = 0;
    this.#next = chunk.firstSample + chunk.nSamples;
    for (let n = 0; n < chunk.nSamples; n++) {
      for (let c = 0; c < this.#nChannels; c++)
        this.#second[c * this.#nSamples + this.#n] = chunk.data[c * chunk.nSamples + n]!;
      if (++this.#n < this.#nSamples) continue;
      this.#n = 0;
      this.#onSecond(this.#second, this.#nSamples);
    }
  }
}
