import type { DeviceOutput, Seconds } from "@attune/signal";
import { type Observable, Subject } from "rxjs";
import { eventWords } from "./event-words.ts";
import { type LogDisk, LogFile } from "./log-file.ts";
import type { LogEntry } from "./session-log.ts";

/** Rows of before the recording that are kept for the table. */
const MOST_EARLY = 3000;

/**
 * Everything that a session tells in words: its log, and markers, notes and overrides as they enter. From the moment at which there
 * is a recording it stands as a table beside it, with what was told before.
 */
export class EventLog {
  readonly #disk: LogDisk | undefined;
  readonly #entries = new Subject<LogEntry>();
  #early: LogEntry[] = [];
  #file: LogFile | undefined;
  #isClosed = false;

  constructor(disk?: LogDisk) {
    this.#disk = disk;
  }

  get entries(): Observable<LogEntry> {
    return this.#entries;
  }

  add(entry: LogEntry): void {
    if (this.#isClosed) return;
    if (this.#file !== undefined) this.#file.add(entry);
    else {
      this.#early.push(entry);
      if (this.#early.length > MOST_EARLY) this.#early.shift();
    }
    this.#entries.next(entry);
  }

  /** What entered the session, where it is something to be told; coded rows have a table of their own. */
  enter(output: DeviceOutput, beganAt: Seconds): void {
    if (output.kind !== "event" || output.source === "coding") return;
    const { at, label, source } = output;
    this.add({ at, level: "info", source, message: eventWords(label, beganAt) });
  }

  /** From now on, and from the beginning. @param beganAt session time at which the recording begins @param onTrouble told in words when rows cannot be written, undefined when they can again */
  writeBeside(
    recordingPath: string,
    beganAt: Seconds,
    onTrouble: (sentence: string | undefined) => void,
  ): void {
    if (this.#file !== undefined) return;
    this.#file = new LogFile(recordingPath.replace(/\.xdf$/i, ".log.tsv"), beganAt, onTrouble, this.#disk);
    for (const entry of this.#early) this.#file.add(entry);
    this.#early = [];
  }

  /** Writes what waits; a disk that does not take it is told. Nothing more is told then. Never rejects. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#isClosed = true;
    this.#entries.complete();
  }
}
