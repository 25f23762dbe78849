/** A list of numbers that grows in blocks: no copy of everything when it is full, 8 bytes a number. */
export class GrowingNumbers {
  readonly #blocks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    const at = this.length & 0xffff;
    // A first small block keeps streams with few samples small.
    if (at === 0) this.#blocks.push(new Float64Array(this.length === 0 ? 256 : 0x10000));
    let block = this.#blocks[this.#blocks.length - 1]!;
    if (at >= block.length) {
      const larger = new Float64Array(Math.min(0x10000, block.length * 4));
      larger.set(block);
      block = larger;
      this.#blocks[this.#blocks.length - 1] = block;
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

  /** Forget everything from `length` on. */
  truncate(length: number): void {
    this.length = length;
    this.#blocks.length = (length + 0xffff) >> 16;
  }

  /** The numbers in one array. The list is empty afterwards, so that they are not held twice. */
  takeArray(): Float64Array {
    const all = new Float64Array(this.length);
    for (let end = this.#blocks.length; end > 0; end--) {
      const block = this.#blocks.pop()!;
      const start = (end - 1) * 0x10000;
      all.set(block.subarray(0, Math.min(0x10000, this.length - start)), start);
    }
    this.length = 0;
    return all;
  }
}
