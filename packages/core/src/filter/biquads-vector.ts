import { instantiate } from "../wasm/instantiate.ts";
import { BIQUADS_WASM } from "./biquads-wasm.ts";

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  filter(
    data: number,
    nChannels: number,
    nSamples: number,
    sections: number,
    nSections: number,
    state: number,
  ): void;
}

/** One instance and one memory for all cascades of a thread: between calls it holds nothing. */
let shared: Exports | undefined;
let isTried = false;

function sharedExports(): Exports | undefined {
  if (!isTried) shared = instantiate<Exports>(BIQUADS_WASM);
  isTried = true;
  return shared;
}

/** With fewer channels half of the lanes are idle, and nothing is gained. */
const LEAST_CHANNELS = 3;
/** Below this many steps of a section copying in and out costs more than vectors save. */
const LEAST_WORK = 160;

/**
 * `filterBiquads`, to the bit, with two channels a vector: about twice as fast from 8 channels on. The samples
 * and states of one call are copied into a memory that all cascades share, so cascades come and go without a trace.
 */
export class VectorBiquads {
  readonly #exports: Exports;
  readonly #memory: Float64Array;
  readonly #sections: Float64Array;
  readonly #nChannels: number;
  /** Where the states lie in the memory, and the samples behind them; in numbers of 8 bytes. */
  readonly #stateAt: number;
  readonly #dataAt: number;
  readonly #stateView: Float64Array;
  /** As long as the last chunk. */
  #dataView: Float64Array;

  private constructor(exports: Exports, sections: Float64Array, nChannels: number) {
    this.#exports = exports;
    this.#memory = new Float64Array(exports.memory.buffer);
    this.#sections = sections;
    this.#nChannels = nChannels;
    const nStates = (nChannels * sections.length * 2) / 5;
    this.#stateAt = sections.length;
    this.#dataAt = sections.length + nStates;
    this.#stateView = this.#memory.subarray(this.#stateAt, this.#dataAt);
    this.#dataView = this.#memory.subarray(this.#dataAt, this.#dataAt);
  }

  /**
   * @param sections `[nSections, 5]`, as `biquadCoefficients` returns them
   * @returns undefined for one or two channels, and where the host cannot do it
   */
  static create(sections: Float64Array, nChannels: number): VectorBiquads | undefined {
    const exports = nChannels >= LEAST_CHANNELS ? sharedExports() : undefined;
    if (exports === undefined) return undefined;
    const needed = sections.length + (nChannels * sections.length * 2) / 5;
    return needed * 8 < exports.memory.buffer.byteLength
      ? new VectorBiquads(exports, sections, nChannels)
      : undefined;
  }

  /** Whether a chunk fits into the memory and is worth the copies. */
  takes(nSamples: number): boolean {
    const length = this.#nChannels * nSamples;
    return this.#dataAt + length <= this.#memory.length && (length * this.#sections.length) / 5 >= LEAST_WORK;
  }

  /**
   * Allocates nothing but a view, when the length of the chunk is not that of the one before.
   *
   * @param out   `[nChannels, nSamples]`; may be `data`
   * @param data  `[nChannels, nSamples]`
   * @param state `[nChannels, nSections, 2]`, brought forward
   */
  execute(out: Float64Array, data: Float64Array, nSamples: number, state: Float64Array): void {
    const memory = this.#memory;
    const length = this.#nChannels * nSamples;
    if (this.#dataView.length !== length)
      this.#dataView = memory.subarray(this.#dataAt, this.#dataAt + length);
    memory.set(this.#sections, 0);
    this.#stateView.set(state);
    this.#dataView.set(data);
    const nSections = this.#sections.length / 5;
    this.#exports.filter(this.#dataAt * 8, this.#nChannels, nSamples, 0, nSections, this.#stateAt * 8);
    state.set(this.#stateView);
    out.set(this.#dataView);
  }
}
