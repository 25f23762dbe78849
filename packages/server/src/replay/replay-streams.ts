import type { SessionFile } from "@attune/live";
import type { PersonMontage } from "@attune/pipeline";
import type { RecordedStream } from "@attune/recording";
import type { PageStream } from "@attune/wire/page";
import { ownerOf } from "../live/stream-people.ts";

type Assigned = Parameters<typeof ownerOf>[2][number];

/** Streams of a recorded session's devices with whose channels they are, as its session file says. */
export function recordedStreams(streams: readonly RecordedStream[], file: SessionFile): PageStream[] {
  const devices = Object.keys(file.devices);
  return streams.flatMap((stream) => {
    const device = devices.find((id) => isOf(stream, id));
    // States and events are streams of the recording, not of a device.
    if (device === undefined) return [];
    const own = file.streams.flatMap((assignment): Assigned[] =>
      assignment.device === device && isMeant(stream, assignment, streams) ? [{ assignment, stream }] : [],
    );
    return pageStream(stream, device, own);
  });
}

/** Streams of somebody else's recording: the people that are analysed, and whoever the recording itself names. */
export function foreignStreams(
  streams: readonly RecordedStream[],
  montages: readonly PersonMontage[],
): PageStream[] {
  return streams.map((stream) => {
    const worn = montages.filter(({ streamId }) => streamId === stream.id);
    const own = worn.map(({ person, channels }): Assigned => {
      const labels = channels.map(({ label }) => label);
      return { assignment: { person: person.id, signal: "eeg", device: "", channels: labels }, stream };
    });
    const page = pageStream(stream, stream.host ?? "", own);
    const { person } = stream;
    if (own.length > 0 || person === undefined) return page;
    return { ...page, channels: page.channels.map((channel) => ({ ...channel, person })) };
  });
}

function pageStream(stream: RecordedStream, device: string, own: readonly Assigned[]): PageStream {
  return {
    id: stream.id,
    name: stream.name,
    device,
    type: stream.type,
    samplingRate: stream.format === "string" ? 0 : stream.nominalSamplingRate,
    channels: stream.channels.map(({ label, unit }) => ({ label, unit, ...ownerOf(label, stream, own) })),
  };
}

/** Stream ids begin with the id of their device; another layout goes on under the same id with a number. */
function isOf({ id }: RecordedStream, device: string): boolean {
  const plain = id.replace(/#\d+$/, "");
  return plain === device || plain.startsWith(`${device}/`);
}

function isMeant(
  stream: RecordedStream,
  { device, stream: wanted }: SessionFile["streams"][number],
  streams: readonly RecordedStream[],
): boolean {
  if (stream.nominalSamplingRate <= 0) return false;
  if (wanted !== undefined) return stream.name === wanted || stream.id.replace(/#\d+$/, "") === wanted;
  return streams.filter((each) => each.nominalSamplingRate > 0 && isOf(each, device)).length === 1;
}
