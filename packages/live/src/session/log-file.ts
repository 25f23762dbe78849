import { type FileHandle, open } from "node:fs/promises";
import type { Seconds } from "@attune/signal";
import type { LogEntry } from "./session-log.ts";

const HEADER = "onset\tlevel\tsource\tmessage\trecording_time\tspell\tspell_over\n";
/** As in BIDS. */
const MISSING = "n/a";
const MOST_WAITING = 20_000;

/** How rows get into a file; tests give one that fails. */
export interface LogDisk {
  open(path: string): Promise<Pick<FileHandle, "appendFile" | "datasync" | "close">>;
}

const machineDisk: LogDisk = { open: (path) => open(path, "a") };

/**
 * The event log as a table beside the recording, tab-separated, written and flushed as it grows. A disk that fails is told once;
 * what could not be written waits for the next row, and the session goes on.
 *
 * `onset` is seconds on the session clock, like all times in the recording; `recording_time` is seconds since Begin, as the page shows
 * them, negative before it. Rows about one trouble that lasts carry one number in `spell`, and `spell_over` is `yes` in the row that ends
 * it: a spell without such a row lasted to the end. Both are `n/a` for what just happened.
 */
export class LogFile {
  readonly path: string;
  readonly #disk: LogDisk;
  readonly #beganAt: Seconds;
  readonly #onTrouble: (message: string | undefined) => void;
  #waiting = HEADER;
  #nWaiting = 0;
  #file: Awaited<ReturnType<LogDisk["open"]>> | undefined;
  #writing: Promise<void> | undefined;
  #isFailing = false;

  /** @param beganAt session time at which the recording begins @param onTrouble told in words when rows cannot be written, and undefined when they can again */
  constructor(
    path: string,
    beganAt: Seconds,
    onTrouble: (message: string | undefined) => void,
    disk: LogDisk = machineDisk,
  ) {
    this.path = path;
    this.#beganAt = beganAt;
    this.#onTrouble = onTrouble;
    this.#disk = disk;
  }

  add({ at, level, source, message, spell }: LogEntry): void {
    if (this.#nWaiting >= MOST_WAITING) return;
    this.#nWaiting++;
    const since = (at - this.#beganAt).toFixed(3);
    const marks = spell === undefined ? [MISSING, MISSING] : [`${spell.id}`, spell.isOver ? "yes" : "no"];
    this.#waiting += `${[at.toFixed(3), level, source, message, since, ...marks].map(cell).join("\t")}\n`;
    this.#writing ??= this.#write();
  }

  /** Writes what waits and closes. Never rejects. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#waiting !== "") await this.#write();
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    // Rows of one moment go together.
    await Promise.resolve();
    while (this.#waiting !== "") {
      const text = this.#waiting;
      const count = this.#nWaiting;
      try {
        this.#file ??= await this.#disk.open(this.path);
        await this.#file.appendFile(text);
        this.#waiting = this.#waiting.slice(text.length);
        this.#nWaiting -= count;
        await this.#file.datasync();
        if (this.#isFailing) this.#tell(undefined);
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) this.#tell((error as NodeJS.ErrnoException).code ?? String(error));
        this.#isFailing = true;
        await this.#file?.close().catch(() => {});
        this.#file = undefined;
        break;
      }
    }
    this.#writing = undefined;
  }

  #tell(code: string | undefined): void {
    // Not from within the write: what is told becomes a row itself.
    queueMicrotask(() =>
      this.#onTrouble(
        code === undefined
          ? undefined
          : `the event log ${this.path} cannot be written (${code}): free space or mend the disk; the rows wait`,
      ),
    );
  }
}

/** A cell of a table holds no tabs and no new lines. */
const cell = (text: string): string => text.replace(/[\t\r\n]+/g, " ");
