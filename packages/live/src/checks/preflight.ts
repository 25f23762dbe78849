import type { DeviceEvent } from "@attune/device-kit";
import type { LiveSession } from "../session/live-session.ts";
import { amber, type Check, green, red } from "./check.ts";
import { checkFolder } from "./folder-checks.ts";
import { checkDoubleUse, checkStream } from "./stream-checks.ts";

/** Everything that must be right before a session begins, one line each, for a session whose devices are connected. */
export async function preflight(session: LiveSession): Promise<Check[]> {
  const { file } = session.loaded;
  const streams = session.devices.flatMap((device) => device.streams);
  return [
    ...session.devices.map(checkDevice),
    ...streams.flatMap((stream) =>
      checkStream(stream, session.pulse(stream.id), session.nOffsets(stream.id)),
    ),
    ...checkDoubleUse(streams),
    ...checkPeople(session),
    ...checkImpedance(session, file.impedanceMaxAgeMinutes),
    ...(await checkFolder(session.loaded, streams)),
  ];
}

const checkDevice = ({ id, title, failure, optional, streams }: LiveSession["devices"][number]): Check => {
  if (failure === undefined)
    return green(
      "device",
      id,
      `${title}: ${streams.map(({ name }) => `"${name}"`).join(", ") || "connected"}`,
    );
  return (optional ? amber : red)("device", id, failure);
};

function checkPeople(session: LiveSession): Check[] {
  const { file } = session.loaded;
  let assigned: ReturnType<LiveSession["assignments"]>;
  try {
    assigned = session.assignments();
  } catch (error) {
    return [red("people", "streams", error instanceof Error ? error.message : String(error))];
  }
  return file.people.map(({ id }) => {
    const own = assigned.filter(({ assignment }) => assignment.person === id);
    if (own.length === 0) return red("people", id, "wears nothing: give a stream of theirs under streams");
    const list = own.map(
      ({ assignment, stream }) =>
        `${assignment.signal} from "${stream.name}"${assignment.channels ? ` (${assignment.channels.join(", ")})` : ""}`,
    );
    return green("people", id, list.join("; "));
  });
}

type Impedance = Extract<DeviceEvent, { kind: "impedance" }>;

function checkImpedance(session: LiveSession, maxAgeMinutes: number | undefined): Check[] {
  if (maxAgeMinutes === undefined) return [];
  return session.devices
    .filter(({ device }) => device.impedance !== undefined)
    .map(({ id }) => {
      const measured: Impedance | undefined = session.lastImpedance(id);
      if (measured === undefined)
        return red("impedance", id, `never measured: run "attune check --impedance" before the session`);
      const minutes = (session.now() - measured.at) / 60;
      const text = `measured ${minutes.toFixed(0)} minutes ago`;
      return minutes <= maxAgeMinutes
        ? green("impedance", id, text)
        : red("impedance", id, `${text}, ${maxAgeMinutes} allowed: measure again`);
    });
}
