import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

export interface Block {
  readonly language: string;
  /** Where the line above says so: the file that the block is. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The fenced blocks of a document of the repository. A file is named by a line of its own above: **`src/codec.ts`**. */
export function blocksOf(document: string): Block[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/(?:^\*\*`([^`\n]+)`\*\*\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, file, language, body]) => ({ file, language: language!, text: body! }),
  );
}

/**
 * Lines of the shell blocks of a document, without comments. In `sh` blocks stand commands that work anywhere, in `bash` blocks
 * those that need devices.
 */
export function commandsOf(document: string, language: "sh" | "bash"): string[] {
  return blocksOf(document)
    .filter((block) => block.language === language)
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => line.replace(/\s+#.*$|^#.*$/, "").trim())
    .filter((line) => line !== "");
}
