/** Grid samples that became certain during one push. */
export interface GridChunk {
  /** Grid index of the first sample; its time is firstIndex / gridRate. */
  readonly firstIndex: number;
  readonly nSamples: number;
  /** `[nChannels, nSamples]`; NaN where missing. */
  readonly data: Float64Array;
  /** `[nSamples]`, 1 where at least one channel is missing, else 0. */
  readonly mask: Uint8Array;
}

const usualRows = 256;

/** Collects grid samples one time step after another, when nobody knows yet how many there will be. */
export class GridRows {
  readonly #nChannels: number;
  #rows: Float64Array;
  #mask: Uint8Array;
  #count = 0;

  constructor(nChannels: number) {
    this.#nChannels = nChannels;
    this.#rows = new Float64Array(usualRows * nChannels);
    this.#mask = new Uint8Array(usualRows);
  }

  /** Grid samples collected and not yet taken. */
  get count(): number {
    return this.#count;
  }

  addMissing(): void {
    this.#grow();
    const from = this.#count * this.#nChannels;
    this.#rows.fill(Number.NaN, from, from + this.#nChannels);
    this.#mask[this.#count++] = 1;
  }

  /** @param values `[nChannels]`, copied */
  add(values: Float64Array): void {
    this.#grow();
    const from = this.#count * this.#nChannels;
    let missing = 0;
    for (let c = 0; c < this.#nChannels; c++) {
      const value = values[c];
      this.#rows[from + c] = value;
      if (Number.isNaN(value)) missing = 1;
    }
    this.#mask[this.#count++] = missing;
  }

  /** Hands everything over in channel-major order and starts anew. */
  take(firstIndex: number): GridChunk {
    const nSamples = this.#count;
    const nChannels = this.#nChannels;
    const data = new Float64Array(nChannels * nSamples);
    const rows = this.#rows;
    for (let c = 0; c < nChannels; c++)
      for (let k = 0; k < nSamples; k++) data[c * nSamples + k] = rows[k * nChannels + c];
    const mask = this.#mask.slice(0, nSamples);
    this.#count = 0;
    // A long gap must not keep its memory for the rest of the session.
    if (this.#mask.length > 16 * usualRows) {
      this.#rows = new Float64Array(usualRows * nChannels);
      this.#mask = new Uint8Array(usualRows);
    }
    return { firstIndex, nSamples, data, mask };
  }

  #grow(): void {
    if (this.#count < this.#mask.length) return;
    const rows = new Float64Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    const mask = new Uint8Array(this.#mask.length * 2);
    mask.set(this.#mask);
    this.#mask = mask;
  }
}
