import { type LiveSession, passportText } from "@attune/live";
import { clockTime, plural } from "../output/format.ts";
import { heartSummary } from "../output/heart-lines.ts";

/** What a session has come to, before the family leaves. */
export function sessionSummary(session: LiveSession): string {
  const { nWindows, nAccepted, nLate, rejected, conditions } = session.totals;
  const recording = session.recording;
  const lines = [
    recording === undefined
      ? "Nothing was recorded."
      : `Recorded ${(recording.health.bytesWritten / 1e6).toFixed(1)} MB: ${recording.path} (${recording.health.state})`,
  ];
  if (nWindows > 0) {
    lines.push(
      `${plural(nWindows, "window")}, ${nAccepted} accepted, ${nLate} left out because the analysis was late`,
    );
    for (const { condition, nWindows: n, cleanSeconds } of conditions)
      lines.push(`  ${condition}: ${plural(n, "window")}, ${clockTime(cleanSeconds)} clean`);
    const most = Object.entries(rejected).slice(0, MOST_REASONS);
    if (most.length > 0) lines.push(`  rejected: ${most.map(([why, n]) => `${why} ${n}`).join(", ")}`);
  }
  lines.push(...heartSummary(session.totals.hearts));
  return [...lines, "", passportText(session.passport())].join("\n");
}

const MOST_REASONS = 6;
