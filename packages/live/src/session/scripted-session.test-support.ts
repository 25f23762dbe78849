import { ManualTime } from "@attune/device-kit";
import { parseSession } from "../session-file/read-session.ts";
import { LiveSession } from "./live-session.ts";
import type { LiveSessionOptions } from "./monitored-session.ts";
import { type ScriptedDevice, scriptedDevices } from "./scripted-device.test-support.ts";
import type { LogEntry } from "./session-log.ts";

/** Two people, each with a scripted device of their own. @param more lines of YAML */
export const pairSession = (more = "", devices: { adult?: string; infant?: string } = {}): string => `
session: dyad-001
people:
  - { id: adult, role: adult }
  - { id: infant, role: infant }
devices:
  adult-cap: { kind: scripted, ${devices.adult ?? "markers: true"} }
  infant-cap: { kind: scripted, ${devices.infant ?? ""} }
streams:
  - { person: adult, signal: eeg, device: adult-cap, channels: [C3, C4] }
  - { person: infant, signal: eeg, device: infant-cap, channels: [C3, C4] }
${more}`;

export interface Scripted {
  readonly session: LiveSession;
  readonly time: ManualTime;
  readonly log: LogEntry[];
  device(id: string): ScriptedDevice;
  /** Lines of the log about something. */
  about(source: string): string[];
}

/**
 * A session of scripted devices on time that passes when it is told to.
 *
 * @param leap by how much the session's clock is ahead of its timers: a test may let it jump
 */
export function scripted(
  text: string,
  options: Partial<LiveSessionOptions> & { readonly folder?: string } = {},
  leap = { seconds: 0 },
): Scripted {
  const { folder, ...rest } = options;
  const time = new ManualTime();
  const { type, made } = scriptedDevices();
  const loaded = {
    path: "session.yaml",
    file: parseSession(text, "session.yaml"),
    recordingFolder: folder ?? "/nowhere",
  };
  const session = new LiveSession(loaded, {
    record: folder !== undefined,
    analyse: false,
    devices: [type],
    context: { ...time.context, now: () => time.now + leap.seconds },
    ...rest,
  });
  const log: LogEntry[] = [];
  session.log.subscribe((entry) => log.push(entry));
  return {
    session,
    time,
    log,
    device: (id) => made.get(id)!,
    about: (source) => log.filter((entry) => entry.source === source).map(({ message }) => message),
  };
}

/** Both caps deliver for so long, in chunks of a tenth of a second, with an offset every second. */
export async function flow({ device, time }: Scripted, seconds: number): Promise<void> {
  for (let tick = 0; tick < 10 * seconds; tick++) {
    for (const id of ["adult-cap", "infant-cap"]) {
      const each = device(id);
      const stream = each.layout[0]!;
      if (tick % 10 === 0) each.offset(stream.id, 1000);
      each.samples(stream.id, stream.nominalSamplingRate / 10);
    }
    await time.advance(0.1);
  }
}
