import { access } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedSession } from "../session-file/read-session.ts";

const MOST_RUNS = 999;

/** The file that the next recording goes into: the name of the session file, or its next run. Nothing is overwritten. */
export async function nextRecordingPath({ file, recordingFolder }: LoadedSession): Promise<string> {
  const name = file.recording.name.replaceAll("{session}", file.session);
  for (let run = 1; run <= MOST_RUNS; run++) {
    const path = join(recordingFolder, run === 1 ? `${name}.xdf` : `${name}_run-${run}.xdf`);
    if (!(await exists(path)) && !(await exists(`${path}.journal`))) return path;
  }
  throw new Error(`${recordingFolder} holds ${MOST_RUNS} runs of ${name}: choose another name.`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
