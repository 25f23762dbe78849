import type { ChannelQuality, Hello } from "@attune/wire/page";
import { type ElectrodePosition, electrodePosition } from "./electrode-positions.ts";

type Quality = ChannelQuality["channels"][number];

export interface Electrode {
  readonly label: string;
  readonly unit: string;
  readonly light: Quality["light"];
  readonly quality: Quality | undefined;
  /** Undefined where the label names no standard place. */
  readonly position: ElectrodePosition | undefined;
}

/** All electrodes and other sensors of a person; what has no place on the head (ECG among it) has no position. */
export function electrodesOf(
  person: string,
  hello: Hello,
  quality: ReadonlyMap<string, ChannelQuality>,
): Electrode[] {
  return hello.streams.flatMap((stream) =>
    stream.samplingRate <= 0
      ? []
      : stream.channels
          .filter((channel) => channel.person === person && channel.signal !== "gaze")
          .map(({ label, unit, signal }) => {
            const found = quality.get(stream.id)?.channels.find((channel) => channel.label === label);
            return {
              label,
              unit,
              light: found?.light ?? "unknown",
              quality: found,
              position: signal === "eeg" ? electrodePosition(label) : undefined,
            };
          }),
  );
}

/** How many electrodes have each light. */
export function countLights(electrodes: readonly Electrode[]): Record<Quality["light"], number> {
  const counts = { good: 0, fair: 0, poor: 0, unknown: 0 };
  for (const { light } of electrodes) counts[light]++;
  return counts;
}
