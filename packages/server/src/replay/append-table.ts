import { type FileHandle, open } from "node:fs/promises";

type File = Pick<FileHandle, "appendFile" | "datasync" | "close" | "read" | "stat">;

/** How rows get into a file; tests give one that fails. */
export interface TableDisk {
  open(path: string): Promise<File>;
}

const machineDisk: TableDisk = { open: (path) => open(path, "a+") };
const MOST_WAITING = 20_000;
const LINE_FEED = 10;

/**
 * A tab-separated table that only grows, written and flushed as rows come; rows of earlier times stay. A disk that fails is told
 * once; what could not be written waits for the next row.
 */
export class AppendTable {
  readonly path: string;
  readonly #header: string;
  readonly #disk: TableDisk;
  readonly #onTrouble: (code: string | undefined) => void;
  #waiting: string[] = [];
  #file: File | undefined;
  #writing: Promise<void> | undefined;
  #isFailing = false;

  /** @param onTrouble told why rows cannot be written, and undefined when they can again */
  constructor(
    path: string,
    columns: readonly string[],
    onTrouble: (code: string | undefined) => void,
    disk: TableDisk = machineDisk,
  ) {
    this.path = path;
    this.#header = `${columns.join("\t")}\n`;
    this.#onTrouble = onTrouble;
    this.#disk = disk;
  }

  /** What was written is not on the disk. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  add(cells: readonly (string | number)[]): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(`${cells.map(cell).join("\t")}\n`);
    this.#writing ??= this.#write();
  }

  /** Resolves when what was added is on the disk, or cannot be: what waited for a disk that failed is tried again. */
  async written(): Promise<void> {
    if (this.#waiting.length > 0) this.#writing ??= this.#write();
    await this.#writing;
  }

  /** Writes what waits and closes. Never rejects. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) await this.#write();
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    // Rows of one moment go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const count = this.#waiting.length;
      try {
        this.#file ??= await this.#open();
        await this.#file.appendFile(this.#waiting.slice(0, count).join(""));
        this.#waiting.splice(0, count);
        await this.#file.datasync();
        if (this.#isFailing) this.#onTrouble(undefined);
        this.#isFailing = false;
      } catch (error) {
        const isNew = !this.#isFailing;
        this.#isFailing = true;
        await this.#file?.close().catch(() => {});
        this.#file = undefined;
        if (isNew) this.#onTrouble((error as NodeJS.ErrnoException).code ?? String(error));
        break;
      }
    }
    this.#writing = undefined;
  }

  /** A new table begins with its header; a line that was cut off by a crash is ended. */
  async #open(): Promise<File> {
    const file = await this.#disk.open(this.path);
    const { size } = await file.stat();
    if (size === 0) await file.appendFile(this.#header);
    else {
      const last = new Uint8Array(1);
      await file.read(last, 0, 1, size - 1);
      if (last[0] !== LINE_FEED) await file.appendFile("\n");
    }
    return file;
  }
}

/** A cell of a table holds no tabs and no new lines. */
const cell = (value: string | number): string => String(value).replace(/[\t\r\n]+/g, " ");
