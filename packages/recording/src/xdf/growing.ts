/** A list of numbers that grows in blocks: no copy of everything when it is full, 8 bytes a number. */
export class GrowingNumbers {
  readonly #blocks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    const at = this.length & 0xffff;
    const number = this.length >> 16;
    // A first small block keeps streams with few samples small.
    if (number === this.#blocks.length) this.#blocks.push(new Float64Array(number === 0 ? 256 : 0x10000));
    let block = this.#blocks[number]!;
    if (at >= block.length) {
      const larger = new Float64Array(Math.min(0x10000, block.length * 4));
      larger.set(block);
      block = larger;
      this.#blocks[number] = block;
    }
    block[at] = value;
    this.length++;
  }

  at(index: number): number {
    return this.#blocks[index >> 16]![index & 0xffff]!;
  }

  set(index: number, value: number): void {
    this.#blocks[index >> 16]![index & 0xffff] = value;
  }

  /** Forget everything from `length` on. The first block stays, for a list that is filled again and again. */
  truncate(length: number): void {
    this.length = length;
    this.#blocks.length = Math.min(this.#blocks.length, Math.max(1, (length + 0xffff) >> 16));
  }
}
