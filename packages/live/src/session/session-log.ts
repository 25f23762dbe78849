import type { Seconds } from "@attune/signal";
import type { SpellMark } from "./spells.ts";

/** One line of the session's log: what a technician should know, in one sentence. */
export interface LogEntry {
  /** Seconds on the session clock. */
  readonly at: Seconds;
  /** `alarm`: data are or may be lost. `warning`: look when there is time. */
  readonly level: "info" | "warning" | "alarm";
  /** Device, stream or part of the session that it is about. */
  readonly source: string;
  readonly message: string;
  /** Lines about one trouble carry one number, and the last of them says that it is over. Absent for what just happened. */
  readonly spell?: SpellMark;
}
