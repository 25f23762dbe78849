import type { Seconds } from "@attune/signal";
import type { Traces } from "@attune/wire/page";

const STRETCHES_PER_BLOCK = 256;

interface Block {
  /** Number of its first stretch: stretch `k` begins at `k * step`. */
  readonly first: number;
  /** `[nChannels, STRETCHES_PER_BLOCK]` each. */
  readonly least: Float32Array;
  readonly greatest: Float32Array;
}

/** Least and greatest values of every stretch of `step` seconds, for as long as its memory allows; the oldest go first. */
export class EnvelopeLevel {
  readonly step: Seconds;
  readonly #streamId: string;
  readonly #nChannels: number;
  readonly #mostBlocks: number;
  readonly #blocks: Block[] = [];

  constructor(streamId: string, nChannels: number, step: Seconds, mostBytes: number) {
    this.step = step;
    this.#streamId = streamId;
    this.#nChannels = nChannels;
    this.#mostBlocks = Math.max(2, Math.floor(mostBytes / (8 * nChannels * STRETCHES_PER_BLOCK)));
  }

  get from(): Seconds {
    return this.#blocks.length === 0 ? Number.POSITIVE_INFINITY : this.#blocks[0]!.first * this.step;
  }

  push({ start, step, nSamples, data }: Traces): void {
    let n = 0;
    while (n < nSamples) {
      const stretch = Math.floor((start + n * step) / this.step);
      const end = Math.min(nSamples, Math.max(n + 1, Math.ceil(((stretch + 1) * this.step - start) / step)));
      const block = this.#blockOf(stretch);
      if (block !== undefined) this.#take(block, stretch - block.first, data, nSamples, n, end);
      n = end;
    }
  }

  /** Stretches that touch `[from, to)`, one run a block. */
  between(from: Seconds, to: Seconds): Traces[] {
    return this.#blocks.flatMap(({ first, least, greatest }) => {
      const begin = Math.max(0, Math.floor(from / this.step) - first);
      const end = Math.min(STRETCHES_PER_BLOCK, Math.ceil(to / this.step) - first);
      const count = end - begin;
      if (count <= 0) return [];
      const data = new Float32Array(this.#nChannels * 2 * count);
      for (let c = 0; c < this.#nChannels; c++) {
        const row = c * STRETCHES_PER_BLOCK;
        data.set(least.subarray(row + begin, row + end), c * 2 * count);
        data.set(greatest.subarray(row + begin, row + end), (c * 2 + 1) * count);
      }
      return [
        {
          kind: "traces" as const,
          streamId: this.#streamId,
          start: (first + begin) * this.step,
          step: this.step,
          nChannels: this.#nChannels,
          nSamples: count,
          data,
          isEnvelope: true,
          isPast: true,
        },
      ];
    });
  }

  #take(
    { least, greatest }: Block,
    place: number,
    data: Float32Array,
    nSamples: number,
    from: number,
    to: number,
  ): void {
    for (let c = 0; c < this.#nChannels; c++) {
      const at = c * STRETCHES_PER_BLOCK + place;
      for (let n = from; n < to; n++) {
        const value = data[c * nSamples + n]!;
        if (Number.isNaN(value)) continue;
        // Written so that the NaN of an empty stretch gives way to the first value.
        if (!(least[at]! <= value)) least[at] = value;
        if (!(greatest[at]! >= value)) greatest[at] = value;
      }
    }
  }

  /** The block of a stretch; undefined for times before the newest two blocks, as after a clock that jumped back. */
  #blockOf(stretch: number): Block | undefined {
    const first = Math.floor(stretch / STRETCHES_PER_BLOCK) * STRETCHES_PER_BLOCK;
    const newest = this.#blocks.at(-1);
    if (newest?.first === first) return newest;
    if (newest !== undefined && first < newest.first)
      return this.#blocks.at(-2)?.first === first ? this.#blocks.at(-2) : undefined;
    const empty = (): Float32Array =>
      new Float32Array(this.#nChannels * STRETCHES_PER_BLOCK).fill(Number.NaN);
    const block = { first, least: empty(), greatest: empty() };
    this.#blocks.push(block);
    if (this.#blocks.length > this.#mostBlocks) this.#blocks.shift();
    return block;
  }
}
