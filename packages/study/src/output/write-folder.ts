import { access, constants, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { StudyError } from "../errors.ts";

export interface WriteOptions {
  /** Replace results that are there already. Files that Attune did not write stay. */
  readonly overwrite?: boolean;
}

/** A file of results. Its text is asked for when its turn comes, so that no two files are held at a time. */
export interface ResultFile {
  readonly name: string;
  /** A whole text, or pieces of one that are written as they come. */
  text(): string | Iterable<string>;
}

/** Characters that are gathered before they are written. */
const PIECE_CHARACTERS = 1 << 16;

/**
 * Writes files into a folder. Everything is written under another name first and moved into place at the end: a new folder
 * appears as a whole. In one that is there already the first file, which says what the others are, is taken away before the
 * others change and comes last: a folder without it is not a result.
 *
 * @param files the main document first
 * @returns the names of the files
 * @throws StudyError when the folder holds something and `overwrite` is not set, or cannot be written
 */
export async function writeFolder(
  folder: string,
  files: readonly ResultFile[],
  options: WriteOptions = {},
): Promise<string[]> {
  const target = resolve(folder);
  await requireFreeFolder(folder, options);
  const exists = (await stat(target).catch(() => undefined)) !== undefined;
  const partial = `.${basename(target)}-${process.pid}.partial`;
  // Beside a folder that is not there yet; inside one that is, because its parent may belong to somebody else.
  const temporary = join(exists ? target : dirname(target), partial);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    for (const { name, text } of files) await writeText(join(temporary, name), text());
    if (exists)
      await moveInto(
        target,
        temporary,
        files.map(({ name }) => name),
      );
    else await rename(temporary, target);
  } catch (cause) {
    cannotWrite(folder, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return files.map(({ name }) => name);
}

async function writeText(path: string, text: string | Iterable<string>): Promise<void> {
  // Each piece waits until the one before it is with the system.
  await writeFile(path, typeof text === "string" ? text : gathered(text));
}

function* gathered(pieces: Iterable<string>): Generator<string> {
  let held: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length < PIECE_CHARACTERS) continue;
    yield held.join("");
    held = [];
    length = 0;
  }
  if (length > 0) yield held.join("");
}

async function moveInto(target: string, from: string, names: readonly string[]): Promise<void> {
  const [main, ...others] = names;
  if (main === undefined) return;
  await rm(join(target, main), { force: true });
  for (const name of [...others, main]) await rename(join(from, name), join(target, name));
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
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  // What went wrong while a text was made is no matter of folders.
  if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
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
