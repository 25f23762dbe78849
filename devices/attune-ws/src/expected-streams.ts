import type { StreamDescription } from "@attune/wire";
import type { Converted } from "./converters/converted.ts";
import type { AttuneWsSettings } from "./settings.ts";

type Layout = Pick<StreamDescription, "name" | "channels" | "nominalSamplingRate">;

/** Name of the one stream of a sender that names none. */
export const FOREIGN_STREAM = "samples";

/**
 * How announced streams differ from those that the session file expects, as half a sentence; undefined when
 * they agree.
 */
export function differenceFromExpected(
  announced: readonly StreamDescription[],
  expected: readonly Layout[],
): string | undefined {
  for (const one of expected) {
    const found = announced.find((stream) => stream.name === one.name);
    if (!found) return `no stream "${one.name}"`;
    const difference = differenceInLayout(found, one);
    if (difference) return difference;
  }
  return announced.length > expected.length
    ? `${announced.length} streams, expected ${expected.length}`
    : undefined;
}

/** How the layout of a stream that is known differs from what a client announces when it comes back. */
export function differenceInLayout(announced: Layout, known: Omit<Layout, "name">): string | undefined {
  const { name } = announced;
  if (announced.channels.length !== known.channels.length)
    return `stream "${name}" has ${announced.channels.length} channels, expected ${known.channels.length}`;
  const c = announced.channels.findIndex(
    (channel, k) => channel.label !== known.channels[k]!.label || channel.unit !== known.channels[k]!.unit,
  );
  if (c >= 0)
    return `channel ${c + 1} of "${name}" is ${describe(announced.channels[c]!)}, expected ${describe(known.channels[c]!)}`;
  return announced.nominalSamplingRate === known.nominalSamplingRate
    ? undefined
    : `stream "${name}" has ${announced.nominalSamplingRate} Hz, expected ${known.nominalSamplingRate} Hz`;
}

/**
 * What a sender that says no hello delivers: what the session file says, filled up with what its first
 * samples say. A sentence where neither says enough, or they differ.
 */
export function describeForeign(
  samples: Extract<Converted, { kind: "samples" }>,
  expected: AttuneWsSettings["streams"],
): StreamDescription | string {
  const known = expected?.[0];
  const channels = known?.channels ?? samples.channels;
  const nominalSamplingRate = known?.nominalSamplingRate ?? samples.samplingRate;
  if (!channels) return "the messages name no channels; list them under `streams` in the session file";
  if (nominalSamplingRate === undefined)
    return "the messages name no sampling rate; set nominalSamplingRate under `streams` in the session file";
  if (channels.length !== samples.nChannels)
    return `the messages hold ${samples.nChannels} channels, expected ${channels.length}`;
  const wrong = samples.channels?.findIndex((channel, c) => channel.label !== channels[c]!.label) ?? -1;
  if (wrong >= 0)
    return `channel ${wrong + 1} is "${samples.channels![wrong]!.label}", expected "${channels[wrong]!.label}"`;
  return {
    name: known?.name ?? FOREIGN_STREAM,
    type: known?.type ?? "EEG",
    channels,
    nominalSamplingRate,
    sampleFormat: "double64",
    declaredLatency: 0,
    sourceId: "",
  };
}

function describe(channel: { readonly label: string; readonly unit: string }): string {
  return `"${channel.label}" in "${channel.unit}"`;
}
