import type { Channel } from "@attune/signal";
import { RecordingError } from "../errors.ts";
import { encodeClockOffset, encodeMarkup, encodeSamples, type SampleValues } from "./encode-chunk.ts";
import { type ChannelFormat, isChannelFormat, TAG } from "./format.ts";
import { type XmlValue, xmlDocument } from "./write-xml.ts";

/** What a stream's header shall say. */
export interface XdfStreamInfo {
  readonly name: string;
  readonly type: string;
  readonly channels: readonly Channel[];
  /** 0 for irregular streams. */
  readonly nominalSamplingRate: number;
  readonly format: ChannelFormat;
  readonly sourceId?: string;
  readonly hostname?: string;
  /** More elements under `<desc>`, beside `channels`. */
  readonly desc?: { readonly [tag: string]: XmlValue };
  /** More elements under `<info>`: `uid`, `created_at`, `session_id` ... */
  readonly info?: { readonly [tag: string]: XmlValue };
}

/** What a footer says. */
export interface FooterFacts {
  readonly firstStamp: number;
  readonly lastStamp: number;
  readonly nSamples: number;
  readonly offsets: readonly (readonly [time: number, value: number])[];
}

interface EncodedStream {
  readonly info: XdfStreamInfo;
  readonly offsets: [number, number][];
  firstStamp: number;
  lastStamp: number;
  nSamples: number;
}

/** Ranges of the integer formats; a value outside would wrap around silently. */
const INTEGER_RANGE: Partial<Record<ChannelFormat, readonly [number, number]>> = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  // The largest Float64 below 2^63.
  int64: [-(2 ** 63), 2 ** 63 - 1024],
};

/** First value that an integer format cannot hold as it is; undefined when all fit, and for other formats. */
export function misfitOf(data: Float64Array, format: ChannelFormat): number | undefined {
  const range = INTEGER_RANGE[format];
  return range && data.find((x) => !(Number.isInteger(x) && x >= range[0] && x <= range[1]));
}

export const encodeFooter = (
  streamId: number,
  { firstStamp, lastStamp, nSamples, offsets }: FooterFacts,
): Uint8Array =>
  encodeMarkup(
    TAG.streamFooter,
    xmlDocument({
      first_timestamp: firstStamp,
      last_timestamp: lastStamp,
      sample_count: nSamples,
      clock_offsets: { offset: offsets.map(([time, value]) => ({ time, value })) },
    }),
    streamId,
  );

/**
 * Turns streams, samples and clock offsets into the chunks of XDF 1.0 and keeps what the footers need. Touches no file;
 * what it refuses leaves no trace.
 */
export class XdfEncoder {
  readonly #streams = new Map<number, EncodedStream>();
  readonly #explicitStamps: boolean;

  /** @param options `explicitStamps`: write every stamp; by default one is left out where readers deduce it to the bit */
  constructor(options: { readonly explicitStamps?: boolean } = {}) {
    this.#explicitStamps = options.explicitStamps ?? false;
  }

  /** The beginning of a file. */
  fileHeader(header: { readonly [tag: string]: XmlValue }): Uint8Array {
    const chunk = encodeMarkup(TAG.fileHeader, xmlDocument({ version: "1.0", ...header }));
    const start = new Uint8Array(4 + chunk.length);
    start.set(new TextEncoder().encode("XDF:"));
    start.set(chunk, 4);
    return start;
  }

  addStream(streamId: number, info: XdfStreamInfo): Uint8Array {
    if (this.#streams.has(streamId))
      throw new RecordingError(`Stream ${streamId} was added to this file already.`);
    if (!Number.isInteger(streamId) || streamId < 0 || streamId > 0xffffffff)
      throw new RecordingError(`A stream id must be an integer from 0 to 4294967295, got ${streamId}.`);
    if (!isChannelFormat(info.format) || info.channels.length === 0 || !(info.nominalSamplingRate >= 0))
      throw new RecordingError(`Stream ${streamId} needs channels, a known format and a rate of 0 or more.`);
    this.#streams.set(streamId, { info, offsets: [], firstStamp: 0, lastStamp: 0, nSamples: 0 });
    const described = info.channels.map(({ label, unit, unitsPerCount }) => ({
      label,
      unit,
      type: info.type,
      ...(unitsPerCount === undefined ? {} : { units_per_count: unitsPerCount }),
    }));
    const document = xmlDocument({
      name: info.name,
      type: info.type,
      channel_count: info.channels.length,
      channel_format: info.format,
      source_id: info.sourceId ?? "",
      nominal_srate: info.nominalSamplingRate,
      hostname: info.hostname ?? "",
      ...info.info,
      desc: { channels: { channel: described }, ...info.desc },
    });
    return encodeMarkup(TAG.streamHeader, document, streamId);
  }

  /** The chunk, or undefined when there are no samples. Arguments as `XdfWriter.writeSamples` has them. */
  samples(streamId: number, stamps: Float64Array, values: SampleValues): Uint8Array | undefined {
    const stream = this.#find(streamId);
    const { format, channels, nominalSamplingRate } = stream.info;
    if (stamps.length === 0) return undefined;
    const given =
      format === "string" ? values.text : format === "int64" ? (values.integers ?? values.data) : values.data;
    const expected = stamps.length * channels.length;
    if (given?.length !== expected)
      throw new RecordingError(
        `Stream ${streamId} expected ${channels.length} x ${stamps.length} = ${expected} values, got ${given?.length ?? "none"}.`,
      );
    if (!stamps.every(Number.isFinite))
      throw new RecordingError(`Stream ${streamId}: a time stamp is not a finite number.`);
    const misfit =
      values.data && !(format === "int64" && values.integers) ? misfitOf(values.data, format) : undefined;
    if (misfit !== undefined)
      throw new RecordingError(`Stream ${streamId}: ${misfit} does not fit ${format}.`);
    const chunk = encodeSamples(
      streamId,
      format,
      channels.length,
      this.#explicitStamps ? 0 : nominalSamplingRate,
      stamps,
      values,
      stream.nSamples === 0 ? Number.NaN : stream.lastStamp,
    );
    if (stream.nSamples === 0) stream.firstStamp = stamps[0]!;
    stream.lastStamp = stamps[stamps.length - 1]!;
    stream.nSamples += stamps.length;
    return chunk;
  }

  clockOffset(streamId: number, collectedAt: number, offset: number): Uint8Array {
    const stream = this.#find(streamId);
    if (!Number.isFinite(collectedAt) || !Number.isFinite(offset))
      throw new RecordingError(
        `Stream ${streamId}: a clock offset must be finite, got ${collectedAt}, ${offset}.`,
      );
    stream.offsets.push([collectedAt, offset]);
    return encodeClockOffset(streamId, collectedAt, offset);
  }

  /** A footer for every stream. */
  footers(): Uint8Array[] {
    return [...this.#streams].map(([streamId, facts]) => encodeFooter(streamId, facts));
  }

  #find(streamId: number): EncodedStream {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) throw new RecordingError(`Stream ${streamId} was not added to this file.`);
    return stream;
  }
}
