import type { Matrix } from "./plain-autoregression.ts";

/** A cascade of second-order sections in plain arrays: transposed direct form II, section after section. */
export class PlainCascade {
  readonly #sections: Matrix;
  /** `[channel][section]`: the two states. */
  readonly #states: [number, number][][];

  /** @param sections rows of b0 b1 b2 a0 a1 a2 with a0 = 1 */
  constructor(sections: Matrix, nChannels: number) {
    this.#sections = sections;
    this.#states = Array.from({ length: nChannels }, () => sections.map(() => [0, 0]));
  }

  filter(chunk: Matrix): Matrix {
    return chunk.map((channel, c) =>
      this.#sections.reduce((signal, [b0, b1, b2, , a1, a2], s) => {
        const state = this.#states[c]![s]!;
        return signal.map((x) => {
          const y = b0! * x + state[0];
          state[0] = b1! * x - a1! * y + state[1];
          state[1] = b2! * x - a2! * y;
          return y;
        });
      }, channel),
    );
  }
}
