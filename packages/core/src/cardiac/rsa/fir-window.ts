/** Odd number of samples nearest below or at a duration, plus the middle one: 10.2 s at 5 Hz are 51. */
export function oddTaps(seconds: number, samplingRate: number): number {
  return 2 * Math.floor((seconds * samplingRate) / 2 + 1e-9) + 1;
}

/**
 * A FIR filter that gives only outputs whose inputs it has all seen. Not recursive: a NaN leaves with its window.
 * The newest samples always lie in one piece, so the order of summation never changes.
 */
export class FirWindow {
  readonly #taps: Float64Array;
  readonly #samples: Float64Array;
  #at = 0;
  #seen = 0;
  #output = Number.NaN;

  /** @param taps `[nTaps]`, symmetric, odd number */
  constructor(taps: Float64Array) {
    this.#taps = taps;
    this.#samples = new Float64Array(2 * taps.length);
  }

  /** True once the window is full. */
  push(sample: number): boolean {
    const taps = this.#taps;
    const n = taps.length;
    const samples = this.#samples;
    samples[this.#at] = sample;
    samples[this.#at + n] = sample;
    this.#at = (this.#at + 1) % n;
    if (++this.#seen < n) return false;
    let sum = 0;
    for (let k = 0, from = this.#at; k < n; k++) sum += taps[k] * samples[from + k];
    this.#output = sum;
    return true;
  }

  get output(): number {
    return this.#output;
  }

  /** The sample in the middle of the window, to which `output` belongs. */
  get middle(): number {
    return this.#samples[this.#at + (this.#taps.length - 1) / 2];
  }
}
