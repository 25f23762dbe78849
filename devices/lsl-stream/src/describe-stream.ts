import type { DescriptionElement, StreamInfo } from "@attune/lsl";
import type { Channel, Stream } from "@attune/signal";

/**
 * The stream as the session knows it, from the full info. Labels and units are the sender's (XDF convention
 * `desc/channels/channel`); a channel without a label has its number, from 1. What else the sender says about itself stands in
 * `description` under its path in `<desc>`: `acquisition.manufacturer`.
 */
export function describeStream(id: string, info: StreamInfo, declaredLatencySeconds: number): Stream {
  return {
    id,
    name: info.name,
    type: info.type,
    channels: channelsOf(info),
    nominalSamplingRate: info.nominalSamplingRate,
    sampleFormat: info.channelFormat,
    ...(info.sourceId === "" ? {} : { sourceId: info.sourceId }),
    description: {
      ...leavesOf(info.description.filter(({ name }) => name !== "channels")),
      ...channelTypesOf(info),
      hostname: info.hostname,
      uid: info.uid,
      declaredLatencySeconds,
    },
  };
}

/** Labels and units of the channels, in their order. */
export function channelsOf(info: StreamInfo): Channel[] {
  return Array.from({ length: info.channelCount }, (_, c) => ({
    label: info.channels[c]?.label || String(c + 1),
    unit: info.channels[c]?.unit ?? "",
  }));
}

/** Types of the channels where they differ from that of the stream: an ECG electrode in an EEG stream. */
function channelTypesOf(info: StreamInfo): Record<string, string> {
  const types = info.channels.map(({ type }) => type);
  return types.some((type) => type !== "" && type !== info.type) ? { channelTypes: types.join(",") } : {};
}

function leavesOf(elements: readonly DescriptionElement[], path = ""): Record<string, string> {
  const leaves: Record<string, string> = {};
  const seen = new Map<string, number>();
  for (const { name, value, children } of elements) {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const here = `${path}${name}${times > 1 ? `[${times}]` : ""}`;
    if (value.trim() !== "") leaves[here] = value.trim();
    Object.assign(leaves, leavesOf(children, `${here}.`));
  }
  return leaves;
}
