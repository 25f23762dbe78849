import { CausalClock } from "@attune/core";
import type { ClockOffset, SampleChunk, SessionInput } from "@attune/signal";
import { RecordingError } from "./errors.ts";
import type { PlayOptions, RecordedStream, SampleWindow } from "./recording.ts";
import { markerInput } from "./states/marker-input.ts";

/** What `play` needs to know of a recording. */
export interface Playable {
  readonly path: string;
  readonly streams: readonly RecordedStream[];
  read(streamId: string, window: { fromSample: number; nSamples: number }): Promise<SampleWindow>;
  /** Offsets to the session clock (epoch already subtracted) in the order of the file; at least one per stream. */
  clockOffsets(streamId: string): { readonly times: Float64Array; readonly values: Float64Array };
}

/** Something that waits for its turn. Ties: rank, then order. */
interface Waiting {
  readonly at: number;
  readonly rank: number;
  readonly order: number;
  readonly inputs: readonly SessionInput[];
}

/** One ordered source of inputs; `next` gives the following ones or undefined at the end. */
type Lane = () => Promise<Waiting | undefined>;

const RANK = { offset: 0, event: 1, samples: 2 };
const MAX_CHUNK_VALUES = 1 << 20;
const MARKER_BLOCK = 256;

/**
 * Merge the streams of a recording into one sequence, ordered by the session time at which each item is complete.
 * Every lane reads one block ahead while the consumer works.
 */
export async function* playRecording(source: Playable, options: PlayOptions): AsyncGenerator<SessionInput> {
  const chosen = chooseStreams(source, options);
  const chunkSeconds = options.chunkSeconds ?? 0.2;
  if (!(chunkSeconds > 0))
    throw new RecordingError(`chunkSeconds must be above 0, got ${chunkSeconds}.`, { misuse: true });
  const lanes: Lane[] = chosen.flatMap(({ stream, order }) => {
    const markers = stream.format === "string";
    const events = markers ? [eventLane(source, stream, order, options.alignment)] : [];
    if (markers) return events;
    const samples = sampleLane(source, stream, order, options, chunkSeconds);
    return options.alignment === "causal" ? [offsetLane(source, stream, order), samples] : [samples];
  });
  const heads = lanes.map((lane) => lane());
  for (const head of heads) head.catch(() => {});
  const waiting = await Promise.all(heads);
  for (;;) {
    let best = -1;
    for (let i = 0; i < waiting.length; i++)
      if (waiting[i] !== undefined && (best < 0 || comesBefore(waiting[i]!, waiting[best]!))) best = i;
    if (best < 0) return;
    const turn = waiting[best]!;
    yield* turn.inputs;
    waiting[best] = await lanes[best]!();
  }
}

function comesBefore(a: Waiting, b: Waiting): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank !== b.rank ? a.rank < b.rank : a.order < b.order;
}

/** The streams that are asked for, with their place in the recording. @throws RecordingError for one that is not there */
export function chooseStreams(
  source: Pick<Playable, "path" | "streams">,
  options: Pick<PlayOptions, "streams" | "channels">,
): { stream: RecordedStream; order: number }[] {
  const wanted = options.streams ?? source.streams.map((stream) => stream.id);
  return wanted.map((id) => {
    const order = source.streams.findIndex((stream) => stream.id === id);
    const stream = source.streams[order];
    if (stream === undefined)
      throw new RecordingError(
        `${source.path} has no stream "${id}"; it has ${source.streams.map((s) => s.id).join(", ")}.`,
        { misuse: true },
      );
    const tooHigh = options.channels?.[id]?.find((c) => !(c >= 0 && c < stream.channels.length));
    if (tooHigh !== undefined)
      throw new RecordingError(
        `Stream "${id}" has ${stream.channels.length} channels, there is no ${tooHigh}.`,
        { misuse: true },
      );
    return { stream, order };
  });
}

function offsetLane(source: Playable, stream: RecordedStream, order: number): Lane {
  const items = offsetsInOrder(source, stream.id);
  let next = 0;
  return async () => {
    const item = items[next++];
    return item && { at: item.collectedAt + item.offset, rank: RANK.offset, order, inputs: [item] };
  };
}

/** The offsets of a stream, ordered by the session time at which they were measured. */
function offsetsInOrder(source: Playable, streamId: string): ClockOffset[] {
  const { times, values } = source.clockOffsets(streamId);
  const items: ClockOffset[] = [];
  for (let i = 0; i < times.length; i++)
    items.push({ kind: "clock-offset", streamId, collectedAt: times[i]!, offset: values[i]! });
  return items.sort((a, b) => a.collectedAt + a.offset - (b.collectedAt + b.offset));
}

function sampleLane(
  source: Playable,
  stream: RecordedStream,
  order: number,
  options: PlayOptions,
  chunkSeconds: number,
): Lane {
  const keep = options.channels?.[stream.id] ?? stream.channels.map((_, c) => c);
  const rate = stream.nominalSamplingRate;
  const widest = Math.max(1, Math.floor(MAX_CHUNK_VALUES / Math.max(1, stream.channels.length)));
  const perChunk = Math.min(widest, rate > 0 ? Math.max(1, Math.round(chunkSeconds * rate)) : 64);
  const gaps = stream.gaps.map((gap) => gap.sample);
  const readBlock = (from: number): Promise<SampleWindow> =>
    source.read(stream.id, { fromSample: from, nSamples: Math.min(perChunk, stream.nSamples - from) });

  let sample = 0;
  let blockStart = 0;
  let nextGap = 0;
  let block: SampleWindow | undefined;
  let ahead: Promise<SampleWindow> | undefined;
  return async () => {
    if (sample >= stream.nSamples) return undefined;
    if (block === undefined || sample >= blockStart + block.deviceTime.length) {
      block = await (ahead ?? readBlock(sample));
      blockStart = sample;
      const following = blockStart + block.deviceTime.length;
      ahead = following < stream.nSamples ? readBlock(following) : undefined;
      ahead?.catch(() => {});
      if (block.deviceTime.length === 0) return undefined;
    }
    while (nextGap < gaps.length && gaps[nextGap]! <= sample) nextGap++;
    const blockEnd = blockStart + block.deviceTime.length;
    let end = Math.min(sample + perChunk, blockEnd, gaps[nextGap] ?? blockEnd);
    if (rate === 0) {
      const begins = block.sessionTime[sample - blockStart]!;
      let k = sample + 1;
      while (k < end && block.sessionTime[k - blockStart]! - begins <= chunkSeconds) k++;
      end = k;
    }
    const chunk = cutChunk(stream, block, sample, sample - blockStart, end - sample, keep);
    const at = block.sessionTime[end - 1 - blockStart]!;
    sample = end;
    if (options.alignment === "offline") return { at, rank: RANK.samples, order, inputs: [chunk] };
    const { sessionTime: _, ...causal } = chunk;
    return { at, rank: RANK.samples, order, inputs: [causal] };
  };
}

function cutChunk(
  stream: RecordedStream,
  block: SampleWindow,
  firstSample: number,
  from: number,
  nSamples: number,
  keep: readonly number[],
): SampleChunk {
  const width = block.deviceTime.length;
  const { deviceTime, sessionTime } = block;
  // The window is this chunk: hand it over without a copy.
  if (
    nSamples === width &&
    keep.every((channel, i) => channel === i) &&
    keep.length === stream.channels.length
  )
    return {
      kind: "samples",
      streamId: stream.id,
      firstSample,
      nSamples,
      data: block.data,
      deviceTime,
      sessionTime,
    };
  const data = new Float64Array(keep.length * nSamples);
  for (let i = 0; i < keep.length; i++) {
    const row = keep[i]! * width + from;
    data.set(block.data.subarray(row, row + nSamples), i * nSamples);
  }
  return {
    kind: "samples",
    streamId: stream.id,
    firstSample,
    nSamples,
    data,
    deviceTime: deviceTime.slice(from, from + nSamples),
    sessionTime: sessionTime.slice(from, from + nSamples),
  };
}

/**
 * Markers. Offline they carry whole-file time. Causally their time comes from the offsets known so far, and markers
 * from before the first offset wait for it.
 */
function eventLane(
  source: Playable,
  stream: RecordedStream,
  order: number,
  alignment: PlayOptions["alignment"],
): Lane {
  const offsets = alignment === "causal" ? offsetsInOrder(source, stream.id) : [];
  const clock = new CausalClock({ nominalSamplingRate: 0 });
  const known = offsets[0] ? offsets[0].collectedAt + offsets[0].offset : Number.NEGATIVE_INFINITY;
  const flag = new Uint8Array(1);
  const time = new Float64Array(1);
  let nextOffset = 0;
  let sample = 0;
  let block: SampleWindow | undefined;
  let blockStart = 0;
  return async () => {
    if (sample >= stream.nSamples) return undefined;
    if (block === undefined || sample >= blockStart + block.deviceTime.length) {
      block = await source.read(stream.id, { fromSample: sample, nSamples: MARKER_BLOCK });
      blockStart = sample;
      if (block.deviceTime.length === 0) return undefined;
    }
    const k = sample++ - blockStart;
    const offline = block.sessionTime[k]!;
    const nChannels = stream.channels.length;
    const text = block.text?.slice(k * nChannels, (k + 1) * nChannels) ?? [];
    if (alignment === "offline")
      return { at: offline, rank: RANK.event, order, inputs: markerInput(stream, text, offline) };
    const due = Math.max(offline, known);
    for (let o = offsets[nextOffset]; o && o.collectedAt + o.offset <= due; o = offsets[++nextOffset])
      clock.addOffset(o.collectedAt, o.offset);
    clock.push(block.deviceTime.subarray(k, k + 1), 1, time, flag);
    return { at: due, rank: RANK.event, order, inputs: markerInput(stream, text, time[0]!) };
  };
}
