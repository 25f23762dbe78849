import type { Seconds } from "@attune/signal";
import type { AppendFile } from "./recording-files.ts";

/** Written in one go: keeps the copy that a write needs small. */
const BATCH_BYTES = 4 << 20;

/** Bytes on their way to a file: one write at a time, in order, off the path of whoever brings them. */
export class WriteQueue {
  readonly #file: AppendFile;
  readonly #now: () => Seconds;
  #waiting: { readonly bytes: Uint8Array; readonly at: Seconds }[] = [];
  #inFlight = 0;
  #inFlightSince = Number.NaN;
  #queued = 0;
  #flushing: Promise<void> | undefined;

  /** Everything that was ever pushed, and what of it is in the file. */
  bytesPushed = 0;
  bytesWritten = 0;
  lastWriteAt: Seconds;

  constructor(file: AppendFile, now: () => Seconds) {
    this.#file = file;
    this.#now = now;
    this.lastWriteAt = now();
  }

  get queuedBytes(): number {
    return this.#queued + this.#inFlight;
  }

  /** When the oldest bytes that are not in the file arrived; NaN when all are. */
  get oldestAt(): Seconds {
    return this.#inFlight > 0 ? this.#inFlightSince : (this.#waiting[0]?.at ?? Number.NaN);
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, at: this.#now() });
    this.#queued += bytes.length;
    this.bytesPushed += bytes.length;
  }

  /** Write everything that waits. Called while a write is under way it joins that one. */
  flush(): Promise<void> {
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Forget what waits: the file cannot take it any more. */
  drop(): void {
    this.#waiting = [];
    this.#queued = 0;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#file.append(batch);
      } finally {
        this.#inFlight = 0;
      }
      this.bytesWritten += batch.length;
      this.lastWriteAt = this.#now();
    }
  }

  #takeBatch(): Uint8Array {
    let length = this.#waiting[0]!.bytes.length;
    let n = 1;
    while (n < this.#waiting.length && length + this.#waiting[n]!.bytes.length <= BATCH_BYTES)
      length += this.#waiting[n++]!.bytes.length;
    this.#inFlightSince = this.#waiting[0]!.at;
    this.#inFlight = length;
    this.#queued -= length;
    const taken = this.#waiting.splice(0, n);
    if (n === 1) return taken[0]!.bytes;
    const batch = new Uint8Array(length);
    let at = 0;
    for (const { bytes } of taken) {
      batch.set(bytes, at);
      at += bytes.length;
    }
    return batch;
  }
}
