import type { BlockReader } from "../bytes/block-reader.ts";
import { BOUNDARY_UUID, TAG } from "./format.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { readLength } from "./walk-samples.ts";

/** Start of a chunk as the file claims it to be. */
export interface ChunkHeader {
  readonly position: number;
  readonly tag: number;
  /** 0 for chunks that belong to no stream. */
  readonly streamId: number;
  /** First byte after tag and stream id. */
  readonly content: number;
  /** One past the last byte, by the length field; may lie beyond the end of the file. */
  readonly end: number;
}

/**
 * Read a chunk header if what stands at `position` can be one. The window must hold 64 bytes there or reach the end
 * of the file.
 */
export function readChunkHeader(reader: BlockReader, position: number): ChunkHeader | undefined {
  const { bytes, view } = reader;
  const at = position - reader.start;
  const left = reader.end - position;
  const width = left > 0 ? bytes[at]! : 0;
  if (width !== 1 && width !== 4 && width !== 8) return undefined;
  if (left < 1 + width + 2) return undefined;
  const length = readLength(view, at + 1, width);
  const tag = view.getUint16(at + 1 + width, true);
  if (tag < TAG.fileHeader || tag > TAG.streamFooter || length < 2) return undefined;
  const end = position + 1 + width + length;
  const afterTag = position + 1 + width + 2;
  if (tag === TAG.fileHeader || tag === TAG.boundary)
    return { position, tag, streamId: 0, content: afterTag, end };
  // A samples chunk can still be read by its own count when its length is too small to be true.
  if ((length < 6 && tag !== TAG.samples) || left < 1 + width + 6) return undefined;
  const streamId = view.getUint32(at + 1 + width + 2, true);
  return { position, tag, streamId, content: afterTag + 4, end };
}

export function isBoundaryUuid(reader: BlockReader, position: number): boolean {
  const at = position - reader.start;
  if (position + 16 > reader.end) return false;
  for (let i = 0; i < 16; i++) if (reader.bytes[at + i] !== BOUNDARY_UUID[i]) return false;
  return true;
}

/**
 * Whether a chunk can begin at `position`: known tag, known stream, the fixed lengths of clock offsets and boundaries,
 * markup where markup belongs. The end of the file counts as a place where a chunk can begin.
 */
export async function canBeChunk(
  reader: BlockReader,
  position: number,
  streams: ReadonlyMap<number, XdfStreamIndex>,
): Promise<boolean> {
  if (position >= reader.size) return position === reader.size;
  if (!reader.has(position, 64)) await reader.load(position);
  const header = readChunkHeader(reader, position);
  if (header === undefined) return false;
  switch (header.tag) {
    case TAG.samples:
      return streams.has(header.streamId) || (header.end > header.content && header.end <= reader.size);
    case TAG.clockOffset:
      return (
        header.end - header.content === 16 && (streams.has(header.streamId) || header.end <= reader.size)
      );
    case TAG.boundary:
      return isBoundaryUuid(reader, header.content);
    default:
      return startsLikeMarkup(reader, header.content);
  }
}

export function startsLikeMarkup(reader: BlockReader, position: number): boolean {
  const at = position - reader.start;
  for (let i = at; i < Math.min(at + 16, reader.end - reader.start); i++) {
    const byte = reader.bytes[i]!;
    if (byte === 0x3c) return true;
    const blank =
      byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xef || byte === 0xbb || byte === 0xbf;
    if (!blank) return false;
  }
  return false;
}
