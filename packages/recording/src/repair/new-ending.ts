import { CachedSource } from "../bytes/cached-source.ts";
import { openFileSource } from "../bytes/file-source.ts";
import { RecordingError } from "../errors.ts";
import { buildXdfIndex, type XdfIndex } from "../xdf/build-index.ts";
import { encodeBoundary, encodeSamples } from "../xdf/encode-chunk.ts";
import { readXdfSamples } from "../xdf/read-samples.ts";
import { encodeFooter } from "../xdf/xdf-encoder.ts";

/** How an XDF file should end. */
export interface NewEnding {
  /** Bytes of the file as it is. */
  readonly size: number;
  /** Everything behind is no whole chunk. */
  readonly wholeEnd: number;
  /** To be written there: the whole samples of the torn chunk, and the footers that are missing. */
  readonly bytes: Uint8Array;
  readonly nSamplesSaved: number;
  readonly nFooters: number;
}

/** Scan a file and work out its ending. Nothing is written. */
export async function newEnding(path: string): Promise<NewEnding> {
  const file = await openFileSource(path);
  const source = new CachedSource(file);
  try {
    const index = await buildXdfIndex(file);
    if (index.wholeEnd <= 4)
      throw new RecordingError(`${path} cannot be repaired: it holds no whole chunk that could be kept.`);
    const saved = await savedSamples(source, index);
    const footers = missingFooters(index);
    return {
      size: source.size,
      wholeEnd: index.wholeEnd,
      bytes: join([...saved.chunks, ...footers]),
      nSamplesSaved: saved.nSamples,
      nFooters: footers.length,
    };
  } finally {
    await source.close();
  }
}

/** The samples that stand whole in the torn chunk, as a chunk, and a boundary behind it. */
async function savedSamples(
  source: CachedSource,
  { torn, streams }: XdfIndex,
): Promise<{ readonly chunks: readonly Uint8Array[]; readonly nSamples: number }> {
  if (torn === undefined) return { chunks: [], nSamples: 0 };
  const stream = streams.get(torn.streamId)!;
  const nSamples = stream.nSamples - torn.firstSample;
  if (nSamples === 0) return { chunks: [], nSamples };
  const { format, channels } = stream.header;
  const { data, deviceTime, integers, text } = await readXdfSamples(
    source,
    stream,
    torn.firstSample,
    nSamples,
  );
  const values = format === "string" ? { text } : format === "int64" ? { data, integers } : { data };
  // A rate of 0: every stamp is written out.
  const chunk = encodeSamples(torn.streamId, format, channels.length, 0, deviceTime, values, Number.NaN);
  return { chunks: [chunk, encodeBoundary()], nSamples };
}

function missingFooters({ streams }: XdfIndex): Uint8Array[] {
  const footers: Uint8Array[] = [];
  for (const [streamId, { footer, nSamples, stamps, clockTimes, clockOffsets }] of streams) {
    if (footer !== undefined) continue;
    footers.push(
      encodeFooter(streamId, {
        firstStamp: nSamples > 0 ? stamps!.at(0) : 0,
        lastStamp: nSamples > 0 ? stamps!.at(nSamples - 1) : 0,
        nSamples,
        offsets: clockTimes.map((time, i) => [time, clockOffsets[i]!] as const),
      }),
    );
  }
  return footers;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
