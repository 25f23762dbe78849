import { readFile, stat } from "node:fs/promises";
import { journalOf, machineMark, parseJournal } from "../recorder/journal.ts";

/** A journal that was not touched for longer belongs to nobody, seconds: the recorder writes to it every three. */
const QUIET_SECONDS = 15;
/** The same where it may be another computer's and clocks and caches lie between. */
const QUIET_SECONDS_ELSEWHERE = 60;

export type JournalState = ReturnType<typeof parseJournal> & {
  /** Its recorder seems to be at work still. */
  readonly isLive: boolean;
};

/** The journal beside a recording; undefined when there is none, as beside every finished one. */
export async function readJournal(recording: string, now: Date): Promise<JournalState | undefined> {
  const path = journalOf(recording);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const journal = parseJournal(text);
  const age = (now.getTime() - (await stat(path)).mtimeMs) / 1000;
  return { ...journal, isLive: isLive(journal, age) };
}

function isLive({ start, stop, repair }: ReturnType<typeof parseJournal>, age: number): boolean {
  if (start === undefined || stop !== undefined || repair !== undefined) return false;
  if (start.machine !== machineMark()) return age < QUIET_SECONDS_ELSEWHERE;
  return age < QUIET_SECONDS && isRunning(start.processId);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It runs and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
