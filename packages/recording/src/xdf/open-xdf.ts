import type { PointEvent, StateChange } from "@attune/signal";
import type { ByteSource } from "../bytes/byte-source.ts";
import { CachedSource } from "../bytes/cached-source.ts";
import { RecordingError } from "../errors.ts";
import { listMarkers } from "../marker-list.ts";
import { chooseStreams, type Playable, playRecording } from "../play.ts";
import type { ContinuousRecording, PlayOptions, RecordedStream, SampleWindow, Timing } from "../recording.ts";
import { playSession } from "../session/play-session.ts";
import { openSession } from "../session/recorded-session.ts";
import { parseLiveStream, parseSessionFacts } from "../session/session-header.ts";
import { SESSION_STREAM } from "../session/session-record.ts";
import type { SessionSource } from "../session/session-source.ts";
import { buildXdfIndex } from "./build-index.ts";
import { readXdfSamples } from "./read-samples.ts";
import type { XdfStreamIndex } from "./stream-index.ts";
import { fitTiming, type StreamTiming } from "./timing.ts";
import type { XmlTree } from "./xml.ts";

/** A recording in XDF, with what only XDF has. */
export interface XdfRecording extends ContinuousRecording {
  /** Everything under `<info>` of the file header. */
  readonly fileHeader: XmlTree;
  /** Everything under `<info>` of a stream's header. */
  streamHeader(streamId: string): XmlTree;
}

interface OpenedStream {
  readonly index: XdfStreamIndex;
  readonly timing: StreamTiming;
  readonly stream: RecordedStream;
  /** Id in the session that recorded it; the number in the file for streams of other recorders. */
  readonly liveId: string;
}

/**
 * Index an XDF file and fit its clocks.
 *
 * @param source the uncompressed bytes; closed by the recording's `close`
 * @param path   only for messages and the recording's `path`
 */
export async function openXdf(
  source: ByteSource,
  path: string,
  { timing = "gap-aware", sha256 }: { timing?: Timing; sha256: () => Promise<string> },
): Promise<XdfRecording> {
  const { fileHeader, streams: indexes, damage } = await buildXdfIndex(source);
  const session = [...indexes.values()].find(isSessionStream);
  const fitted = fitStreams([...indexes.values()], timing);
  const ofDevices = fitted.filter(({ index }) => index !== session);
  const firstTimes = ofDevices.map((f) => f.timing.firstTime).filter(Number.isFinite);
  const epoch = session !== undefined || firstTimes.length === 0 ? 0 : Math.min(...firstTimes);
  for (const { index, timing: t } of ofDevices)
    for (const { first, last } of t.excursions)
      damage.add({
        offset: index.runPosition.at(index.runOf(first)),
        bytes: 0,
        streamId: String(index.header.streamId),
        samplesLost: 0,
        what: `stamps of samples ${first} to ${last} stand apart from all others; their times come from the neighbours`,
      });
  const opened = new Map<string, OpenedStream>();
  for (const { index, timing: t } of ofDevices) {
    const stream = describeStream(index, t, epoch, opened);
    opened.set(stream.id, { index, timing: t, stream, liveId: liveIdOf(index) });
  }
  const streams = [...opened.values()].map((o) => o.stream);
  if (streams.every(({ nSamples }) => nSamples === 0))
    damage.add({
      offset: source.size,
      bytes: 0,
      what: `the recording is empty: ${streams.length === 0 ? "it has no streams" : "none of its streams has samples"}`,
    });
  const readable = session && parseSessionFacts(session.header.info) ? session : undefined;
  if (session !== undefined && readable === undefined)
    damage.add({
      offset: 0,
      bytes: 0,
      what: "the header of the session is damaged or of a newer version of Attune; the session cannot be replayed as it was",
    });
  const cached = new CachedSource(source);

  const find = (streamId: string): OpenedStream => {
    const found = opened.get(streamId);
    if (found === undefined)
      throw new RecordingError(
        `${path} has no stream "${streamId}"; it has ${[...opened.keys()].join(", ")}.`,
        { misuse: true },
      );
    return found;
  };
  const read = async (
    streamId: string,
    { fromSample, nSamples }: { fromSample: number; nSamples: number },
  ): Promise<SampleWindow> => {
    const { index, timing: t } = find(streamId);
    const first = Math.max(0, Math.min(t.nSamples, Math.floor(fromSample)));
    const count = Math.max(0, Math.min(Math.floor(nSamples), t.nSamples - first));
    const window = await readXdfSamples(cached, index, first, count);
    const sessionTime = new Float64Array(count);
    t.fill(sessionTime, first, window.deviceTime);
    for (let k = 0; k < count; k++) sessionTime[k]! -= epoch;
    const { data, deviceTime } = window;
    if (index.header.format === "string") return { data, deviceTime, sessionTime, text: window.text };
    if (index.header.format === "int64") return { data, deviceTime, sessionTime, integers: window.integers };
    return { data, deviceTime, sessionTime };
  };
  const playable: Playable = {
    path,
    streams,
    read,
    clockOffsets: (streamId) => {
      const { index, timing: t } = find(streamId);
      if (t.offsets.times.length > 0)
        return { times: t.offsets.times, values: t.offsets.values.map((value) => value - epoch) };
      // No offsets: the stream counts on the recorder's clock.
      const first = index.nSamples > 0 ? t.firstTime - 1 : 0;
      return { times: Float64Array.of(first), values: Float64Array.of(-epoch) };
    },
  };
  let markers: Promise<(PointEvent | StateChange)[]> | undefined;
  const allMarkers = (): Promise<(PointEvent | StateChange)[]> => {
    markers ??= listMarkers(playable);
    return markers;
  };
  const idOf = (number: string): string =>
    [...opened.values()].find((o) => String(o.index.header.streamId) === number)?.stream.id ?? number;
  const entries = damage.entries.map((entry) =>
    entry.streamId === undefined ? entry : { ...entry, streamId: idOf(entry.streamId) },
  );
  const sessionSource: SessionSource | undefined = readable && {
    path,
    streams: [...opened.values()].map(({ index, liveId, stream }) => ({
      number: index.header.streamId,
      liveId,
      stream,
    })),
    nRecords: readable.nSamples,
    isDamaged: entries.length > 0,
    readRecords: async (from, n) => (await readXdfSamples(cached, readable, from, n)).text,
    read,
  };
  const recorded = readable && sessionSource && openSession(readable.header.info, sessionSource);
  const lastTimes = streams.map((s) => s.lastTime).filter(Number.isFinite);
  return {
    kind: "continuous",
    path,
    format: "XDF",
    streams,
    damage: entries,
    ...(recorded === undefined ? {} : { session: recorded }),
    epochSeconds: epoch,
    durationSeconds: lastTimes.length > 0 ? Math.max(...lastTimes) : 0,
    fileHeader,
    streamHeader: (streamId) => find(streamId).index.header.info,
    read,
    events: async () => (await allMarkers()).filter((m): m is PointEvent => m.kind === "event"),
    stateChanges: async () => (await allMarkers()).filter((m): m is StateChange => m.kind === "state"),
    play: (options: PlayOptions) => {
      if (sessionSource === undefined || options.alignment === "offline" || options.order === "rule")
        return playRecording(playable, options);
      return playSession(sessionSource, { ...options, ...checkedStreams(playable, options) });
    },
    sha256,
    close: () => cached.close(),
  };
}

/** Fit one stream after the other, in one buffer: the stamps of a day are never spread out for two streams at once. */
function fitStreams(
  indexes: readonly XdfStreamIndex[],
  timing: Timing,
): { readonly index: XdfStreamIndex; readonly timing: StreamTiming }[] {
  const buffer = new Float64Array(indexes.reduce((most, { nSamples }) => Math.max(most, nSamples), 0));
  return indexes.map((index) => {
    const stamps = buffer.subarray(0, index.stamps?.length ?? 0);
    index.stamps?.copyTo(stamps);
    index.stamps = undefined;
    return { index, timing: fitTiming(index, stamps, timing) };
  });
}

const isSessionStream = ({ header }: XdfStreamIndex): boolean =>
  header.name === SESSION_STREAM.name &&
  header.type === SESSION_STREAM.type &&
  header.format === "string" &&
  header.channels.length === 1;

const liveIdOf = ({ header }: XdfStreamIndex): string =>
  parseLiveStream(header.info)?.id ?? String(header.streamId);

/** Asking for a stream or channel that is not there is a mistake in a recorded order, too. */
function checkedStreams(source: Playable, options: PlayOptions): Pick<PlayOptions, "streams"> {
  const chosen = chooseStreams(source, options);
  return options.streams === undefined ? {} : { streams: chosen.map(({ stream }) => stream.id) };
}

/**
 * A stream as it is shown. One that Attune recorded keeps the id of its session; where the session went on with it as another
 * stream of the file, that one's number is added.
 */
function describeStream(
  index: XdfStreamIndex,
  timing: StreamTiming,
  epoch: number,
  others: ReadonlyMap<string, unknown>,
): RecordedStream {
  const { header } = index;
  const live = parseLiveStream(header.info);
  const liveId = liveIdOf(index);
  const { sourceId, description } = live ?? {};
  return {
    id: others.has(liveId) ? `${liveId}#${header.streamId}` : liveId,
    name: header.name,
    type: header.type,
    channels: live?.channels.length === header.channels.length ? live.channels : header.channels,
    nominalSamplingRate: header.nominalSamplingRate,
    nSamples: timing.nSamples,
    firstTime: timing.firstTime - epoch,
    lastTime: timing.lastTime - epoch,
    effectiveSamplingRate: timing.effectiveSamplingRate,
    gaps: timing.gaps.map((gap) => ({ ...gap, start: gap.start - epoch })),
    clock: timing.clock,
    format: header.format,
    ...(live === undefined ? {} : { sampleFormat: header.format }),
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(description === undefined ? {} : { description }),
    ...(header.participant === "" ? {} : { person: header.participant }),
    ...(header.hostname === "" ? {} : { host: header.hostname }),
  };
}
