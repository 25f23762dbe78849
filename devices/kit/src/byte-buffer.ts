/** Bytes that have come and that a codec is not done with. Grows to the most that was ever needed and is then reused. */
export class ByteBuffer {
  readonly #spare: number;
  #bytes: Uint8Array;
  #length = 0;

  /** @param spare bytes that can be looked at behind the last one; what they hold means nothing */
  constructor({ spare = 0 }: { spare?: number } = {}) {
    this.#spare = spare;
    this.#bytes = new Uint8Array(4096 + spare);
  }

  get length(): number {
    return this.#length;
  }

  /** @returns the bytes, from 0 to `length`, until the next `append` */
  append(bytes: Uint8Array): Uint8Array {
    const needed = this.#length + bytes.length;
    if (needed + this.#spare > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed + this.#spare);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
    return this.#bytes;
  }

  /** The first `n` are done with. */
  drop(n: number): void {
    this.#bytes.copyWithin(0, n, this.#length);
    this.#length -= n;
  }

  clear(): void {
    this.#length = 0;
  }
}
