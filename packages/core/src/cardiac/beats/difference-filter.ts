import { OptionError } from "../../errors.ts";

/**
 * Linear-phase band-pass filter that is applied to the first differences of a trace.
 *
 * A Hamming-windowed sinc band-pass `h` of odd length, freed of its small gain at 0 Hz, factors as
 * `H(z) = (1 - 1/z) G(z)`; `G`, the running sum of `h`, is antisymmetric. Filtering differences with `G` gives what `h` gives
 * on the trace, but a constant gives exactly zero, whatever its size, and half of the products are saved.
 */
export class DifferenceFilter {
  /** Delay from the trace to the output, samples. */
  readonly delay: number;
  /** Differences that one output needs: `2 * delay`. */
  readonly length: number;
  readonly #half: Float64Array;

  constructor(samplingRate: number, [low, high]: readonly [number, number], seconds: number) {
    if (high >= samplingRate / 2)
      throw new OptionError(`DifferenceFilter upper edge must lie below ${samplingRate / 2} Hz, got ${high}`);
    const delay = Math.max(1, Math.round((seconds * samplingRate) / 2));
    const nTaps = 2 * delay + 1;
    const taps = new Float64Array(nTaps);
    const window = new Float64Array(nTaps);
    let sum = 0;
    let windowSum = 0;
    for (let k = 0; k < nTaps; k++) {
      const t = (k - delay) / samplingRate;
      const lowpass = (f: number): number =>
        t === 0 ? 2 * f : Math.sin(2 * Math.PI * f * t) / (Math.PI * t);
      window[k] = 0.54 + 0.46 * Math.cos((Math.PI * (k - delay)) / delay);
      taps[k] = (window[k] * (lowpass(high) - lowpass(low))) / samplingRate;
      sum += taps[k];
      windowSum += window[k];
    }
    const centre = 2 * Math.PI * ((low + high) / 2);
    let gain = 0;
    for (let k = 0; k < nTaps; k++) {
      taps[k] -= (window[k] * sum) / windowSum;
      gain += taps[k] * Math.cos((centre * (k - delay)) / samplingRate);
    }
    this.delay = delay;
    this.length = 2 * delay;
    this.#half = new Float64Array(delay);
    let running = 0;
    for (let k = 0; k < delay; k++) {
      running += taps[k] / gain;
      this.#half[k] = running;
    }
  }

  /**
   * Filters `differences[from .. to)` into the same places of `out`; `from` must be at least `length`. Every output is summed
   * in the same order, four at a time or alone, so that any cut gives the same bits.
   */
  execute(out: Float64Array, differences: Float64Array, from: number, to: number): void {
    const half = this.#half;
    const delay = this.delay;
    const last = this.length - 1;
    let n = from;
    for (; n + 4 <= to; n += 4) {
      let y0 = 0;
      let y1 = 0;
      let y2 = 0;
      let y3 = 0;
      for (let k = 0, a = n, b = n - last; k < delay; k++, a--, b++) {
        const g = half[k];
        y0 += g * (differences[a] - differences[b]);
        y1 += g * (differences[a + 1] - differences[b + 1]);
        y2 += g * (differences[a + 2] - differences[b + 2]);
        y3 += g * (differences[a + 3] - differences[b + 3]);
      }
      out[n] = y0;
      out[n + 1] = y1;
      out[n + 2] = y2;
      out[n + 3] = y3;
    }
    for (; n < to; n++) {
      let y = 0;
      for (let k = 0, a = n, b = n - last; k < delay; k++, a--, b++)
        y += half[k] * (differences[a] - differences[b]);
      out[n] = y;
    }
  }
}
