import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const home = join(import.meta.dirname, "..");
const built = join(home, "dist");

/**
 * Folder of the built page. Builds it first when there is none, or when a source is newer (some seconds, once).
 *
 * @throws Error when a source cannot be built
 */
export async function builtPage(): Promise<string> {
  const index = join(built, "index.html");
  if (!existsSync(index) || newest(sources()) > statSync(index).mtimeMs) {
    // Vite is loaded only where there is something to build.
    const { build } = await import("vite");
    await build({ configFile: join(home, "vite.config.ts"), logLevel: "error" });
  }
  return built;
}

function sources(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
      .map((entry) => join(entry.parentPath, entry.name));
  return [
    join(home, "index.html"),
    join(home, "vite.config.ts"),
    ...inFolder(join(home, "src")),
    ...inFolder(join(home, "../wire/src")),
  ];
}

const newest = (files: readonly string[]): number => Math.max(...files.map((file) => statSync(file).mtimeMs));
