import type { BlockReader } from "../bytes/block-reader.ts";

/** Runs of zero bytes shorter than this are ordinary data. */
const MIN_ZERO_BYTES = 1024;
/** Zeros that a run reaches into a neighbouring sample, beyond what that sample's neighbour has there. */
const MIN_EDGE_BYTES = 4;

/**
 * Tells samples that a device sent as zeros from a block of the file that was overwritten with zeros (a bad sector, a
 * crash): a device zeroes whole samples, a lost block begins and ends anywhere. Zeros read as "no stamp, value 0", so
 * such a block passes every check of structure.
 */
export class ZeroRun {
  readonly #reader: BlockReader;
  readonly #valueBytes: number;
  #first = -1;
  #position = 0;

  constructor(reader: BlockReader, valueBytes: number) {
    this.#reader = reader;
    this.#valueBytes = valueBytes;
  }

  /** Whether the samples just before were all zero. */
  get open(): boolean {
    return this.#first >= 0;
  }

  /** Sample `n` at `position` is all zero. */
  extend(n: number, position: number): void {
    if (this.#first >= 0) return;
    this.#first = n;
    this.#position = position;
  }

  /**
   * The run ends before sample `n`, whose values begin with `leadingZeros` zero bytes.
   *
   * @returns the damaged samples `[from, to]`, or undefined when the run may be genuine
   */
  close(n: number, leadingZeros: number): { from: number; to: number } | undefined {
    const first = this.#first;
    this.#first = -1;
    if ((n - first) * (this.#valueBytes + 1) < MIN_ZERO_BYTES) return undefined;
    const before = this.#position;
    const into = this.#zerosBefore(before) - this.#zerosBefore(before - this.#valueBytes - 1);
    const startsInside = first > 1 && into >= MIN_EDGE_BYTES;
    const endsInside = leadingZeros - this.#zerosAfter(before - this.#valueBytes) >= MIN_EDGE_BYTES;
    if (!startsInside && !endsInside) return undefined;
    return { from: Math.max(0, first - 1), to: n };
  }

  #zerosBefore(position: number): number {
    const { bytes, start } = this.#reader;
    let count = 0;
    while (
      count < this.#valueBytes &&
      position - 1 - count >= start &&
      bytes[position - 1 - count - start] === 0
    )
      count++;
    return count;
  }

  #zerosAfter(position: number): number {
    const { bytes, start } = this.#reader;
    if (position < start) return 0;
    let count = 0;
    while (count < this.#valueBytes && bytes[position + count - start] === 0) count++;
    return count;
  }
}
