import { readFile } from "node:fs/promises";
import type { LogEntry } from "@attune/live";
import { besideOf } from "./replay-sheets.ts";

const MOST_ENTRIES = 3000;
const levels: ReadonlySet<string> = new Set<LogEntry["level"]>(["info", "warning", "alarm"]);

/** The event log that a session left beside its recording; undefined where there is none. */
export async function recordedLog(recordingPath: string): Promise<LogEntry[] | undefined> {
  const text = await readFile(`${besideOf(recordingPath)}.log.tsv`, "utf8").catch(() => undefined);
  if (text === undefined || !text.startsWith("onset\tlevel\tsource\tmessage")) return undefined;
  const entries = text.split(/\r?\n/).flatMap((line): LogEntry[] => {
    const [onset = "", level = "", source, message, , spell = "n/a", over] = line.split("\t");
    const at = onset === "" ? Number.NaN : Number(onset);
    if (!Number.isFinite(at) || !levels.has(level) || source === undefined || message === undefined)
      return [];
    const entry = { at, level: level as LogEntry["level"], source, message };
    const id = Number(spell);
    return [Number.isInteger(id) ? { ...entry, spell: { id, isOver: over === "yes" } } : entry];
  });
  return entries.slice(-MOST_ENTRIES);
}
