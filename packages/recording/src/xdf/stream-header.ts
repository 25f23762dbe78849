import type { Channel } from "@attune/signal";
import { type ChannelFormat, isChannelFormat, VALUE_BYTES } from "./format.ts";
import { childOf, childrenOf, decimalOf, parseInfo, salvageText, textOf, type XmlTree } from "./xml.ts";

/** What a stream says about itself. */
export interface XdfStreamHeader {
  /** The file's own number of the stream. */
  readonly streamId: number;
  readonly name: string;
  readonly type: string;
  readonly channels: readonly Channel[];
  readonly nominalSamplingRate: number;
  readonly format: ChannelFormat;
  readonly sourceId: string;
  readonly hostname: string;
  /** Code of the participant who wore it (`desc/participant/id`); empty when the header does not say. */
  readonly participant: string;
  /** Frames may be missing by design (cameras): stamps must not be put on a line. */
  readonly canDropSamples: boolean;
  /** Everything under `<info>`. */
  readonly info: XmlTree;
}

/** More channels or wider samples than this are a damaged number, not an amplifier. */
const MAX_CHANNELS = 65_536;

/**
 * Read a stream header. A missing name, type or description is fine; without a channel count and a format there is
 * no way to read samples, and the answer is the reason as text.
 */
export function parseStreamHeader(streamId: number, text: string): XdfStreamHeader | string {
  const info = parseInfo(text);
  const field = (tag: string): string => (info ? textOf(info, tag) : salvageText(text, tag));
  const count = decimalOf(field("channel_count"));
  if (!Number.isInteger(count) || count < 1 || count > MAX_CHANNELS)
    return `its channel count is "${field("channel_count").slice(0, 40)}"`;
  const format = field("channel_format");
  if (!isChannelFormat(format)) return `its channel format is "${format.slice(0, 40)}"`;
  const rate = decimalOf(field("nominal_srate"));
  const desc = childOf(info, "desc");
  const described = childrenOf(childOf(desc, "channels"), "channel");
  const channels = Array.from({ length: count }, (_, c) => ({
    label: textOf(described[c], "label") || `channel ${c + 1}`,
    unit: textOf(described[c], "unit"),
  }));
  return {
    streamId,
    name: field("name"),
    type: field("type"),
    channels,
    nominalSamplingRate: rate > 0 && Number.isFinite(rate) ? rate : 0,
    format,
    sourceId: field("source_id"),
    hostname: field("hostname"),
    participant: textOf(childOf(desc, "participant"), "id"),
    canDropSamples: textOf(childOf(desc, "synchronization"), "can_drop_samples") === "true",
    info: info ?? {},
  };
}

/** Bytes of one sample's values; 0 for strings, whose length varies. */
export const sampleBytes = (header: XdfStreamHeader): number =>
  header.channels.length * VALUE_BYTES[header.format];

export interface XdfFooter {
  readonly firstTimestamp: number;
  readonly lastTimestamp: number;
  /** NaN when the footer does not say. */
  readonly sampleCount: number;
}

/** Read a footer, however broken. Undefined when nothing in it can be used. */
export function parseFooter(text: string): XdfFooter | undefined {
  const info = parseInfo(text);
  const number = (tag: string): number => decimalOf(info ? textOf(info, tag) : salvageText(text, tag));
  const footer = {
    firstTimestamp: number("first_timestamp"),
    lastTimestamp: number("last_timestamp"),
    sampleCount: number("sample_count"),
  };
  return Object.values(footer).every(Number.isNaN) ? undefined : footer;
}
