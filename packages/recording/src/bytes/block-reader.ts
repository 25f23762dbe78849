import type { ByteSource } from "./byte-source.ts";

/** A large window of a source, moved forward as a scan proceeds; the scan reads the window without awaiting. */
export class BlockReader {
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Position in the source of the window's first byte, and one past its last. */
  start = 0;
  end = 0;
  readonly #source: ByteSource;

  constructor(source: ByteSource, capacity = 1 << 20) {
    this.#source = source;
    this.size = source.size;
    this.bytes = new Uint8Array(Math.max(64, Math.min(capacity, source.size)));
    this.view = new DataView(this.bytes.buffer);
  }

  /** Whether `[position, position + length)`, clipped at the end of the source, is in the window. */
  has(position: number, length: number): boolean {
    return position >= this.start && Math.min(position + length, this.size) <= this.end;
  }

  /** Move the window so that it starts at `position`. */
  async load(position: number): Promise<void> {
    const length = Math.max(0, Math.min(this.bytes.length, this.size - position));
    const got = await this.#source.read(this.bytes.subarray(0, length), position);
    this.start = position;
    this.end = position + got;
  }
}
