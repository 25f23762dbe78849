import type { PersonMontage } from "@attune/pipeline";
import type { Channel, Person, Role, Stream } from "@attune/signal";
import { StudyError } from "./errors.ts";
import type { StudySettings } from "./settings.ts";

/** Who takes part and which channels are theirs, as far as the caller says. */
export interface PersonRequest {
  readonly id: string;
  readonly role: Role;
  /** Stream name or id; needed where the recording does not say whose stream is whose. */
  readonly stream?: string;
  /** Channel labels; by default the profile's preferred sites, or all channels where there are few. */
  readonly channels?: readonly string[];
}

/** More nodes than this ask for a choice: a multivariate model of all channels would say nothing. */
const MOST_CHANNELS_WITHOUT_ASKING = 4;

/** Names that labs give to streams, by role. A hint for a default, never for a channel. */
const namesOfRole: Readonly<Record<"adult" | "infant", RegExp>> = {
  adult: /adult|mother|father|parent|caregiver|mum|mom|dad|teacher|experimenter/i,
  infant: /infant|baby|child|toddler|newborn/i,
};

/**
 * Decides which stream and which channels belong to whom. Facts about the world are asked for, not guessed: two streams that
 * do not say whose they are are an error that names them.
 */
export function resolvePeople(
  streams: readonly Stream[],
  requests: readonly PersonRequest[],
  settings: StudySettings,
): PersonMontage[] {
  const eeg = streams.filter(
    ({ nominalSamplingRate, channels }) => nominalSamplingRate > 0 && channels.length > 0,
  );
  if (eeg.length === 0)
    throw new StudyError("The recording has no stream with a sampling rate, so there is nothing to couple.", {
      misuse: false,
    });
  const montages = requests.map((request) => montageOf(request, streamFor(request, requests, eeg), settings));
  forbidSharedChannels(montages);
  if (settings.reference === "average") forbidSharedAverage(montages, eeg);
  return montages;
}

function streamFor(
  request: PersonRequest,
  requests: readonly PersonRequest[],
  streams: readonly Stream[],
): Stream {
  const named = streams.map(({ name }) => `"${name}"`).join(", ");
  if (request.stream !== undefined) {
    const wanted = request.stream;
    const found = streams.filter(({ id, name }) => id === wanted || name === wanted);
    if (found.length === 1) return found[0]!;
    throw new StudyError(
      found.length === 0
        ? `The recording has no stream "${wanted}" for ${request.id}: it has ${named}.`
        : `Several streams are called "${wanted}": name ${request.id}'s by its id (${found.map(({ id }) => id).join(", ")}).`,
    );
  }
  const brain = streams.filter(({ type }) => /^eeg$/i.test(type));
  const candidates = brain.length > 0 ? brain : streams;
  const owned = candidates.filter(({ person }) => person === request.id);
  if (owned.length === 1) return owned[0]!;
  if (candidates.length === 1) {
    if (requests.every(({ channels }) => channels !== undefined)) return candidates[0]!;
    throw new StudyError(
      `All channels are in one stream ("${candidates[0]!.name}"): say which are whose with --adult A,B --infant C,D (it has ${listLabels(candidates[0]!.channels)}).`,
    );
  }
  if (request.role !== "child") {
    const hinted = candidates.filter(({ name }) =>
      namesOfRole[request.role as "adult" | "infant"].test(name),
    );
    if (hinted.length === 1) return hinted[0]!;
  }
  throw new StudyError(
    `The recording does not say which stream is the ${request.id}'s: give --adult-stream and --infant-stream (it has ${named}).`,
  );
}

function montageOf(request: PersonRequest, stream: Stream, settings: StudySettings): PersonMontage {
  const labels = request.channels ?? defaultLabels(request, stream, settings);
  const channels = labels.map((label) => ({ label, row: rowOf(label, stream, request.id) }));
  const duplicate = labels.find((label, i) => labels.indexOf(label) !== i);
  if (duplicate !== undefined) throw new StudyError(`Channel ${duplicate} is named twice for ${request.id}.`);
  const person: Person = { id: request.id, role: request.role };
  const averageRows = settings.reference === "average" ? stream.channels.map((_, row) => row) : [];
  if (averageRows.length === 1) {
    throw new StudyError(
      `${request.id} has one channel only, whose average reference is zero: use --reference as-recorded.`,
    );
  }
  if (averageRows.length === channels.length) {
    throw new StudyError(
      `The average reference makes ${request.id}'s ${channels.length} channels add up to zero, and no model can be fitted to that: use --reference as-recorded, or take fewer of them.`,
    );
  }
  return {
    person,
    streamId: stream.id,
    nominalSamplingRate: stream.nominalSamplingRate,
    channels,
    toMicrovolts: commonUnit(stream, averageRows.length > 0 ? averageRows : channels.map(({ row }) => row)),
    averageRows,
  };
}

function defaultLabels(request: PersonRequest, stream: Stream, settings: StudySettings): string[] {
  const known = stream.channels.map(({ label }) => label);
  const preferred = settings.preferredChannels.flatMap((site) => {
    const found = known.find((label) => label.toLowerCase() === site.toLowerCase());
    return found === undefined ? [] : [found];
  });
  if (preferred.length === settings.preferredChannels.length) return preferred;
  if (known.length <= MOST_CHANNELS_WITHOUT_ASKING) return known;
  throw new StudyError(
    `"${stream.name}" lacks the profile's sites (${settings.preferredChannels.join(", ")}): choose ${request.id}'s channels with --${request.id} A,B from ${listLabels(stream.channels)}.`,
  );
}

function rowOf(label: string, stream: Stream, person: string): number {
  const exact = stream.channels.findIndex((channel) => channel.label === label);
  if (exact >= 0) return exact;
  const loose = stream.channels.findIndex((channel) => channel.label.toLowerCase() === label.toLowerCase());
  if (loose >= 0) return loose;
  throw new StudyError(
    `There is no channel "${label}" for ${person}: "${stream.name}" has ${listLabels(stream.channels)}.`,
  );
}

function forbidSharedChannels(montages: readonly PersonMontage[]): void {
  for (const a of montages) {
    for (const b of montages) {
      if (a === b || a.streamId !== b.streamId) continue;
      const shared = a.channels.find(({ row }) => b.channels.some((other) => other.row === row));
      if (shared !== undefined) {
        throw new StudyError(
          `Channel ${shared.label} is given to both ${a.person.id} and ${b.person.id}: a channel belongs to one person.`,
        );
      }
    }
  }
}

/** The average over a stream that several people wear would carry each head into the others. */
function forbidSharedAverage(montages: readonly PersonMontage[], streams: readonly Stream[]): void {
  for (const { streamId, person } of montages) {
    const other = montages.find((each) => each.streamId === streamId && each.person.id !== person.id);
    if (other === undefined) continue;
    const name = streams.find(({ id }) => id === streamId)!.name;
    throw new StudyError(
      `${person.id} and ${other.person.id} share the stream "${name}", whose average would mix their heads: use --reference as-recorded.`,
    );
  }
}

/** Microvolts per unit of the rows that are used, which must agree: a stream is scaled as a whole. */
function commonUnit({ name, channels }: Stream, rows: readonly number[]): number {
  const first = channels[rows[0]!]!;
  const odd = rows.map((row) => channels[row]!).find((each) => microvoltsPer(each) !== microvoltsPer(first));
  if (odd !== undefined) {
    throw new StudyError(
      `Channels ${first.label} (${first.unit || "no unit"}) and ${odd.label} (${odd.unit || "no unit"}) of "${name}" have different units: choose channels of one unit, or use --reference as-recorded.`,
    );
  }
  return microvoltsPer(first);
}

/** Unknown units are taken as microvolts: coupling does not depend on them, amplitude limits do. */
function microvoltsPer({ unit }: Channel): number {
  const name = unit.trim().toLowerCase().replace("\u00b5", "u").replace("\u03bc", "u");
  if (["v", "volt", "volts"].includes(name)) return 1e6;
  if (["mv", "millivolt", "millivolts"].includes(name)) return 1e3;
  if (["nv", "nanovolt", "nanovolts"].includes(name)) return 1e-3;
  return 1;
}

const listLabels = (channels: readonly Channel[]): string => {
  const labels = channels.map(({ label }) => label);
  return labels.length > 40
    ? `${labels.slice(0, 40).join(", ")} and ${labels.length - 40} more`
    : labels.join(", ");
};
