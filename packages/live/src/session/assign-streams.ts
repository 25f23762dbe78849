import type { PersonMontage } from "@attune/pipeline";
import type { Stream } from "@attune/signal";
import { resolvePeople, type StudySettings } from "@attune/study";
import { SessionError } from "../errors.ts";
import type { SessionFile, StreamAssignment } from "../session-file/schema.ts";
import type { SessionDevice } from "./device-set.ts";

/** An assignment of the session file, with the stream that fulfils it. */
export interface AssignedStream {
  readonly assignment: StreamAssignment;
  readonly stream: Stream;
}

/**
 * Finds the stream of every assignment; those of optional devices that are not there are left out.
 *
 * @throws SessionError naming the device and what it delivers, or the channel that two assignments share
 */
export function assignStreams(file: SessionFile, devices: readonly SessionDevice[]): AssignedStream[] {
  const assigned = file.streams.flatMap((assignment): AssignedStream[] => {
    const device = devices.find(({ id }) => id === assignment.device)!;
    if (device.failure !== undefined && device.optional) return [];
    if (device.failure !== undefined)
      throw new SessionError(
        `${assignment.person}'s ${assignment.signal} should come from "${assignment.device}", which could not be connected.`,
      );
    const withSamples = device.streams.filter(({ nominalSamplingRate }) => nominalSamplingRate > 0);
    const candidates =
      assignment.stream === undefined
        ? withSamples
        : device.streams.filter(({ name, id }) => name === assignment.stream || id === assignment.stream);
    const [stream] = candidates;
    if (candidates.length !== 1 || stream === undefined) {
      const names = namesOf(device.streams).join(", ") || "none";
      throw new SessionError(
        `${assignment.person}'s ${assignment.signal} should come from "${assignment.device}", which delivers ${names}: name one with stream:.`,
        { misuse: true },
      );
    }
    const missing = assignment.channels?.find(
      (label) => !stream.channels.some((channel) => channel.label.toLowerCase() === label.toLowerCase()),
    );
    if (missing !== undefined)
      throw new SessionError(
        `"${stream.name}" of ${assignment.device} has no channel ${missing} for ${assignment.person}: it has ${stream.channels.map(({ label }) => label).join(", ")}.`,
        { misuse: true },
      );
    return [{ assignment, stream }];
  });
  for (const [i, a] of assigned.entries()) for (const b of assigned.slice(i + 1)) forbidSharing(a, b);
  return assigned;
}

/** Names, or ids where names would not tell them apart. */
function namesOf(streams: readonly Stream[]): string[] {
  const isAmbiguous = new Set(streams.map(({ name }) => name)).size < streams.length;
  return streams.map(({ name, id }) => `"${isAmbiguous ? id : name}"`);
}

/** What the file cannot show: that a stream named once by its name and once not at all is the same one. */
function forbidSharing(a: AssignedStream, b: AssignedStream): void {
  if (a.stream.id !== b.stream.id) return;
  const [one, other] = [a.assignment, b.assignment];
  const both = one.person === other.person ? `${one.person} twice` : `${one.person} and ${other.person}`;
  if (one.channels === undefined || other.channels === undefined)
    throw new SessionError(`"${a.stream.name}" is given to ${both}: name the channels of each.`, {
      misuse: true,
    });
  const shared = one.channels.find((label) =>
    other.channels!.some((each) => each.toLowerCase() === label.toLowerCase()),
  );
  if (shared !== undefined)
    throw new SessionError(
      `channel ${shared} of "${a.stream.name}" is given to ${both}: a channel belongs to one person and one signal.`,
      { misuse: true },
    );
}

/**
 * The montages that coupling is computed from: one EEG assignment a person. Undefined where fewer than two people have one:
 * such a session is recorded and not analysed.
 */
export function couplingMontages(
  file: SessionFile,
  assigned: readonly AssignedStream[],
  settings: StudySettings,
): PersonMontage[] | undefined {
  const eeg = assigned.filter(({ assignment }) => assignment.signal === "eeg");
  const requests = file.people.flatMap(({ id, role }) => {
    const own = eeg.find(({ assignment }) => assignment.person === id);
    if (own === undefined) return [];
    const { channels } = own.assignment;
    return [{ id, role, stream: own.stream.id, ...(channels === undefined ? {} : { channels }) }];
  });
  if (requests.length < 2) return undefined;
  return resolvePeople(
    eeg.map(({ stream }) => stream),
    requests,
    settings,
  );
}
