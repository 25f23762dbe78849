import { readFile, writeFile } from "node:fs/promises";
import { readResult, resultNames } from "./store.ts";
import { renderResult } from "./table.ts";

const README = new URL("../README.md", import.meta.url);
const BEGIN = "<!-- results: written by `pnpm bench --report` -->";
const END = "<!-- end of results -->";

/** Replaces what stands between the markers by the tables of the results, in the order of the names. */
export async function updateReadme(names: readonly string[]): Promise<void> {
  const text = await readFile(README, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md needs the markers ${BEGIN} and ${END}.`);
  const present = new Set(await resultNames());
  const tables: string[] = [];
  for (const name of names) if (present.has(name)) tables.push(renderResult(await readResult(name)));
  await writeFile(
    README,
    `${text.slice(0, begin + BEGIN.length)}\n\n${tables.join("\n\n")}\n\n${text.slice(end)}`,
  );
}
