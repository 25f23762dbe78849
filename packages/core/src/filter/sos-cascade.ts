import { OptionError, ShapeError } from "../errors.ts";
import { biquadCoefficients, filterBiquads } from "./biquads.ts";
import { VectorBiquads } from "./biquads-vector.ts";
import { sosfiltInitialState } from "./initial-state.ts";
import { countSections } from "./sections.ts";

/**
 * A causal recursive filter over many channels that remembers where it was: one per stream.
 *
 *     y = b0 x + s0,   s0 <- b1 x - a1 y + s1,   s1 <- b2 x - a2 y       (transposed direct form II, per section)
 *
 * computed with y put into the two state equations, s0 <- (b1 - a1 b0) x + s1 - a1 s0 and s1 <- (b2 - a2 b0) x -
 * a2 s0: the same states, but a sample waits for two operations of the one before it instead of three.
 *
 * Several channels go two a vector through WebAssembly where the host has it; the plain twin, `filterBiquads`, gives the same
 * bits and does the rest.
 *
 * Chunk-invariant to the bit: any cut of the input, down to single samples, gives the same output. NaN stays in
 * the state of its channel until `reset` or `initialise`; a gap in the data needs the same call, because the
 * filter cannot know that samples are missing. Its delay is the group delay of the sections; for the time after
 * which a start-up transient is over, see `settlingSamples`.
 */
export class SosCascade {
  readonly nChannels: number;
  readonly nSections: number;
  readonly #coefficients: Float64Array;
  readonly #vector: VectorBiquads | undefined;
  readonly #state: Float64Array;
  readonly #unitState: Float64Array;

  /**
   * @param sections `[nSections, 6]`, b0 b1 b2 a0 a1 a2 with a0 = 1; copied.
   * @throws ShapeError, OptionError
   */
  constructor(sections: Float64Array, nChannels: number) {
    this.nSections = countSections("SosCascade", sections);
    if (!Number.isInteger(nChannels) || nChannels < 1)
      throw new OptionError(`SosCascade nChannels must be a positive integer, got ${nChannels}`);
    this.nChannels = nChannels;
    this.#coefficients = biquadCoefficients(sections);
    this.#vector = VectorBiquads.create(this.#coefficients, nChannels);
    this.#state = new Float64Array(nChannels * this.nSections * 2);
    this.#unitState = sosfiltInitialState(sections);
  }

  /** Forgets everything: the next sample is filtered as if zeros had come before. */
  reset(): void {
    this.#state.fill(0);
  }

  /**
   * Starts as if each channel had always been at its first value, so that a DC offset makes no transient.
   *
   * @param firstSamples `[nChannels]`, the first sample of each channel, still to be filtered.
   */
  initialise(firstSamples: Float64Array): void {
    if (firstSamples.length !== this.nChannels)
      throw new ShapeError("SosCascade.initialise", `[${this.nChannels}]`, `[${firstSamples.length}]`);
    const width = this.nSections * 2;
    for (let c = 0; c < this.nChannels; c++)
      for (let i = 0; i < width; i++) this.#state[c * width + i] = this.#unitState[i] * firstSamples[c];
  }

  /** A copy of the state, `[nChannels, nSections, 2]`. */
  state(): Float64Array {
    return this.#state.slice();
  }

  /**
   * Filters the next samples. Allocates nothing, but for a view when the length of the chunk changes. `out` may be
   * `data`.
   *
   * @param out `[nChannels, nSamples]`
   * @param data `[nChannels, nSamples]`, channel-major
   */
  execute(out: Float64Array, data: Float64Array, nSamples: number): void {
    const length = this.nChannels * nSamples;
    if (data.length !== length || out.length !== length)
      throw new ShapeError(
        "SosCascade",
        `out and data [${this.nChannels}, ${nSamples}]`,
        `lengths ${out.length} and ${data.length}`,
      );
    if (this.#vector?.takes(nSamples)) this.#vector.execute(out, data, nSamples, this.#state);
    else filterBiquads(out, data, this.nChannels, nSamples, this.#coefficients, this.#state);
  }
}
