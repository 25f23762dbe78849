import type { DeviceEvent } from "@attune/device-kit";
import type { DeviceOutput, Seconds } from "@attune/signal";

/**
 * Moves what devices deliver from the host's clock to the session clock, which is the host's clock counted from the start of
 * the session. Stamps of the devices' own clocks stay as they are; their offsets carry the difference.
 *
 * @param origin host clock at session time 0
 */
export function onSessionClock<Output extends DeviceOutput>(output: Output, origin: Seconds): Output {
  switch (output.kind) {
    case "samples":
    case "text":
      return output.receivedAt === undefined ? output : { ...output, receivedAt: output.receivedAt - origin };
    case "clock-offset":
      return { ...output, offset: output.offset - origin };
    default:
      return { ...output, at: output.at - origin };
  }
}

export const eventOnSessionClock = <Event extends DeviceEvent>(event: Event, origin: Seconds): Event => ({
  ...event,
  at: event.at - origin,
});
