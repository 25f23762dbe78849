import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Seconds } from "@attune/signal";
import { AppendTable, type TableDisk } from "./append-table.ts";
import { CODING_COLUMNS, cellsOf, parseRows, type ReplayRow } from "./coding-rows.ts";

const LOG_COLUMNS = ["onset", "level", "source", "message"] as const;

/** `dyad.xdf` -> `dyad`; other recordings keep their ending, so that two of one name have tables of their own. */
export const besideOf = (recordingPath: string): string => recordingPath.replace(/\.xdf$/i, "");

/**
 * What is added while a recording is shown, in tables beside it: `.coding-CODER.tsv` for each coder and `.log-replay.tsv` for notes,
 * events and bad spans. The recording itself is never touched. Where nothing can be written that is told once, and everything stays
 * in memory.
 */
export class ReplaySheets {
  readonly #beside: string;
  readonly #disk: TableDisk | undefined;
  readonly #earlier: readonly ReplayRow[];
  readonly #coding = new Map<string, AppendTable>();
  #log: AppendTable | undefined;
  #isTold = false;
  /** Told in a sentence when nothing can be written, and when it can again. */
  onTrouble: (sentence: string) => void = () => {};

  private constructor(beside: string, earlier: readonly ReplayRow[], disk: TableDisk | undefined) {
    this.#beside = beside;
    this.#earlier = earlier;
    this.#disk = disk;
  }

  /** Finds what has been coded over this recording in earlier sittings. */
  static async open(recordingPath: string, disk?: TableDisk): Promise<ReplaySheets> {
    const beside = besideOf(recordingPath);
    const folder = dirname(beside);
    const names = await readdir(folder).catch((): string[] => []);
    const tables = names.filter(
      (name) => name.startsWith(`${basename(beside)}.coding-`) && name.endsWith(".tsv"),
    );
    const texts = await Promise.all(
      tables.map((name) => readFile(join(folder, name), "utf8").catch(() => "")),
    );
    return new ReplaySheets(beside, texts.flatMap(parseRows), disk);
  }

  /** Something that was coded or noted is in memory only. */
  get isFailing(): boolean {
    return [...this.#coding.values(), this.#log].some((table) => table?.isFailing);
  }

  codingPath(coder: string): string {
    return `${this.#beside}.coding-${coder.replace(/[^\w-]/g, "_")}.tsv`;
  }

  /** What a coder has coded in earlier sittings. */
  earlierRows(coder: string): readonly ReplayRow[] {
    return this.#earlier.filter((row) => row.coder === coder);
  }

  row(row: ReplayRow): void {
    const table = this.#coding.get(row.coder) ?? this.#table(this.codingPath(row.coder), CODING_COLUMNS);
    this.#coding.set(row.coder, table);
    table.add(cellsOf(row));
  }

  entry(at: Seconds, source: string, message: string): void {
    this.#log ??= this.#table(`${this.#beside}.log-replay.tsv`, LOG_COLUMNS);
    this.#log.add([at.toFixed(3), "info", source, message]);
  }

  /** Resolves when what was added is on the disk, or cannot be. */
  async written(): Promise<void> {
    await Promise.all([...this.#coding.values(), this.#log].map((table) => table?.written()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#coding.values(), this.#log].map((table) => table?.close()));
  }

  #table(path: string, columns: readonly string[]): AppendTable {
    return new AppendTable(path, columns, (code) => this.#tell(path, code), this.#disk);
  }

  #tell(path: string, code: string | undefined): void {
    if (code === undefined) this.onTrouble(`${path} can be written again`);
    else if (!this.#isTold)
      this.onTrouble(
        `${path} cannot be written (${code}): what is coded and noted stays in memory only; open a copy of the recording in a folder that can be written`,
      );
    this.#isTold = code !== undefined;
  }
}
