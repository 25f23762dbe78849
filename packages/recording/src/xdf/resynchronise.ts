import type { BlockReader } from "../bytes/block-reader.ts";
import { canBeChunk, isBoundaryUuid, readChunkHeader } from "./chunk-header.ts";
import { BOUNDARY_UUID, LARGEST_STAMP, TAG } from "./format.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { readLength, type WalkDraft, walkSamples } from "./walk-samples.ts";

/** How far the bytes of false candidates may be walked in all, in file sizes: keeps a hostile file linear. */
const WALK_BUDGET = 8;

/**
 * Find the way back after damage: the first place at or after `position` where a boundary's UUID stands, or where a
 * whole chunk can be verified (its samples fill its length exactly and another chunk can begin behind it), so that
 * usually one chunk is lost and not everything up to the next boundary.
 */
export class Resynchroniser {
  readonly #reader: BlockReader;
  readonly #streams: ReadonlyMap<number, XdfStreamIndex>;
  readonly #draft: WalkDraft;
  #budget: number;

  constructor(reader: BlockReader, streams: ReadonlyMap<number, XdfStreamIndex>, draft: WalkDraft) {
    this.#reader = reader;
    this.#streams = streams;
    this.#draft = draft;
    this.#budget = WALK_BUDGET * reader.size + 65_536;
  }

  /** Position of the next chunk (or just after a UUID whose own chunk header is lost); the file size if none. */
  async findFrom(position: number): Promise<number> {
    const reader = this.#reader;
    let p = position;
    while (p < reader.size) {
      // 64 bytes of overlap: a UUID or a header may straddle the edge of a window.
      if (!reader.has(p, 65)) await reader.load(p);
      const { bytes, start } = reader;
      const stop = reader.end === reader.size ? reader.end : reader.end - 64;
      let found = -1;
      while (p < stop) {
        const byte = bytes[p - start]!;
        if (byte === BOUNDARY_UUID[0] && isBoundaryUuid(reader, p)) return p + 16;
        if ((byte === 1 || byte === 4 || byte === 8) && bytes[p - start + byte + 2] === 0) {
          const tag = bytes[p - start + byte + 1]!;
          if (tag >= TAG.streamHeader && tag <= TAG.streamFooter) {
            found = p;
            break;
          }
        }
        p++;
      }
      if (found < 0) continue;
      if (await this.#isWholeChunk(found)) return found;
      p = found + 1;
    }
    return reader.size;
  }

  async #isWholeChunk(position: number): Promise<boolean> {
    const reader = this.#reader;
    if (!reader.has(position, 64)) await reader.load(position);
    const header = readChunkHeader(reader, position);
    if (header === undefined || header.end > reader.size || header.end < header.content) return false;
    const { tag, content, end } = header;
    if (tag === TAG.boundary) return end - content === 16 && isBoundaryUuid(reader, content);
    if (!(await canBeChunk(reader, position, this.#streams))) return false;
    if (!reader.has(end, 64)) this.#budget -= reader.bytes.length;
    if (this.#budget <= 0) return false;
    if (tag === TAG.clockOffset) {
      const at = content - reader.start;
      const time = reader.view.getFloat64(at, true);
      const offset = reader.view.getFloat64(at + 8, true);
      const worldly = Math.abs(time) < LARGEST_STAMP && Math.abs(offset) < LARGEST_STAMP;
      return worldly && this.#streams.has(header.streamId) && canBeChunk(reader, end, this.#streams);
    }
    if (tag === TAG.samples) return this.#areSamples(header.streamId, content, end);
    return canBeChunk(reader, end, this.#streams);
  }

  async #areSamples(streamId: number, content: number, end: number): Promise<boolean> {
    const reader = this.#reader;
    const stream = this.#streams.get(streamId);
    const width = reader.bytes[content - reader.start] ?? 0;
    if (stream === undefined || (width !== 1 && width !== 4 && width !== 8)) return false;
    const count = readLength(reader.view, content + 1 - reader.start, width);
    const first = content + 1 + width;
    // Numeric samples leave only stamps of 0 or 8 bytes to explain the length: arithmetic before walking.
    const perSample =
      stream.header.format === "string" ? 1 + stream.header.channels.length : 1 + stream.sampleBytes;
    const stampBytes = end - first - count * perSample;
    if (stampBytes < 0) return false;
    if (stream.header.format !== "string" && (stampBytes % 8 !== 0 || stampBytes > 8 * count)) return false;
    if (this.#budget < end - first) return false;
    this.#budget -= end - first;
    const walk = await walkSamples(reader, stream, first, end, count, this.#draft);
    return walk.stopped === "count" && walk.end === end && canBeChunk(reader, end, this.#streams);
  }
}
