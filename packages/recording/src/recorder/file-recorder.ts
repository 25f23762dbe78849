import { basename, dirname } from "node:path";
import type { DeviceOutput, SessionInput, Stream } from "@attune/signal";
import { DiskWatch } from "./disk-watch.ts";
import type { Journal } from "./journal.ts";
import type { Recorder } from "./recorder.ts";
import type { RecorderEvent, RecorderHealth, RecorderOptions, RecorderState } from "./recorder-options.ts";
import type { AppendFile, RecordingFiles } from "./recording-files.ts";
import { SessionEncoder } from "./session-encoder.ts";
import { WriteQueue } from "./write-queue.ts";

/** The recorder of one file that was just created. */
export class FileRecorder implements Recorder {
  readonly path: string;
  readonly #options: RecorderOptions;
  readonly #files: RecordingFiles;
  readonly #file: AppendFile;
  readonly #journal: Journal;
  readonly #queue: WriteQueue;
  readonly #encoder: SessionEncoder;
  readonly #disk: DiskWatch;
  readonly #maxQueueBytes: number;
  readonly #told = new Set<string>();
  /** Ends of boundary chunks that are not in the journal yet. */
  #boundaries: number[] = [];
  #state: RecorderState = "recording";
  #timer: { cancel(): void } | undefined;
  #lastBoundaryAt: number;
  #lastSyncAt: number;
  #syncing: Promise<void> | undefined;
  #failing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #overflowing = false;
  #leftOut = 0;
  #leftOutBefore = 0;

  constructor(options: RecorderOptions, files: RecordingFiles, file: AppendFile, journal: Journal) {
    const { now } = options;
    this.path = options.path;
    this.#options = options;
    this.#files = files;
    this.#file = file;
    this.#journal = journal;
    this.#queue = new WriteQueue(file, now);
    this.#maxQueueBytes = options.maxQueueBytes ?? 64 << 20;
    this.#disk = new DiskWatch(options.diskAlarmMinutes ?? [15, 5, 1]);
    this.#lastBoundaryAt = this.#lastSyncAt = now();
    this.#encoder = new SessionEncoder(
      options.session,
      (chunk) => this.#queue.push(chunk),
      (key, message) => {
        if (this.#told.has(key)) return;
        this.#told.add(key);
        this.#tell("refused", message);
      },
    );
  }

  /** The headers, durable: from here on there is a recording. */
  async begin(startedAt: string): Promise<void> {
    this.#encoder.start(startedAt);
    await this.#queue.flush();
    await this.#file.datasync();
    await this.#files.syncFolder(dirname(this.path));
    this.#disk.mark(this.#options.now(), this.#queue.bytesPushed);
    this.#schedule();
  }

  get health(): RecorderHealth {
    const now = this.#options.now();
    const { oldestAt, queuedBytes, bytesWritten, lastWriteAt } = this.#queue;
    return {
      state: this.#state,
      bytesWritten,
      bytesPerSecond: this.#disk.bytesPerSecond,
      lastWriteAgeSeconds: now - lastWriteAt,
      queueSeconds: Number.isNaN(oldestAt) ? 0 : now - oldestAt,
      queueBytes: queuedBytes + this.#encoder.recordBytes,
      freeDiskMinutes: this.#disk.freeMinutes,
      nLeftOut: this.#leftOut,
    };
  }

  addStream(stream: Stream): void {
    if (this.#isOpen) this.#encoder.addStream(stream);
  }

  write(item: DeviceOutput): void {
    if (!this.#isOpen || this.#isOverflowing() || !this.#encoder.take(item)) this.#leftOut++;
  }

  writeInput(input: SessionInput): void {
    if (!this.#isOpen) this.#leftOut++;
    else if (this.#isOverflowing()) {
      this.#encoder.skip();
      this.#leftOut++;
    } else if (!this.#encoder.note(input, this.#options.now())) this.#leftOut++;
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  get #isOpen(): boolean {
    return this.#state === "recording" && this.#closing === undefined;
  }

  #isOverflowing(): boolean {
    const waiting = this.#queue.queuedBytes + this.#encoder.recordBytes;
    if (!this.#overflowing && waiting > this.#maxQueueBytes) {
      this.#overflowing = true;
      this.#leftOutBefore = this.#leftOut;
      const megabytes = (waiting / 2 ** 20).toFixed(waiting < 2 ** 20 ? 3 : 0);
      this.#tell(
        "overflow",
        `The disk is too slow for ${basename(this.path)}: ${megabytes} MB wait to be written, and data are being lost; close what else uses the disk.`,
      );
    } else if (this.#overflowing && waiting <= this.#maxQueueBytes / 2) {
      this.#overflowing = false;
      this.#tell(
        "recovered",
        `${basename(this.path)} is being written again; ${this.#leftOut - this.#leftOutBefore} chunks and events are missing in it.`,
      );
    }
    return this.#overflowing;
  }

  #schedule(): void {
    this.#timer = this.#options.setTimer(() => {
      this.#schedule();
      this.#tick();
    }, this.#options.flushSeconds ?? 0.25);
  }

  #tick(): void {
    const { now, boundarySeconds = 3, syncSeconds = 1 } = this.#options;
    const at = now();
    this.#encoder.flushRecords();
    if (at - this.#lastBoundaryAt >= boundarySeconds) {
      this.#lastBoundaryAt = at;
      this.#boundary();
    }
    this.#disk.mark(at, this.#queue.bytesPushed);
    this.#queue.flush().catch((error: unknown) => this.#fail(error));
    if (at - this.#lastSyncAt < syncSeconds || this.#syncing !== undefined) return;
    this.#lastSyncAt = at;
    // Beside the writes: a slow fdatasync does not hold them up.
    this.#syncing = this.#sync()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  #boundary(): void {
    this.#encoder.boundary();
    this.#boundaries.push(this.#queue.bytesPushed);
  }

  /** What is in the file becomes durable, then its journal says so; and whether the file is still there and can grow. */
  async #sync(): Promise<void> {
    const written = this.#queue.bytesWritten;
    await this.#file.datasync();
    if (!(await this.#file.isLinked())) throw new GoneError();
    const durable = this.#boundaries.filter((end) => end <= written).at(-1);
    if (durable !== undefined) {
      this.#boundaries = this.#boundaries.filter((end) => end > durable);
      await this.#journal.add({ bytes: durable, at: this.#wallTime() });
    }
    const news = this.#disk.setFreeBytes(await this.#files.freeBytes(dirname(this.path)));
    if (news === undefined) return;
    const minutes = news.minutes < 2 ? news.minutes.toFixed(1) : news.minutes.toFixed(0);
    if (news.kind === "low")
      this.#tell(
        "disk-low",
        `The disk of ${basename(this.path)} will be full in ${minutes} minutes at the present rate; free some space or end the session in time.`,
      );
    else this.#tell("recovered", `The disk of ${basename(this.path)} has room for ${minutes} minutes again.`);
  }

  /** The first failure ends the recording; the session goes on without. */
  #fail(cause: unknown): Promise<void> {
    this.#failing ??= this.#stopAfter(cause);
    return this.#failing;
  }

  async #stopAfter(cause: unknown): Promise<void> {
    const { code, message } = cause as NodeJS.ErrnoException;
    const state = code === "ENOSPC" || code === "EDQUOT" ? "full" : "failed";
    this.#state = state;
    this.#timer?.cancel();
    this.#queue.drop();
    const reason =
      state === "full"
        ? "the disk is full"
        : cause instanceof GoneError
          ? "its file was deleted"
          : `it cannot be written any more (${message})`;
    const kept =
      cause instanceof GoneError
        ? "the recording is lost"
        : `everything before is kept (${this.#queue.bytesWritten} bytes)`;
    const sentence = `The recording ${this.path} has stopped, because ${reason}; ${kept}, and the session goes on without being recorded.`;
    this.#tell(state, sentence, cause);
    await this.#journal.add({ state, message: sentence, at: this.#wallTime() }).catch(() => {});
    await this.#journal.close().catch(() => {});
    await this.#file.close().catch(() => {});
  }

  async #finish(): Promise<void> {
    this.#timer?.cancel();
    if (this.#failing === undefined)
      try {
        this.#encoder.flushRecords();
        this.#boundary();
        this.#encoder.footers();
        while (this.#queue.queuedBytes > 0 && this.#failing === undefined) await this.#queue.flush();
        await this.#syncing;
        if (this.#failing === undefined) {
          await this.#file.datasync();
          if (!(await this.#file.isLinked())) throw new GoneError();
          await this.#file.close();
          this.#state = "closed";
          await this.#journal.remove();
          await this.#files.syncFolder(dirname(this.path));
        }
      } catch (error) {
        if (this.#state !== "closed") await this.#fail(error);
        else
          this.#tell(
            "refused",
            `${this.path} is complete, but its journal could not be removed: ${(error as Error).message}.`,
          );
      }
    await this.#failing;
  }

  #wallTime(): string {
    return (this.#options.wallClock ?? (() => new Date()))().toISOString();
  }

  #tell(kind: RecorderEvent["kind"], message: string, cause?: unknown): void {
    const event = { kind, message, at: this.#options.now() };
    try {
      this.#options.onEvent?.(cause === undefined ? event : { ...event, cause });
    } catch {
      // Recording matters more than whoever listens.
    }
  }
}

/** Nothing has the file's name any more. */
class GoneError extends Error {}
