import { BlockReader } from "../bytes/block-reader.ts";
import { type ByteSource, readBytes } from "../bytes/byte-source.ts";
import { DamageReport } from "../damage.ts";
import { type ChunkHeader, canBeChunk, isBoundaryUuid, readChunkHeader } from "./chunk-header.ts";
import { LARGEST_STAMP, TAG } from "./format.ts";
import { Resynchroniser } from "./resynchronise.ts";
import { parseFooter, parseStreamHeader } from "./stream-header.ts";
import { XdfStreamIndex } from "./stream-index.ts";
import { takeSamples } from "./take-samples.ts";
import { WalkDraft } from "./walk-samples.ts";
import { parseInfo, type XmlTree } from "./xml.ts";

/** Headers and footers beyond this are damaged lengths. */
const MAX_MARKUP_BYTES = 1 << 24;

export interface XdfIndex {
  readonly fileHeader: XmlTree;
  readonly streams: ReadonlyMap<number, XdfStreamIndex>;
  readonly damage: DamageReport;
  /** Everything behind is no whole chunk: the torn end of a recording that was killed. The file size for a sound one. */
  readonly wholeEnd: number;
  /** Samples that stand whole in the torn chunk behind `wholeEnd`; they are part of their stream. */
  readonly torn: { readonly streamId: number; readonly firstSample: number } | undefined;
}

/** State of one index pass, shared with the part that takes sample chunks. */
export interface IndexPass {
  readonly reader: BlockReader;
  readonly streams: Map<number, XdfStreamIndex>;
  readonly draft: WalkDraft;
  readonly damage: DamageReport;
  /** Bytes `[from, to)` could not be used; which streams lost samples there is worked out at the end. */
  lose(from: number, to: number, what: string, streamId?: number): void;
}

interface LostRegion {
  readonly from: number;
  readonly to: number;
  readonly what: string;
  readonly streamId: number | undefined;
  /** Samples that each stream had when the region began. */
  readonly before: ReadonlyMap<number, number>;
}

/**
 * Walk a file once, from chunk to chunk, in large blocks: headers, footers, clock offsets, and for every stream where
 * its samples lie and what their stamps are. Values are not decoded.
 *
 * Every chunk is verified (length, tag, stream, stamps, and that its content fills its length). One that fails is left
 * out, the scan resumes at the next place that can be verified, and the damage report says so. Nothing that the file
 * claims about itself decides how much memory is taken.
 */
export async function buildXdfIndex(source: ByteSource): Promise<XdfIndex> {
  const reader = new BlockReader(source);
  const streams = new Map<number, XdfStreamIndex>();
  const damage = new DamageReport();
  const draft = new WalkDraft();
  const lost: LostRegion[] = [];
  const resynchroniser = new Resynchroniser(reader, streams, draft);
  const lose = (from: number, to: number, what: string, streamId?: number): void => {
    for (const stream of streams.values()) stream.lostBefore = true;
    const last = lost.at(-1);
    if (last !== undefined && last.what === what && last.streamId === streamId && last.to === from)
      lost[lost.length - 1] = { ...last, to };
    else if (lost.length < 10_000)
      lost.push({
        from,
        to,
        what,
        streamId,
        before: new Map([...streams].map(([id, s]) => [id, s.nSamples])),
      });
  };
  const pass: IndexPass = { reader, streams, draft, damage, lose };
  let fileHeader: XmlTree = {};

  let position = 4;
  let wholeEnd = 4;
  let torn: XdfIndex["torn"];
  while (position < reader.size) {
    if (!reader.has(position, 64)) await reader.load(position);
    const header = readChunkHeader(reader, position);
    let next: number | undefined;
    let problem = "bytes that are no chunk";
    if (header !== undefined) {
      const firstSample = streams.get(header.streamId)?.nSamples ?? 0;
      if (header.tag === TAG.samples) next = await takeSamples(pass, header);
      else if (header.end > reader.size) problem = "a chunk that ends beyond the end of the file";
      else if (header.tag === TAG.boundary) next = await takeBoundary(header);
      else if (header.tag === TAG.clockOffset) next = takeClockOffset(header);
      else next = await takeMarkup(header);
      if (next !== undefined)
        if (next === reader.size && header.end > reader.size) torn = tornChunk(header, firstSample);
        else wholeEnd = next;
    }
    if (next === undefined) {
      const found = await resynchroniser.findFrom(position + 1);
      lose(position, found, problem);
      next = found;
    }
    position = next;
  }
  reportLost();
  return { fileHeader, streams, damage, wholeEnd, torn };

  function tornChunk({ streamId }: ChunkHeader, firstSample: number): XdfIndex["torn"] {
    return streams.has(streamId) ? { streamId, firstSample } : undefined;
  }

  async function takeBoundary(header: ChunkHeader): Promise<number | undefined> {
    if (!isBoundaryUuid(reader, header.content)) return undefined;
    if (header.end === header.content + 16) return header.end;
    damage.add({
      offset: header.position,
      bytes: 0,
      what: "a boundary chunk with a wrong length",
      samplesLost: 0,
    });
    return (await canBeChunk(reader, header.content + 16, streams)) ? header.content + 16 : undefined;
  }

  function takeClockOffset(header: ChunkHeader): number | undefined {
    if (header.end !== header.content + 16) return undefined;
    const stream = streams.get(header.streamId);
    const at = header.content - reader.start;
    const time = reader.view.getFloat64(at, true);
    const offset = reader.view.getFloat64(at + 8, true);
    const what =
      stream === undefined
        ? "a clock offset of a stream without a header"
        : Math.abs(time) < LARGEST_STAMP && Math.abs(offset) < LARGEST_STAMP
          ? undefined
          : "a clock offset that is not a number of this world";
    if (what !== undefined)
      damage.add({ offset: header.position, bytes: header.end - header.position, samplesLost: 0, what });
    else {
      stream?.clockTimes.push(time);
      stream?.clockOffsets.push(offset);
    }
    return header.end;
  }

  async function takeMarkup(header: ChunkHeader): Promise<number | undefined> {
    const bytes = header.end - header.content;
    // Only believe a length that leads to another chunk: a lying one would swallow what follows.
    if (bytes > MAX_MARKUP_BYTES || !(await canBeChunk(reader, header.end, streams))) {
      if (bytes > MAX_MARKUP_BYTES) return undefined;
      const text = await markup(header);
      if (!text.trimEnd().endsWith(">")) return undefined;
    }
    const text = await markup(header);
    const { position: offset, streamId } = header;
    const note = (what: string): void => damage.add({ offset, bytes: header.end - offset, what });
    if (header.tag === TAG.fileHeader) {
      const info = parseInfo(text);
      if (info === undefined) note("a file header that cannot be parsed");
      else fileHeader = info;
    } else if (header.tag === TAG.streamHeader) {
      const parsed = parseStreamHeader(streamId, text);
      if (streams.has(streamId)) note(`a second header of stream ${streamId}, not used`);
      else if (typeof parsed === "string") note(`stream ${streamId} cannot be read: ${parsed}`);
      else {
        if (Object.keys(parsed.info).length === 0) note(`a broken header of stream ${streamId}, partly read`);
        streams.set(streamId, new XdfStreamIndex(parsed));
      }
    } else {
      const stream = streams.get(streamId);
      const footer = parseFooter(text);
      if (footer === undefined) note("a stream footer that cannot be parsed");
      else if (stream !== undefined) stream.footer = footer;
    }
    return header.end;
  }

  async function markup(header: ChunkHeader): Promise<string> {
    const bytes = await readBytes(source, header.content, header.end - header.content);
    return new TextDecoder().decode(bytes);
  }

  /** How many samples each stream misses where bytes were lost: from the stamps on both sides. */
  function reportLost(): void {
    for (const { from, to, what, streamId, before } of lost) {
      const base = { offset: from, bytes: to - from, what };
      let reported = false;
      for (const [id, count] of before) {
        const { stamps, nSamples, header } = streams.get(id)!;
        const rate = header.nominalSamplingRate;
        const known = streamId === undefined || streamId === id;
        if (!known || rate === 0 || count === 0 || count >= nSamples || stamps === undefined) continue;
        const missing = Math.round((stamps.at(count) - stamps.at(count - 1)) * rate) - 1;
        if (missing < 1) continue;
        damage.add({ ...base, streamId: String(id), samplesLost: missing });
        reported = true;
      }
      if (!reported) damage.add(streamId === undefined ? base : { ...base, streamId: String(streamId) });
    }
  }
}
