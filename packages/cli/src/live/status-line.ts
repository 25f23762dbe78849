import type { LiveSession } from "@attune/live";
import { clockTime, fixed, plural } from "../output/format.ts";
import { qualityWord } from "../output/heart-lines.ts";

/** Where a session stands, in one line: recording first, then every stream, hearts, then what the coupling rests on. */
export function statusLine(session: LiveSession): string {
  const parts = [
    recordingPart(session),
    ...streamParts(session),
    ...heartParts(session),
    ...conditionParts(session),
  ];
  if (session.analysisDelay > 0.5) parts.push(`analysis ${fixed(session.analysisDelay, 1)} s behind`);
  return parts.join(" | ");
}

function recordingPart(session: LiveSession): string {
  const elapsed = Number.isNaN(session.beganAt) ? 0 : session.now() - session.beganAt;
  const health = session.recording?.health;
  if (session.stage !== "running") return "MONITORING, NOT RECORDING";
  if (health === undefined) return `NOT RECORDING ${clockTime(elapsed)}`;
  if (health.state !== "recording") return `RECORDING STOPPED (${health.state}) ${clockTime(elapsed)}`;
  const age = fixed(health.lastWriteAgeSeconds, 1);
  return `RECORDING ${clockTime(elapsed)} ${fixed(health.bytesWritten / 1e6, 1)} MB, written ${age} s ago`;
}

const streamParts = (session: LiveSession): string[] =>
  session.devices.flatMap(({ id, lifecycle, streams }) => {
    if (lifecycle !== "streaming") return [`${id} ${lifecycle.toUpperCase()}`];
    return streams
      .filter(({ nominalSamplingRate }) => nominalSamplingRate > 0)
      .map((stream) => {
        const pulse = session.pulse(stream.id);
        if (pulse === undefined) return `${stream.id} no data`;
        const silent = pulse.silentSeconds > 1 ? ` SILENT ${fixed(pulse.silentSeconds, 0)} s` : "";
        return `${stream.id} ${fixed(pulse.measuredSamplingRate, 1)} Hz, ${fixed(pulse.lostPercent, 2)} % lost${silent}`;
      });
  });

const heartParts = (session: LiveSession): string[] =>
  (session.settings?.hearts?.people ?? []).map(({ person: { id } }) => {
    const { status } = session.heart(id);
    if (status === undefined) return `${id}'s heart not heard yet`;
    const rate = Number.isNaN(status.rate) ? "rate unknown" : `${fixed(status.rate, 0)}/min`;
    return `${id}'s heart ${rate}, signal ${qualityWord(status.signalQuality)}`;
  });

const conditionParts = (session: LiveSession): string[] =>
  session.totals.conditions.map(
    ({ condition, nWindows, cleanSeconds }) =>
      `${condition} ${plural(nWindows, "window")} (${clockTime(cleanSeconds)} clean)`,
  );
