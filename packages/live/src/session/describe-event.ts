import type { DeviceEvent } from "@attune/device-kit";
import type { LogEntry } from "./session-log.ts";

/** A device event in words; undefined for what is shown as a number elsewhere. */
export function describeEvent(device: string, event: DeviceEvent): LogEntry | undefined {
  const entry = (level: LogEntry["level"], message: string): LogEntry => ({
    at: event.at,
    level,
    source: device,
    message,
  });
  switch (event.kind) {
    case "lifecycle":
      return entry(
        levelOf(event.to),
        `${event.from} -> ${event.to}${event.reason ? `: ${event.reason}` : ""}`,
      );
    case "loss":
      return event.nSamples > 0
        ? entry(
            "warning",
            `${event.nSamples} samples of ${event.streamId} were lost (${causes[event.cause]})`,
          )
        : undefined;
    case "warning":
      return entry("warning", event.message);
    case "error":
      return entry(event.fatal ? "alarm" : "warning", event.error.message);
    case "battery":
      return event.percent <= LOW_BATTERY
        ? entry("warning", `battery at ${Math.round(event.percent)} %`)
        : undefined;
    case "impedance":
      return entry(
        "info",
        `impedances: ${event.kilohms.map((kilohms) => (Number.isFinite(kilohms) ? `${kilohms.toFixed(1)}` : "-")).join(", ")} kOhm`,
      );
    default:
      return undefined;
  }
}

const LOW_BATTERY = 15;

const levelOf = (lifecycle: string): LogEntry["level"] =>
  lifecycle === "failed" || lifecycle === "reconnecting"
    ? "alarm"
    : lifecycle === "stalled"
      ? "warning"
      : "info";

const causes = {
  counter: "the device counted them",
  time: "by elapsed time",
  overflow: "a consumer was too slow",
  invented: "the device made them up",
} as const;
