import type { ByteSource } from "./byte-source.ts";

const BLOCK = 1 << 17;
const SLOTS = 16;

interface Slot {
  readonly bytes: Uint8Array;
  block: number;
  loaded: Promise<void>;
  /** Readers that wait for or look at the slot: it must not be given to another block. */
  pins: number;
  lastUse: number;
}

/**
 * A source behind a small fixed cache (2 MiB) with one block of read-ahead: the streams of one file lie
 * interleaved, so what one stream's reader fetched serves the others. The buffers are used again and again, so that
 * playing a long file makes no garbage here.
 */
export class CachedSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #slots: Slot[] = [];
  #joined = new Uint8Array(0);
  #clock = 0;
  #closed = false;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  /**
   * Give the bytes `[position, position + length)`, clipped at the end, to `look`, which must be done with them when it
   * returns.
   */
  async use<T>(position: number, length: number, look: (bytes: Uint8Array) => T): Promise<T> {
    const end = Math.min(this.size, position + length);
    if (end <= position) return look(new Uint8Array(0));
    const first = Math.floor(position / BLOCK);
    const last = Math.floor((end - 1) / BLOCK);
    if (last - first >= SLOTS / 2) {
      const large = new Uint8Array(end - position);
      const got = await this.#source.read(large, position);
      return look(large.subarray(0, got));
    }
    const slots: Slot[] = [];
    for (let block = first; block <= last; block++) slots.push(this.#pin(block));
    try {
      for (const slot of slots) await slot.loaded;
      this.#readAhead(last + 1);
      if (slots.length === 1)
        return look(slots[0]!.bytes.subarray(position - first * BLOCK, end - first * BLOCK));
      if (this.#joined.length < end - position) this.#joined = new Uint8Array(end - position + BLOCK);
      for (const { block, bytes } of slots) {
        const from = Math.max(position, block * BLOCK);
        const to = Math.min(end, (block + 1) * BLOCK);
        this.#joined.set(bytes.subarray(from - block * BLOCK, to - block * BLOCK), from - position);
      }
      return look(this.#joined.subarray(0, end - position));
    } finally {
      for (const slot of slots) slot.pins--;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A read-ahead may still be under way.
    await Promise.allSettled(this.#slots.map((slot) => slot.loaded));
    await this.#source.close();
  }

  #readAhead(block: number): void {
    if (block * BLOCK >= this.size || this.#closed) return;
    const slot = this.#pin(block);
    slot.loaded.then(
      () => slot.pins--,
      () => slot.pins--,
    );
  }

  #pin(block: number): Slot {
    let slot = this.#slots.find((candidate) => candidate.block === block);
    if (slot === undefined) {
      slot = this.#freeSlot();
      slot.block = block;
      slot.loaded = this.#load(slot, block);
    }
    slot.pins++;
    slot.lastUse = this.#clock++;
    return slot;
  }

  /** The unpinned slot that was not used for longest; one more when all are in use. */
  #freeSlot(): Slot {
    let oldest: Slot | undefined;
    if (this.#slots.length >= SLOTS)
      for (const slot of this.#slots)
        if (slot.pins === 0 && (oldest === undefined || slot.lastUse < oldest.lastUse)) oldest = slot;
    if (oldest !== undefined) return oldest;
    const slot = { bytes: new Uint8Array(BLOCK), block: -1, loaded: Promise.resolve(), pins: 0, lastUse: 0 };
    this.#slots.push(slot);
    return slot;
  }

  async #load(slot: Slot, block: number): Promise<void> {
    try {
      const length = Math.min(BLOCK, this.size - block * BLOCK);
      const got = await this.#source.read(slot.bytes.subarray(0, length), block * BLOCK);
      if (got < length) throw new Error("the file became shorter while it was read");
    } catch (error) {
      slot.block = -1;
      throw error;
    }
  }
}
