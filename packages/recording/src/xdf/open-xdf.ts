import type { PointEvent, StateChange } from "@attune/signal";
import type { ByteSource } from "../bytes/byte-source.ts";
import { CachedSource } from "../bytes/cached-source.ts";
import { RecordingError } from "../errors.ts";
import { listMarkers } from "../marker-list.ts";
import { type Playable, playRecording } from "../play.ts";
import type { ContinuousRecording, PlayOptions, RecordedStream, SampleWindow, Timing } from "../recording.ts";
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
  const fitted = [...indexes.values()].map((index) => {
    const stamps = index.stamps?.takeArray() ?? new Float64Array(0);
    index.stamps = undefined;
    return { index, timing: fitTiming(index, stamps, timing) };
  });
  const epochSeconds = Math.min(...fitted.map((f) => f.timing.firstTime).filter(Number.isFinite));
  const epoch = Number.isFinite(epochSeconds) ? epochSeconds : 0;
  for (const { index, timing: t } of fitted)
    for (const { first, last } of t.excursions)
      damage.add({
        offset: index.runPosition.at(index.runOf(first)),
        bytes: 0,
        streamId: String(index.header.streamId),
        samplesLost: 0,
        what: `stamps of samples ${first} to ${last} stand apart from all others; their times come from the neighbours`,
      });
  const opened = new Map<string, OpenedStream>(
    fitted.map(({ index, timing: t }) => {
      const stream = describeStream(index, t, epoch);
      return [stream.id, { index, timing: t, stream }];
    }),
  );
  const streams = [...opened.values()].map((o) => o.stream);
  const cached = new CachedSource(source);

  const find = (streamId: string): OpenedStream => {
    const found = opened.get(streamId);
    if (found === undefined)
      throw new RecordingError(
        `${path} has no stream "${streamId}"; it has ${[...opened.keys()].join(", ")}.`,
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
  const lastTimes = streams.map((s) => s.lastTime).filter(Number.isFinite);
  return {
    kind: "continuous",
    path,
    format: "XDF",
    streams,
    damage: damage.entries,
    epochSeconds: epoch,
    durationSeconds: lastTimes.length > 0 ? Math.max(...lastTimes) : 0,
    fileHeader,
    streamHeader: (streamId) => find(streamId).index.header.info,
    read,
    events: async () => (await allMarkers()).filter((m): m is PointEvent => m.kind === "event"),
    stateChanges: async () => (await allMarkers()).filter((m): m is StateChange => m.kind === "state"),
    play: (options: PlayOptions) => playRecording(playable, options),
    sha256,
    close: () => cached.close(),
  };
}

function describeStream({ header }: XdfStreamIndex, timing: StreamTiming, epoch: number): RecordedStream {
  return {
    id: String(header.streamId),
    name: header.name,
    type: header.type,
    channels: header.channels,
    nominalSamplingRate: header.nominalSamplingRate,
    nSamples: timing.nSamples,
    firstTime: timing.firstTime - epoch,
    lastTime: timing.lastTime - epoch,
    effectiveSamplingRate: timing.effectiveSamplingRate,
    gaps: timing.gaps.map((gap) => ({ ...gap, start: gap.start - epoch })),
    clock: timing.clock,
    format: header.format,
    ...(header.participant === "" ? {} : { person: header.participant }),
    ...(header.hostname === "" ? {} : { host: header.hostname }),
  };
}
