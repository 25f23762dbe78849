import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "../errors.ts";
import { encodeBoundary, type SampleValues } from "./encode-chunk.ts";
import type { XmlValue } from "./write-xml.ts";
import { XdfEncoder, type XdfStreamInfo } from "./xdf-encoder.ts";

/**
 * Writes XDF 1.0, append-only: what is written stays as it is, so a killed recording can be read up to its last whole
 * chunk. `boundary` writes the mark that readers find their way back by and makes what was written durable
 * (fdatasync); call it every few seconds. `close` adds the footers, which are useful but not needed.
 *
 * Streams may be added at any time. Calls may be made without awaiting each other; they are written in order.
 */
export class XdfWriter {
  readonly #handle: FileHandle;
  readonly #encoder = new XdfEncoder();
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
    await writer.#append(writer.#encoder.fileHeader(header));
    return writer;
  }

  /** Bytes written so far. */
  get bytesWritten(): number {
    return this.#bytes;
  }

  async addStream(streamId: number, info: XdfStreamInfo): Promise<void> {
    this.#refuseWhenClosed();
    await this.#append(this.#encoder.addStream(streamId, info));
  }

  /**
   * Append samples. Values are copied before the call returns.
   *
   * @param values `data` `[nChannels, nSamples]` channel-major for numbers, `integers` for exact int64, `text` sample by
   *   sample for strings
   * @param stamps `[nSamples]`, seconds on the stream's clock
   */
  async writeSamples(streamId: number, stamps: Float64Array, values: SampleValues): Promise<void> {
    this.#refuseWhenClosed();
    const chunk = this.#encoder.samples(streamId, stamps, values);
    if (chunk !== undefined) await this.#append(chunk);
  }

  /** One measured offset: recorder time = stream time + offset. A failed measurement must not be written. */
  async writeClockOffset(streamId: number, collectedAt: number, offset: number): Promise<void> {
    this.#refuseWhenClosed();
    await this.#append(this.#encoder.clockOffset(streamId, collectedAt, offset));
  }

  /** Mark a place to find the way back by, and make everything so far durable. */
  async boundary(): Promise<void> {
    this.#refuseWhenClosed();
    await this.#append(encodeBoundary());
    await this.#enqueue(() => this.#handle.datasync());
  }

  /** Write the footers and close the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const footer of this.#encoder.footers()) void this.#append(footer);
    // The file is closed even if it could not be written to the end.
    try {
      await this.#enqueue(() => this.#handle.datasync());
    } finally {
      await this.#handle.close();
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new RecordingError("The recording was closed already.");
  }

  #append(chunk: Uint8Array): Promise<void> {
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
