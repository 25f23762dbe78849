import type { Seconds } from "@attune/signal";
import type { SessionFile } from "../session-file/schema.ts";

/** From `amber` on somebody should look when there is time, from `red` on at once. */
export interface Limit {
  readonly amber: number;
  readonly red: number;
}

/** When something about a running session is a warning (amber) and when an alarm (red). */
export interface AlarmLimits {
  /** Since the last sample of a regular stream. */
  readonly silentSeconds: Limit;
  /** Share of samples lost over the last `LOST_OVER_SECONDS`. */
  readonly lostPercent: Limit;
  /** How long the disk lasts at the present rate: here less is worse. */
  readonly diskMinutes: Limit;
}

/** Over so long losses are counted. */
export const LOST_OVER_SECONDS: Seconds = 10;

/** The one set of limits: alarms in the log and checks before a session use it, and pages are told it. Limits are ours. */
export const ALARM_LIMITS: AlarmLimits = {
  silentSeconds: { amber: 1, red: 3 },
  lostPercent: { amber: 1, red: 5 },
  diskMinutes: { amber: 60, red: 15 },
};

/** The limits of one session: its file says how much room a disk should have. */
export function alarmLimits({ recording }: Pick<SessionFile, "recording">): AlarmLimits {
  const amber = recording.minimumDiskMinutes;
  return { ...ALARM_LIMITS, diskMinutes: { amber, red: Math.min(ALARM_LIMITS.diskMinutes.red, amber) } };
}
