import { access } from "node:fs/promises";
import { basename } from "node:path";
import { findInterrupted, repairRecording } from "@attune/recording";
import type { Seconds } from "@attune/signal";
import type { LogEntry } from "./session-log.ts";

/**
 * Finds what a crash left in a folder, says so, and repairs it. Nothing that goes wrong here stops the session that is about to
 * begin: it is said, and `attune repair` can be tried again.
 */
export async function mendInterrupted(
  folder: string,
  now: () => Seconds,
  say: (entry: LogEntry) => void,
): Promise<void> {
  const tell = (level: LogEntry["level"], message: string): void =>
    say({ at: now(), level, source: "recording", message });
  try {
    await access(folder);
  } catch {
    return; // A folder that is not there yet holds nothing.
  }
  try {
    for (const { path, reason, startedAt } of await findInterrupted(folder)) {
      const name = basename(path);
      const began = startedAt === undefined ? "" : ` (begun ${startedAt})`;
      tell(
        "warning",
        `${name}${began} was interrupted${reason === undefined ? "" : `: ${reason}`}; repairing it`,
      );
      try {
        const { durationSeconds, nFootersWritten } = await repairRecording(path);
        tell(
          "info",
          `${name} is repaired: ${durationSeconds.toFixed(1)} s recovered, ${nFootersWritten} footers written`,
        );
      } catch (error) {
        tell(
          "warning",
          `${name} could not be repaired (${wordsOf(error)}): try attune repair after the session`,
        );
      }
    }
  } catch (error) {
    tell("warning", `interrupted recordings could not be looked for (${wordsOf(error)})`);
  }
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
