import { type FileHandle, open } from "node:fs/promises";
import type { Channel } from "@attune/signal";
import { RecordingError } from "../errors.ts";
import {
  encodeBoundary,
  encodeClockOffset,
  encodeMarkup,
  encodeSamples,
  type SampleValues,
} from "./encode-chunk.ts";
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

interface WrittenStream {
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
};

/**
 * Writes XDF 1.0, append-only: what is written stays as it is, so a killed recording can be read up to its last whole
 * chunk. `boundary` writes the mark that readers find their way back by and makes what was written durable
 * (fdatasync); call it every few seconds. `close` adds the footers, which are useful but not needed.
 *
 * Streams may be added at any time. Calls may be made without awaiting each other; they are written in order.
 */
export class XdfWriter {
  readonly #handle: FileHandle;
  readonly #streams = new Map<number, WrittenStream>();
  #queue: Promise<unknown> = Promise.resolve();
  #bytes = 0;
  #closed = false;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /**
   * Create a file; an existing one is an error, because a recording is never overwritten.
   *
   * @param header more elements of the file header, such as `datetime`
   */
  static async create(path: string, header: { readonly [tag: string]: XmlValue } = {}): Promise<XdfWriter> {
    const handle = await open(path, "wx").catch((cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === "EEXIST" ? "the file is there already, choose another name" : cause.message;
      throw new RecordingError(`Cannot write ${path}: ${reason}.`, { cause });
    });
    const writer = new XdfWriter(handle);
    await writer.#append(new TextEncoder().encode("XDF:"));
    await writer.#append(encodeMarkup(TAG.fileHeader, xmlDocument({ version: "1.0", ...header })));
    return writer;
  }

  /** Bytes written so far. */
  get bytesWritten(): number {
    return this.#bytes;
  }

  async addStream(streamId: number, info: XdfStreamInfo): Promise<void> {
    if (this.#streams.has(streamId))
      throw new RecordingError(`Stream ${streamId} was added to this file already.`);
    if (!Number.isInteger(streamId) || streamId < 0 || streamId > 0xffffffff)
      throw new RecordingError(`A stream id must be an integer from 0 to 4294967295, got ${streamId}.`);
    if (!isChannelFormat(info.format) || info.channels.length === 0 || !(info.nominalSamplingRate >= 0))
      throw new RecordingError(`Stream ${streamId} needs channels, a known format and a rate of 0 or more.`);
    this.#streams.set(streamId, { info, offsets: [], firstStamp: 0, lastStamp: 0, nSamples: 0 });
    const described = info.channels.map(({ label, unit }) => ({ label, unit, type: info.type }));
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
    await this.#append(encodeMarkup(TAG.streamHeader, document, streamId));
  }

  /**
   * Append samples. Values are copied before the call returns.
   *
   * @param values `data` `[nChannels, nSamples]` channel-major for numbers, `integers` for exact int64, `text` sample by
   *   sample for strings
   * @param stamps `[nSamples]`, seconds on the stream's clock
   */
  async writeSamples(streamId: number, stamps: Float64Array, values: SampleValues): Promise<void> {
    const stream = this.#find(streamId);
    const { format, channels, nominalSamplingRate } = stream.info;
    if (stamps.length === 0) return;
    const given =
      format === "string" ? values.text : format === "int64" ? (values.integers ?? values.data) : values.data;
    const expected = stamps.length * channels.length;
    if (given?.length !== expected)
      throw new RecordingError(
        `Stream ${streamId} expected ${channels.length} x ${stamps.length} = ${expected} values, got ${given?.length ?? "none"}.`,
      );
    if (!stamps.every(Number.isFinite))
      throw new RecordingError(`Stream ${streamId}: a time stamp is not a finite number.`);
    const range = INTEGER_RANGE[format];
    const misfit =
      range && values.data?.find((x) => !(Number.isInteger(x) && x >= range[0] && x <= range[1]));
    if (misfit !== undefined)
      throw new RecordingError(`Stream ${streamId}: ${misfit} does not fit ${format}.`);
    if (stream.nSamples === 0) stream.firstStamp = stamps[0]!;
    const chunk = encodeSamples(
      streamId,
      format,
      channels.length,
      nominalSamplingRate,
      stamps,
      values,
      stream.nSamples === 0 ? Number.NaN : stream.lastStamp,
    );
    stream.lastStamp = stamps[stamps.length - 1]!;
    stream.nSamples += stamps.length;
    await this.#append(chunk);
  }

  /** One measured offset: recorder time = stream time + offset. A failed measurement must not be written. */
  async writeClockOffset(streamId: number, collectedAt: number, offset: number): Promise<void> {
    const stream = this.#find(streamId);
    if (!Number.isFinite(collectedAt) || !Number.isFinite(offset))
      throw new RecordingError(
        `Stream ${streamId}: a clock offset must be finite, got ${collectedAt}, ${offset}.`,
      );
    stream.offsets.push([collectedAt, offset]);
    await this.#append(encodeClockOffset(streamId, collectedAt, offset));
  }

  /** Mark a place to find the way back by, and make everything so far durable. */
  async boundary(): Promise<void> {
    await this.#append(encodeBoundary());
    await this.#enqueue(() => this.#handle.datasync());
  }

  /** Write the footers and close the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const [streamId, { firstStamp, lastStamp, nSamples, offsets }] of this.#streams) {
      const document = xmlDocument({
        first_timestamp: firstStamp,
        last_timestamp: lastStamp,
        sample_count: nSamples,
        clock_offsets: { offset: offsets.map(([time, value]) => ({ time, value })) },
      });
      void this.#append(encodeMarkup(TAG.streamFooter, document, streamId));
    }
    this.#closed = true;
    await this.#enqueue(() => this.#handle.datasync());
    await this.#handle.close();
  }

  #find(streamId: number): WrittenStream {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) throw new RecordingError(`Stream ${streamId} was not added to this file.`);
    return stream;
  }

  #append(chunk: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new RecordingError("The recording was closed already."));
    this.#bytes += chunk.length;
    return this.#enqueue(async () => {
      let written = 0;
      while (written < chunk.length)
        written += (await this.#handle.write(chunk, written, chunk.length - written)).bytesWritten;
    });
  }

  /** After a failed write nothing more is written: the file would have a hole. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done;
    done.catch(() => {});
    return done;
  }
}
