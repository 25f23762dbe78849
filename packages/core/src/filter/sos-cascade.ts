import { OptionError, ShapeError } from "../errors.ts";
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
 * Chunk-invariant to the bit: any cut of the input, down to single samples, gives the same output. NaN stays in
 * the state of its channel until `reset` or `initialise`; a gap in the data needs the same call, because the
 * filter cannot know that samples are missing. Its delay is the group delay of the sections; for the time after
 * which a start-up transient is over, see `settlingSamples`.
 */
export class SosCascade {
  readonly nChannels: number;
  readonly nSections: number;
  readonly #sections: Float64Array;
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
    this.#sections = sections.slice();
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
   * Filters the next samples. Allocates nothing. `out` may be `data`.
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
    const nSections = this.nSections;
    const width = nSections * 2;
    for (let c = 0; c < this.nChannels; c++) {
      const from = c * nSamples;
      let source = data;
      let s = 0;
      for (; s + 2 <= nSections; s += 2) {
        filterTwo(out, source, from, nSamples, this.#sections, s * 6, this.#state, c * width + s * 2);
        source = out;
      }
      if (s < nSections)
        filterOne(out, source, from, nSamples, this.#sections, s * 6, this.#state, c * width + s * 2);
    }
  }
}

function filterOne(
  out: Float64Array,
  data: Float64Array,
  from: number,
  nSamples: number,
  sections: Float64Array,
  section: number,
  state: Float64Array,
  at: number,
): void {
  const b0 = sections[section];
  const a1 = sections[section + 4];
  const a2 = sections[section + 5];
  const k1 = sections[section + 1] - a1 * b0;
  const k2 = sections[section + 2] - a2 * b0;
  let s0 = state[at];
  let s1 = state[at + 1];
  for (let n = from; n < from + nSamples; n++) {
    const x = data[n];
    out[n] = b0 * x + s0;
    const next = k1 * x + s1 - a1 * s0;
    s1 = k2 * x - a2 * s0;
    s0 = next;
  }
  state[at] = s0;
  state[at + 1] = s1;
}

/** Two sections in one pass: the signal between them never leaves a register. */
function filterTwo(
  out: Float64Array,
  data: Float64Array,
  from: number,
  nSamples: number,
  sections: Float64Array,
  section: number,
  state: Float64Array,
  at: number,
): void {
  const b0 = sections[section];
  const a1 = sections[section + 4];
  const a2 = sections[section + 5];
  const k1 = sections[section + 1] - a1 * b0;
  const k2 = sections[section + 2] - a2 * b0;
  const d0 = sections[section + 6];
  const c1 = sections[section + 10];
  const c2 = sections[section + 11];
  const m1 = sections[section + 7] - c1 * d0;
  const m2 = sections[section + 8] - c2 * d0;
  let s0 = state[at];
  let s1 = state[at + 1];
  let r0 = state[at + 2];
  let r1 = state[at + 3];
  for (let n = from; n < from + nSamples; n++) {
    const x = data[n];
    const y = b0 * x + s0;
    const s = k1 * x + s1 - a1 * s0;
    s1 = k2 * x - a2 * s0;
    s0 = s;
    out[n] = d0 * y + r0;
    const r = m1 * y + r1 - c1 * r0;
    r1 = m2 * y - c2 * r0;
    r0 = r;
  }
  state[at] = s0;
  state[at + 1] = s1;
  state[at + 2] = r0;
  state[at + 3] = r1;
}
