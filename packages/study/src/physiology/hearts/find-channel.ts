import type { RecordedStream } from "@attune/recording";
import type { Role } from "@attune/signal";
import { StudyError } from "../../errors.ts";
import type { MemberRequest } from "../request.ts";

/** A channel of a recording. */
export interface ChannelPlace {
  readonly stream: RecordedStream;
  readonly row: number;
  readonly label: string;
  readonly unit: string;
}

const younger = /infant|baby|child|newborn|toddler/i;
const namesOfRole: Readonly<Record<Role, RegExp>> = {
  adult: /adult|mother|father|parent|caregiver|mum|mom|dad/i,
  infant: younger,
  child: younger,
};

/**
 * Finds a channel by `label`, `stream/label` or the name of a stream with one channel. Where several streams have the label,
 * the one that the recording gives to the person, or whose name says so, is taken; anything else is asked for.
 *
 * @param option how the person would name it, for messages: `--adult-ecg`
 */
export function findChannel(
  streams: readonly RecordedStream[],
  wanted: string,
  member: MemberRequest,
  option: string,
): ChannelPlace {
  const numeric = streams.filter(
    ({ nominalSamplingRate, format }) => nominalSamplingRate > 0 && format !== "string",
  );
  const places = numeric.flatMap((stream) =>
    stream.channels.map(({ label, unit }, row): ChannelPlace => ({ stream, row, label, unit })),
  );
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const found = places.filter(
    ({ stream, label }) => same(`${stream.name}/${label}`, wanted) || same(`${stream.id}/${label}`, wanted),
  );
  const byLabel = found.length > 0 ? found : places.filter(({ label }) => same(label, wanted));
  const candidates =
    byLabel.length > 0
      ? byLabel
      : places.filter(({ stream }) => same(stream.name, wanted) && stream.channels.length === 1);
  if (candidates.length === 1) return candidates[0]!;
  const known = places.map(({ stream, label }) => `${stream.name}/${label}`);
  if (candidates.length === 0)
    throw new StudyError(
      `There is no channel "${wanted}" for ${member.id} (${option}): the recording has ${listed(known)}.`,
    );
  const owned = candidates.filter(({ stream }) => stream.person === member.id);
  if (owned.length === 1) return owned[0]!;
  const named = candidates.filter(({ stream }) => namesOfRole[member.role].test(stream.name));
  if (named.length === 1) return named[0]!;
  throw new StudyError(
    `Several streams have a channel "${wanted}": say which is ${member.id}'s with ${option} STREAM/CHANNEL (${listed(candidates.map(({ stream, label }) => `${stream.name}/${label}`))}).`,
  );
}

const listed = (names: readonly string[]): string =>
  names.length === 0
    ? "no channel with a sampling rate"
    : names.length > 30
      ? `${names.slice(0, 30).join(", ")} and ${names.length - 30} more`
      : names.join(", ");
