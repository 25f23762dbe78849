/** Bytes that one table may take; beyond it products are computed again whenever they are needed. */
const LARGEST_TABLE_BYTES = 64e6;

/**
 * Remembers a vector for each (a, b) pair of windows, computed when first asked for.
 *
 * A thousand surrogates of a hundred windows ask for 100 000 pairs, but there are only 10 000 of them. The numbers do not
 * depend on whether they were remembered.
 */
export class PairTable {
  readonly #n: number;
  readonly #size: number;
  readonly #compute: (out: Float64Array, a: number, b: number) => void;
  readonly #values: Float64Array | undefined;
  readonly #known: Uint8Array;
  readonly #scratch: Float64Array;

  constructor(n: number, size: number, compute: (out: Float64Array, a: number, b: number) => void) {
    this.#n = n;
    this.#size = size;
    this.#compute = compute;
    const fits = n * n * size * 8 <= LARGEST_TABLE_BYTES;
    this.#values = fits ? new Float64Array(n * n * size) : undefined;
    this.#known = new Uint8Array(fits ? n * n : 0);
    this.#scratch = new Float64Array(size);
  }

  /** Adds the vector of pair (a, b) to `sum`. */
  addTo(sum: Float64Array, a: number, b: number): void {
    const size = this.#size;
    const values = this.#values;
    if (values === undefined) {
      this.#compute(this.#scratch, a, b);
      for (let i = 0; i < size; i++) sum[i] += this.#scratch[i];
      return;
    }
    const pair = a * this.#n + b;
    const start = pair * size;
    if (this.#known[pair] === 0) {
      this.#compute(this.#scratch, a, b);
      values.set(this.#scratch, start);
      this.#known[pair] = 1;
    }
    for (let i = 0; i < size; i++) sum[i] += values[start + i];
  }
}
