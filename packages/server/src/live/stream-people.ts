import type { LiveSession } from "@attune/live";
import type { Stream } from "@attune/signal";
import type { PageChannel, PageStream } from "@attune/wire/page";

type Signal = PageChannel["signal"];
type Assigned = ReturnType<LiveSession["assignments"]>[number];

/** Streams as pages know them, with whose channels they are. */
export function pageStreams(session: LiveSession): PageStream[] {
  const assigned = assignedOf(session);
  return session.streams.map((stream) => {
    const own = assigned.filter((each) => each.stream.id === stream.id);
    return {
      id: stream.id,
      name: stream.name,
      device: deviceOf(session, stream),
      type: stream.type,
      samplingRate: stream.nominalSamplingRate,
      channels: stream.channels.map(({ label, unit }) => ({ label, unit, ...ownerOf(label, stream, own) })),
    };
  });
}

/** What is assigned; nothing while a device that should deliver it is not there. */
export function assignedOf(session: LiveSession): readonly Assigned[] {
  try {
    return session.assignments();
  } catch {
    return [];
  }
}

/** A channel that nobody named is of the person whose all the others are: a cap has one head in it. */
export function ownerOf(
  label: string,
  { type }: Stream,
  own: readonly Assigned[],
): { readonly person: string | null; readonly signal: Signal } {
  const named = own.find(
    ({ assignment: { channels } }) =>
      channels === undefined || channels.some((each) => each.toLowerCase() === label.toLowerCase()),
  );
  const people = new Set(own.map(({ assignment }) => assignment.person));
  const signals = new Set(own.map(({ assignment }) => assignment.signal));
  return {
    person: named?.assignment.person ?? (people.size === 1 ? [...people][0]! : null),
    signal: named?.assignment.signal ?? (signals.size === 1 ? [...signals][0]! : signalOf(type)),
  };
}

function signalOf(type: string): Signal {
  const known = {
    eeg: "eeg",
    ecg: "ecg",
    ekg: "ecg",
    respiration: "respiration",
    gsr: "eda",
    eda: "eda",
    gaze: "gaze",
  };
  const name = type.toLowerCase();
  return Object.hasOwn(known, name) ? (known[name as keyof typeof known] as Signal) : "other";
}

/** Streams of another layout go on under the id of the first with a number. */
export const deviceOf = (session: LiveSession, { id }: { readonly id: string }): string =>
  session.devices.find(({ streams }) => streams.some((each) => each.id === id.replace(/#\d+$/, "")))?.id ??
  "";
