import type { LiveSession } from "../session/live-session.ts";
import { amber, type Check, green, red } from "./check.ts";
import { checkFolder } from "./folder-checks.ts";
import { checkImpedanceAge } from "./impedance-age.ts";
import { checkPeople } from "./people-checks.ts";
import { checkDoubleUse, checkStream } from "./stream-checks.ts";

export interface PreflightOptions {
  /** Date and time, against which the age of kept measurements counts. [the machine's] */
  readonly wallClock?: () => Date;
  /** False where nothing is recorded: no folder is looked at, or made. [true] */
  readonly record?: boolean;
}

/** Everything that must be right before a session begins, one line each, for a session whose devices are connected. */
export async function preflight(session: LiveSession, options: PreflightOptions = {}): Promise<Check[]> {
  const streams = session.devices.flatMap((device) => device.streams);
  return [
    ...session.devices.map(checkDevice),
    ...streams.flatMap((stream) =>
      checkStream(stream, session.pulse(stream.id), session.nOffsets(stream.id)),
    ),
    ...checkDoubleUse(streams),
    ...checkPeople(session),
    ...(await checkImpedanceAge(session, options.wallClock ?? (() => new Date()))),
    ...(options.record === false ? [] : await checkFolder(session.loaded, streams)),
  ];
}

function checkDevice({
  id,
  title,
  failure,
  optional,
  streams,
  lifecycle,
}: LiveSession["devices"][number]): Check {
  if (failure !== undefined) return (optional ? amber : red)("device", id, failure);
  const names = streams.map(({ name }) => `"${name}"`).join(", ") || "connected";
  if (lifecycle === "streaming") return green("device", id, `${title}: ${names}`);
  return red("device", id, `${title} is ${lifecycle}: see that it is switched on and in reach`);
}
