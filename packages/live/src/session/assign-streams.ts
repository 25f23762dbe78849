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

/** Finds the stream of every assignment. @throws SessionError naming the device and what it delivers */
export function assignStreams(file: SessionFile, devices: readonly SessionDevice[]): AssignedStream[] {
  return file.streams.flatMap((assignment) => {
    const device = devices.find(({ id }) => id === assignment.device)!;
    if (device.failure !== undefined && device.optional) return [];
    const withSamples = device.streams.filter(({ nominalSamplingRate }) => nominalSamplingRate > 0);
    const candidates =
      assignment.stream === undefined
        ? withSamples
        : device.streams.filter(({ name, id }) => name === assignment.stream || id === assignment.stream);
    const [stream] = candidates;
    if (candidates.length !== 1 || stream === undefined) {
      const names = device.streams.map(({ name }) => `"${name}"`).join(", ") || "none";
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
