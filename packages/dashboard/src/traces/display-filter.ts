/** What the eye wants filtered. Only the screen sees it: files, coupling and quality have the samples as they came. */
export interface FilterChoice {
  /** 1 Hz, second-order Butterworth. */
  readonly highPass: boolean;
  /** 40 Hz, second-order Butterworth. */
  readonly lowPass: boolean;
  readonly notch: 0 | 50 | 60;
}

export const HIGH_PASS_HERTZ = 1;
export const LOW_PASS_HERTZ = 40;
const BUTTERWORTH_Q = Math.SQRT1_2;
/** Takes out about 2 Hz around the mains frequency. */
const NOTCH_Q = 25;

/**
 * Second-order sections `[nSections, 5]`: b0 b1 b2 a1 a2, a0 being 1. Bilinear transform with the frequency prewarped: R.
 * Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients" (W3C Working Group Note, 2021). A section
 * whose frequency the stream cannot hold (half its sampling rate) is left out.
 */
export function designDisplayFilter(choice: FilterChoice, samplingRate: number): Float64Array {
  const sections: number[] = [];
  const add = (
    frequency: number,
    q: number,
    numerator: (cos: number, alpha: number) => readonly number[],
  ): void => {
    if (frequency >= samplingRate / 2) return;
    const w = (2 * Math.PI * frequency) / samplingRate;
    const cos = Math.cos(w);
    const alpha = Math.sin(w) / (2 * q);
    const a0 = 1 + alpha;
    for (const b of numerator(cos, alpha)) sections.push(b / a0);
    sections.push((-2 * cos) / a0, (1 - alpha) / a0);
  };
  if (choice.highPass)
    add(HIGH_PASS_HERTZ, BUTTERWORTH_Q, (cos) => [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2]);
  if (choice.notch !== 0) add(choice.notch, NOTCH_Q, (cos) => [1, -2 * cos, 1]);
  if (choice.lowPass) add(LOW_PASS_HERTZ, BUTTERWORTH_Q, (cos) => [(1 - cos) / 2, 1 - cos, (1 - cos) / 2]);
  return Float64Array.from(sections);
}

/** A causal cascade with a state per channel. It begins, and after a gap begins again, as if the first value had stood for ever. */
export class DisplayFilter {
  readonly #sections: Float64Array;
  readonly #nSections: number;
  readonly #state: Float64Array;
  readonly #isSettled: Uint8Array;

  constructor(sections: Float64Array, nChannels: number) {
    this.#sections = sections;
    this.#nSections = sections.length / 5;
    this.#state = new Float64Array(nChannels * this.#nSections * 2);
    this.#isSettled = new Uint8Array(nChannels);
  }

  reset(): void {
    this.#isSettled.fill(0);
  }

  /** Filters `values[offset .. offset + nSamples)` of a channel in place. NaN stays NaN, and the filter begins again after it. */
  apply(channel: number, values: Float64Array, offset: number, nSamples: number): void {
    if (this.#nSections === 0) return;
    const base = channel * this.#nSections * 2;
    for (let i = offset; i < offset + nSamples; i++) {
      let value = values[i]!;
      if (Number.isNaN(value)) {
        this.#isSettled[channel] = 0;
        continue;
      }
      if (this.#isSettled[channel] === 0) this.#settle(channel, value);
      for (let s = 0; s < this.#nSections; s++) {
        const at = s * 5;
        const z = base + 2 * s;
        const out = this.#sections[at]! * value + this.#state[z]!;
        this.#state[z] =
          this.#sections[at + 1]! * value - this.#sections[at + 3]! * out + this.#state[z + 1]!;
        this.#state[z + 1] = this.#sections[at + 2]! * value - this.#sections[at + 4]! * out;
        value = out;
      }
      values[i] = value;
    }
  }

  #settle(channel: number, first: number): void {
    this.#isSettled[channel] = 1;
    let value = first;
    for (let s = 0; s < this.#nSections; s++) {
      const [b0, b1, b2, a1, a2] = this.#sections.subarray(s * 5, s * 5 + 5) as unknown as [
        number,
        number,
        number,
        number,
        number,
      ];
      const out = (value * (b0 + b1 + b2)) / (1 + a1 + a2);
      const z = (channel * this.#nSections + s) * 2;
      this.#state[z + 1] = b2 * value - a2 * out;
      this.#state[z] = b1 * value - a1 * out + this.#state[z + 1]!;
      value = out;
    }
  }
}
