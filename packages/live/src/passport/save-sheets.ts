import { writeFile } from "node:fs/promises";
import type { SessionCoder } from "../session/session-coder.ts";
import { passportText } from "./passport-text.ts";
import type { TimingPassport } from "./timing-passport.ts";

/**
 * Writes what a session leaves beside its recording: the timing passport for people (`.timing.txt`) and programs
 * (`.timing.json`), and coded behaviour with its corrections as a table for event-logging programs (`.coding.tsv`) and for
 * `attune analyze --states` (`.states.tsv`).
 */
export async function saveSheets(
  recordingPath: string,
  passport: TimingPassport,
  coder: SessionCoder,
): Promise<void> {
  const base = recordingPath.replace(/\.xdf$/i, "");
  await writeFile(`${base}.timing.txt`, passportText(passport));
  await writeFile(`${base}.timing.json`, `${JSON.stringify(passport, null, 2)}\n`);
  if (coder.rows.length === 0) return;
  await writeFile(`${base}.coding.tsv`, coder.table());
  await writeFile(`${base}.states.tsv`, coder.states());
}
