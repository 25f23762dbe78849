import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { AppendFile, RecordingFiles } from "./recording-files.ts";

/** The file beside a recording that is there as long as the recording is not finished: JSON lines. */
export const journalOf = (recording: string): string => `${recording}.journal`;

/** First line. */
export interface JournalStart {
  readonly attuneJournal: 1;
  readonly session: string;
  /** ISO 8601. */
  readonly started: string;
  readonly processId: number;
  /** Tells this computer from others that see the same folder, without naming it. */
  readonly machine: string;
}

/** A boundary chunk ends at byte `bytes`, and everything before it is durable. */
export interface JournalMark {
  readonly bytes: number;
  readonly at: string;
}

/** The recording stopped early. */
export interface JournalStop {
  readonly state: "full" | "failed";
  readonly message: string;
  readonly at: string;
}

/** A repair has begun: the bytes from `from` on were `length` bytes, and a copy of them is in `tail`. */
export interface JournalRepair {
  readonly repair: { readonly from: number; readonly length: number; readonly tail: string };
}

export type JournalLine = JournalStart | JournalMark | JournalStop | JournalRepair;

export const machineMark = (): string => createHash("sha256").update(hostname()).digest("hex").slice(0, 12);

/** Writes a journal. Every line is durable when its promise is fulfilled. */
export class Journal {
  readonly #path: string;
  readonly #files: RecordingFiles;
  readonly #file: AppendFile;
  #closed = false;

  private constructor(path: string, files: RecordingFiles, file: AppendFile) {
    this.#path = path;
    this.#files = files;
    this.#file = file;
  }

  static async create(recording: string, start: JournalStart, files: RecordingFiles): Promise<Journal> {
    const path = journalOf(recording);
    const journal = new Journal(path, files, await files.create(path, { replace: true }));
    await journal.add(start);
    return journal;
  }

  async add(line: JournalLine): Promise<void> {
    await this.#file.append(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await this.#files.remove(this.#path);
  }
}

/** What a journal says, as far as its lines are whole. */
export function parseJournal(text: string): {
  readonly start: JournalStart | undefined;
  readonly marks: readonly JournalMark[];
  readonly stop: JournalStop | undefined;
  readonly repair: JournalRepair["repair"] | undefined;
} {
  let start: JournalStart | undefined;
  let stop: JournalStop | undefined;
  let repair: JournalRepair["repair"] | undefined;
  const marks: JournalMark[] = [];
  for (const row of text.split("\n")) {
    let line: Partial<JournalStart & JournalMark & JournalStop & JournalRepair>;
    try {
      line = JSON.parse(row) as typeof line;
    } catch {
      continue;
    }
    if (typeof line !== "object" || line === null) continue;
    if (line.attuneJournal === 1) start = line as JournalStart;
    else if (typeof line.bytes === "number") marks.push(line as JournalMark);
    else if (typeof line.state === "string") stop = line as JournalStop;
    else if (typeof line.repair === "object") repair = line.repair;
  }
  return { start, marks, stop, repair };
}
