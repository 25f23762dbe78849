/** The samples of one channel between two session times, on a uniform grid by linear interpolation; NaN where there are none. */
export class Excerpt {
  readonly start: number;
  readonly samplingRate: number;
  readonly values: Float64Array;
  #time = Number.NaN;
  #value = Number.NaN;

  constructor(start: number, seconds: number, samplingRate: number) {
    this.start = start;
    this.samplingRate = samplingRate;
    this.values = new Float64Array(Math.round(seconds * samplingRate)).fill(Number.NaN);
  }

  push(values: Float64Array, sessionTime: Float64Array, samplingRate: number): void {
    const longest = 1.5 / samplingRate;
    const { start, samplingRate: rate, values: out } = this;
    for (let k = 0; k < values.length; k++) {
      const time = sessionTime[k]!;
      const step = time - this.#time;
      if (step > 0 && step <= longest) {
        const from = Math.max(0, Math.ceil((this.#time - start) * rate));
        for (let i = from; i < out.length && i / rate + start <= time; i++)
          out[i] = this.#value + ((values[k]! - this.#value) * (i / rate + start - this.#time)) / step;
      }
      this.#time = time;
      this.#value = values[k]!;
    }
  }
}

/** A channel as bins on session time from 0 on: means, or the spread inside each bin. NaN where there is nothing. */
export class Binned {
  readonly samplingRate: number;
  #sums = new Float64Array(1024);
  #squares = new Float64Array(1024);
  #counts = new Uint32Array(1024);
  #n = 0;

  constructor(samplingRate: number) {
    this.samplingRate = samplingRate;
  }

  push(values: Float64Array, sessionTime: Float64Array): void {
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      const bin = Math.floor(sessionTime[k]! * this.samplingRate);
      if (bin < 0 || Number.isNaN(value)) continue;
      if (bin >= this.#sums.length) this.#grow(bin + 1);
      this.#sums[bin]! += value;
      this.#squares[bin]! += value * value;
      this.#counts[bin]! += 1;
      if (bin >= this.#n) this.#n = bin + 1;
    }
  }

  /** `[nBins]`, bin k begins at `k / samplingRate`. */
  means(): Float64Array {
    return Float64Array.from({ length: this.#n }, (_, k) => this.#sums[k]! / this.#counts[k]!);
  }

  spreads(): Float64Array {
    return Float64Array.from({ length: this.#n }, (_, k) => {
      const n = this.#counts[k]!;
      return n < 2
        ? Number.NaN
        : Math.sqrt(Math.max(0, (this.#squares[k]! - this.#sums[k]! ** 2 / n) / (n - 1)));
    });
  }

  #grow(least: number): void {
    const length = Math.max(least, 2 * this.#sums.length);
    const grown = <T extends Float64Array | Uint32Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#sums = grown(this.#sums, new Float64Array(length));
    this.#squares = grown(this.#squares, new Float64Array(length));
    this.#counts = grown(this.#counts, new Uint32Array(length));
  }
}
