import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const FILES: Readonly<Record<string, string>> = {
  linux: "liblsl64.so",
  darwin: "liblsl64.dylib",
  win32: "liblsl64.dll",
};

/**
 * Path of the real liblsl: what `ATTUNE_LIBLSL` names, else the 1.10 that npm `node-lsl` carries. Undefined where there is
 * none for this machine. Only Linux has been tried.
 *
 * @throws when `ATTUNE_LIBLSL` names a file that does not exist
 */
export function liblslPath(): string | undefined {
  const named = process.env.ATTUNE_LIBLSL;
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`ATTUNE_LIBLSL names ${named}, which does not exist.`);
    return named;
  }
  const file = FILES[process.platform];
  if (file === undefined || process.arch !== "x64") return undefined;
  try {
    const manifest = createRequire(import.meta.url).resolve("node-lsl/package.json");
    const path = join(dirname(manifest), "prebuilt", file);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
