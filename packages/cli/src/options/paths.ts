import { stat } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { MisuseError } from "../errors/misuse.ts";

/** The folder that the person is in. */
export const workingFolder = (): string => process.cwd();

export const fromWorkingFolder = (path: string): string =>
  isAbsolute(path) ? path : resolve(workingFolder(), path);

/** A path as the person would type it: relative where that is shorter. */
export function shownPath(path: string): string {
  const short = relative(workingFolder(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}

/** The absolute path of a file that must be there. */
export async function existingFile(path: string): Promise<string> {
  const absolute = fromWorkingFolder(path);
  const found = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw new MisuseError(`There is no file ${path}: check the name and the folder.`);
    throw error;
  });
  if (found.isDirectory()) throw new MisuseError(`${path} is a folder: name a recording in it.`);
  return absolute;
}

/** A path as an argument of a shell command. */
export const quoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
