import type { SampleChunk, SessionInput } from "@attune/signal";
import type { PlayOptions, SessionCheck } from "../recording.ts";
import { RowFinder } from "./find-rows.ts";
import { type ChunkRecord, decodeRecord } from "./session-record.ts";
import type { SessionSource, SessionStream } from "./session-source.ts";

const RECORDS_PER_BLOCK = 512;

/**
 * What entered the live analysis, in order: every number the same Float64 as then. Chunks whose samples are not in the file are
 * left out; `checkSession` counts them.
 */
export async function* playSession(
  source: SessionSource,
  options: Pick<PlayOptions, "streams" | "channels">,
): AsyncGenerator<SessionInput> {
  // A stream of the session goes on under its id although the file holds it in several pieces.
  const asked = source.streams.filter(({ stream }) => options.streams?.includes(stream.id) ?? true);
  const liveIds = new Set(asked.map(({ liveId }) => liveId));
  const chosen = source.streams.filter(({ liveId }) => liveIds.has(liveId));
  const finder = new RowFinder(source);
  for await (const record of records(source)) {
    if (record?.kind === "samples") {
      const found = streamOf(chosen, record);
      const row = found && (await finder.find(found, record));
      if (found !== undefined && row !== undefined)
        yield await readChunk(
          source,
          found,
          record,
          row,
          options.channels?.[found.stream.id] ?? options.channels?.[found.liveId],
        );
    } else if (record?.kind === "input") {
      const { input } = record;
      const isLeftOut =
        options.streams !== undefined && input.kind === "clock-offset" && !liveIds.has(input.streamId);
      if (!isLeftOut) yield input;
    }
  }
}

/** Count what a replay of the session misses. */
export async function checkSession(source: SessionSource): Promise<SessionCheck> {
  const finder = new RowFinder(source);
  let nInputs = 0;
  let nMissing = 0;
  let nChunksWithoutSamples = 0;
  for await (const record of records(source)) {
    if (record?.kind === "from") {
      nMissing += Math.max(0, record.nInputs - nInputs - nMissing - nChunksWithoutSamples);
    } else if (record?.kind === "samples") {
      const found = streamOf(source.streams, record);
      if (found && (await finder.find(found, record)) !== undefined) nInputs++;
      else nChunksWithoutSamples++;
    } else if (record !== undefined) nInputs++;
  }
  const isExact = nMissing === 0 && nChunksWithoutSamples === 0;
  return { nInputs, nMissing, nChunksWithoutSamples, isExact };
}

async function* records(source: SessionSource): AsyncGenerator<ReturnType<typeof decodeRecord>> {
  for (let from = 0; from < source.nRecords; from += RECORDS_PER_BLOCK)
    for (const text of await source.readRecords(from, RECORDS_PER_BLOCK)) yield decodeRecord(text);
}

const streamOf = (streams: readonly SessionStream[], { stream }: ChunkRecord): SessionStream | undefined =>
  streams.find(({ number }) => number === stream);

async function readChunk(
  source: SessionSource,
  { stream, liveId }: SessionStream,
  record: ChunkRecord,
  row: number,
  keep: readonly number[] | undefined,
): Promise<SampleChunk> {
  const { firstSample, nSamples, receivedAt, sessionTime } = record;
  const window = await source.read(stream.id, { fromSample: row, nSamples });
  const data = keep === undefined ? window.data : new Float64Array(keep.length * nSamples);
  keep?.forEach((channel, i) => {
    data.set(window.data.subarray(channel * nSamples, (channel + 1) * nSamples), i * nSamples);
  });
  return {
    kind: "samples",
    streamId: liveId,
    firstSample,
    nSamples,
    data,
    deviceTime: window.deviceTime,
    ...(sessionTime === undefined ? {} : { sessionTime }),
    ...(receivedAt === undefined ? {} : { receivedAt }),
  };
}
