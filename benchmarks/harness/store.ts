import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BenchmarkResult } from "./result.ts";

const FOLDER = new URL("../results/", import.meta.url);

/** Five digits are more than any timing is worth. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;

export async function writeResult(result: BenchmarkResult): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(`${result.name}.json`, FOLDER), `${JSON.stringify(result, rounded, 2)}\n`);
}

export async function readResult(name: string): Promise<BenchmarkResult> {
  return JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), "utf8")) as BenchmarkResult;
}

/** Names of all results that are there. */
export async function resultNames(): Promise<string[]> {
  const files = await readdir(fileURLToPath(FOLDER)).catch(() => []);
  return files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
}
