import { access, constants, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { StudyError } from "../errors.ts";
import type { StudyResult } from "../result.ts";
import { type JsonObject, toJsonDocument, writeJson } from "./json-document.ts";
import { methodsText } from "./methods.ts";
import { writeTsv } from "./table.ts";
import { tablesOf } from "./tables.ts";

export interface WriteOptions {
  /** Replace results that are there already. Files that Attune did not write stay. */
  readonly overwrite?: boolean;
}

/**
 * Writes everything that a result holds into a folder:
 *
 *     result.json      the whole document (`toJsonDocument`)
 *     directions.tsv   person to person      links.tsv    channel to channel     contrasts.tsv   condition against condition
 *     windows.tsv      every window          nulls.tsv    the same values against every null
 *     columns.json     what each column of each table means, with units
 *     METHODS.md       the analysis in sentences          report.html     the same for the eye
 *
 * Everything is written under another name first and moved into place at the end: a new folder appears as a whole, in one
 * that is there already each file does. The same result gives the same bytes.
 *
 * @returns the names of the files, in the order above
 * @throws StudyError when the folder holds something and `overwrite` is not set, or cannot be written
 */
export async function writeResults(
  result: StudyResult,
  folder: string,
  options: WriteOptions = {},
): Promise<string[]> {
  const target = resolve(folder);
  await requireFreeFolder(folder, options);
  const files = await filesOf(result);
  const exists = (await stat(target).catch(() => undefined)) !== undefined;
  const partial = `.${basename(target)}-${process.pid}.partial`;
  // Beside a folder that is not there yet; inside one that is, because its parent may belong to somebody else.
  const temporary = join(exists ? target : dirname(target), partial);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    for (const [name, text] of files) await writeFile(join(temporary, name), text);
    if (exists) for (const name of files.keys()) await rename(join(temporary, name), join(target, name));
    else await rename(temporary, target);
  } catch (cause) {
    cannotWrite(folder, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return [...files.keys()];
}

async function filesOf(result: StudyResult): Promise<Map<string, string>> {
  // The drawing libraries take long to load; nothing else needs them.
  const { renderReport } = await import("../report/render-report.ts");
  const tables = tablesOf(result);
  const dictionary: JsonObject = Object.fromEntries(
    tables.map(({ name, description, dictionary: columns }) => [
      `${name}.tsv`,
      { Description: description, Columns: columns },
    ]),
  );
  return new Map([
    ["result.json", `${writeJson(toJsonDocument(result))}\n`],
    ...tables.map((table): [string, string] => [`${table.name}.tsv`, writeTsv(table)]),
    ["columns.json", `${writeJson(dictionary)}\n`],
    ["METHODS.md", methodsText(result)],
    ["report.html", renderReport(result)],
  ]);
}

/**
 * Refuses a folder before the work is done rather than after: one that holds something (unless `overwrite`), one that cannot
 * be written, one whose parent is missing.
 */
export async function requireFreeFolder(
  folder: string,
  { overwrite = false }: WriteOptions = {},
): Promise<void> {
  const target = resolve(folder);
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) {
    const parent = dirname(target);
    const above = await stat(parent).catch(() => undefined);
    if (!above?.isDirectory()) {
      throw new StudyError(`Results cannot go to ${folder}: there is no folder ${parent}, so make it first.`);
    }
    return requireWritable(parent, folder);
  }
  if (!found.isDirectory())
    throw new StudyError(`Results cannot go to ${folder}: it is a file, so name a folder.`);
  if (!overwrite && (await readdir(target)).length > 0) {
    throw new StudyError(
      `${folder} is not empty: name another folder, or replace the results in it with --overwrite.`,
    );
  }
  await requireWritable(target, folder);
}

async function requireWritable(place: string, folder: string): Promise<void> {
  await access(place, constants.W_OK).catch((cause: unknown) => cannotWrite(folder, cause));
}

function cannotWrite(folder: string, cause: unknown): never {
  if (cause instanceof StudyError) throw cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    EACCES: "you may not write there",
    EPERM: "you may not write there",
    EROFS: "the disk is read-only",
    ENOSPC: "the disk is full",
    ENOENT: "the folder above it does not take new entries",
  };
  const reason = reasons[code] ?? (cause as Error).message;
  const error = new StudyError(`Results cannot go to ${folder}: ${reason}. Name another folder with --out.`, {
    misuse: code !== "ENOSPC",
  });
  error.cause = cause;
  throw error;
}
