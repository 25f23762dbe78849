import type { PointEvent, StateChange } from "@attune/signal";
import type { Playable } from "./play.ts";
import { markerInput } from "./states/marker-input.ts";

/** Every marker and state of a recording by whole-file time. */
export async function listMarkers(source: Playable): Promise<(PointEvent | StateChange)[]> {
  const all: (PointEvent | StateChange)[] = [];
  for (const stream of source.streams) {
    if (stream.format !== "string") continue;
    const nChannels = stream.channels.length;
    const BLOCK = 4096;
    for (let from = 0; from < stream.nSamples; from += BLOCK) {
      const { text = [], sessionTime } = await source.read(stream.id, { fromSample: from, nSamples: BLOCK });
      for (let k = 0; k < sessionTime.length; k++)
        all.push(...markerInput(stream, text.slice(k * nChannels, (k + 1) * nChannels), sessionTime[k]!));
    }
  }
  return all.sort((a, b) => a.at - b.at);
}
