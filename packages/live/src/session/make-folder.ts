import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. The recursive `mkdir` of Node.js never returns where the file system says
 * that a folder is missing and lets nobody make it, as under /proc.
 *
 * @throws the system's error when it cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    const isParentThere = await stat(dirname(folder)).then(
      () => true,
      () => false,
    );
    if (isParentThere) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}
