import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { RecordingError } from "../errors.ts";
import { openRecording } from "../open-recording.ts";
import { journalOf } from "../recorder/journal.ts";
import { readJournal } from "./journal-state.ts";

/** A recording that was begun and never finished: its journal is still there. */
export interface InterruptedRecording {
  readonly path: string;
  /** Empty when the journal does not say. */
  readonly sessionId: string;
  /** ISO 8601; undefined when the journal does not say. */
  readonly startedAt: string | undefined;
  /** When the file was last written to, ISO 8601. */
  readonly interruptedAt: string;
  readonly bytes: number;
  /** What can be read: from the first to the last sample. */
  readonly recoveredSeconds: number;
  readonly nSamples: number;
  /** Why the recorder stopped, where it could say so; otherwise it was killed. */
  readonly reason: string | undefined;
  /** Set when nothing can be read: one sentence. */
  readonly problem: string | undefined;
}

/**
 * Recordings in a folder (not in folders below) that were interrupted and not repaired yet, oldest first. One that is being
 * recorded at this moment is none of them.
 *
 * @throws RecordingError when the folder cannot be read
 */
export async function findInterrupted(
  folder: string,
  options: { readonly wallClock?: () => Date } = {},
): Promise<InterruptedRecording[]> {
  const now = (options.wallClock ?? (() => new Date()))();
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such folder" : cause.message;
    throw new RecordingError(`Cannot look for recordings in ${folder}: ${reason}.`, { cause });
  });
  const ending = journalOf("");
  const found: InterruptedRecording[] = [];
  for (const name of names.filter((each) => each.endsWith(ending)).sort()) {
    const path = join(folder, name.slice(0, -ending.length));
    const file = await stat(path).catch(() => undefined);
    const journal = await readJournal(path, now);
    if (file === undefined || journal === undefined || journal.isLive) continue;
    found.push({
      path,
      sessionId: journal.start?.session ?? "",
      startedAt: journal.start?.started,
      interruptedAt: file.mtime.toISOString(),
      bytes: file.size,
      reason: journal.stop?.message,
      ...(await recovered(path)),
    });
  }
  return found.sort((a, b) => (a.interruptedAt < b.interruptedAt ? -1 : 1));
}

/** From the first sample of all streams to the last one, seconds; 0 when there are none. */
export function spanOf(
  streams: readonly { readonly nSamples: number; readonly firstTime: number; readonly lastTime: number }[],
): number {
  const filled = streams.filter(({ nSamples }) => nSamples > 0);
  if (filled.length === 0) return 0;
  return (
    Math.max(...filled.map(({ lastTime }) => lastTime)) -
    Math.min(...filled.map(({ firstTime }) => firstTime))
  );
}

async function recovered(
  path: string,
): Promise<Pick<InterruptedRecording, "recoveredSeconds" | "nSamples" | "problem">> {
  try {
    const recording = await openRecording(path);
    await recording.close();
    if (recording.kind !== "continuous") throw new Error(`${path} is not a recording of a session.`);
    const nSamples = recording.streams.reduce((sum, stream) => sum + stream.nSamples, 0);
    return { recoveredSeconds: spanOf(recording.streams), nSamples, problem: undefined };
  } catch (error) {
    return { recoveredSeconds: 0, nSamples: 0, problem: (error as Error).message };
  }
}
