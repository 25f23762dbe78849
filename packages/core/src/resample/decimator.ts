import { OptionError, ShapeError } from "../errors.ts";

/** Samples that a `Decimator` kept. */
export interface DecimatedChunk {
  readonly nSamples: number;
  /** `[nChannels, nSamples]` */
  readonly data: Float64Array;
}

/**
 * Keeps every `factor`-th sample, counted from the first one ever pushed: chunk-invariant. It does not filter; put a
 * low-pass below half of the new rate in front of it (`SosCascade` with `butterworth`), or what lies above folds down.
 */
export class Decimator {
  readonly #factor: number;
  readonly #nChannels: number;
  /** Samples to skip before the next one that is kept. */
  #skip = 0;

  constructor(factor: number, nChannels: number) {
    if (!Number.isInteger(factor) || factor < 1)
      throw new OptionError(`Decimator factor must be a positive integer, got ${factor}`);
    if (!Number.isInteger(nChannels) || nChannels < 1)
      throw new OptionError(`Decimator nChannels must be a positive integer, got ${nChannels}`);
    this.#factor = factor;
    this.#nChannels = nChannels;
  }

  /** @param data `[nChannels, nSamples]` */
  push(data: Float64Array, nSamples: number): DecimatedChunk {
    if (data.length !== this.#nChannels * nSamples)
      throw new ShapeError(
        "Decimator.push",
        `data [${this.#nChannels}, ${nSamples}]`,
        `length ${data.length}`,
      );
    const kept = this.#skip >= nSamples ? 0 : Math.ceil((nSamples - this.#skip) / this.#factor);
    const out = new Float64Array(this.#nChannels * kept);
    for (let c = 0; c < this.#nChannels; c++)
      for (let k = 0; k < kept; k++) out[c * kept + k] = data[c * nSamples + this.#skip + k * this.#factor];
    this.#skip += kept * this.#factor - nSamples;
    return { nSamples: kept, data: out };
  }

  /** The next sample counts as the first one. */
  reset(): void {
    this.#skip = 0;
  }
}
