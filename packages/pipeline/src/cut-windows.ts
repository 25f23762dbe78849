import type { AlignedChunk, Window } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import { reasonsOf } from "./reasons.ts";

/** One person's samples that windows may still need, with the grid index of the first. */
interface Track {
  readonly person: string;
  readonly nChannels: number;
  firstIndex: number;
  /** Grid index after the newest sample. */
  end: number;
  /** One buffer a channel: first the filtered ones, then the same channels unfiltered. */
  rows: Float64Array[];
  mask: Uint16Array;
}

export interface CutWindowsOptions {
  /** People in model order with their channel counts. */
  readonly people: readonly { readonly id: string; readonly nChannels: number }[];
  readonly windowSamples: number;
  readonly hopSamples: number;
  readonly samplingRate: number;
}

/**
 * Cuts the same stretch of session time for every person, once all of them have it.
 *
 * Windows begin at grid indices that are multiples of the hop, from the first at which everybody has samples: where they lie
 * depends on the session clock alone, not on who started when or how the data were chunked. A window with a sample
 * that cannot be used is emitted with its problems; nothing is moved together across a gap. A last
 * window that is not full is dropped.
 */
export function cutWindows(options: CutWindowsOptions): OperatorFunction<AlignedChunk, Window> {
  return (chunks) =>
    defer(() => {
      const tracks: (Track | undefined)[] = options.people.map(() => undefined);
      let index = 0;
      let next = Number.NaN;
      return chunks.pipe(
        mergeMap((chunk) => {
          const person = options.people.findIndex(({ id }) => id === chunk.person);
          if (person < 0 || chunk.nSamples === 0) return [];
          const capacity = 2 * options.windowSamples + options.hopSamples;
          const track = tracks[person] ?? emptyTrack(chunk, options.people[person]!.nChannels, capacity);
          tracks[person] = track;
          append(track, chunk);
          const ready: Window[] = [];
          if (!everyoneHasStarted(tracks)) return ready;
          if (Number.isNaN(next)) {
            const start = Math.max(...tracks.map(({ firstIndex }) => firstIndex));
            next = Math.ceil(start / options.hopSamples) * options.hopSamples;
          }
          while (tracks.every(({ end }) => end >= next + options.windowSamples)) {
            ready.push(cut(tracks, next, index, options));
            index++;
            next += options.hopSamples;
            for (const each of tracks) forget(each, next);
          }
          return ready;
        }),
      );
    });
}

const everyoneHasStarted = (tracks: (Track | undefined)[]): tracks is Track[] =>
  tracks.every((track) => track !== undefined);

const emptyTrack = (chunk: AlignedChunk, nChannels: number, capacity: number): Track => ({
  person: chunk.person,
  nChannels,
  firstIndex: chunk.firstIndex,
  end: chunk.firstIndex,
  rows: Array.from({ length: 2 * nChannels }, () => new Float64Array(capacity)),
  mask: new Uint16Array(capacity),
});

function append(track: Track, chunk: AlignedChunk): void {
  if (chunk.firstIndex !== track.end) {
    throw new Error(
      `${chunk.person}: aligned samples must follow each other on the grid; expected index ${track.end}, got ${chunk.firstIndex}`,
    );
  }
  const used = track.end - track.firstIndex;
  const needed = used + chunk.nSamples;
  if (needed > track.mask.length) grow(track, Math.max(needed, 2 * track.mask.length));
  for (let c = 0; c < track.nChannels; c++) {
    const part = [c * chunk.nSamples, (c + 1) * chunk.nSamples] as const;
    track.rows[c]!.set(chunk.data.subarray(...part), used);
    track.rows[track.nChannels + c]!.set(chunk.unfiltered.subarray(...part), used);
  }
  track.mask.set(chunk.mask, used);
  track.end += chunk.nSamples;
}

function grow(track: Track, capacity: number): void {
  track.rows = track.rows.map((channel) => {
    const larger = new Float64Array(capacity);
    larger.set(channel);
    return larger;
  });
  const mask = new Uint16Array(capacity);
  mask.set(track.mask);
  track.mask = mask;
}

function forget(track: Track, firstNeeded: number): void {
  const surplus = Math.min(firstNeeded, track.end) - track.firstIndex;
  if (surplus < track.mask.length / 2) return;
  const used = track.end - track.firstIndex;
  for (const row of track.rows) row.copyWithin(0, surplus, used);
  track.mask.copyWithin(0, surplus, used);
  track.firstIndex += surplus;
}

function cut(
  tracks: readonly Track[],
  firstIndex: number,
  index: number,
  options: CutWindowsOptions,
): Window {
  const { windowSamples, samplingRate } = options;
  const nChannels = tracks.reduce((sum, track) => sum + track.nChannels, 0);
  const data = new Float64Array(nChannels * windowSamples);
  const unfiltered = new Float64Array(nChannels * windowSamples);
  const problems: { person: string; reason: Window["problems"][number]["reason"] }[] = [];
  let row = 0;
  for (const track of tracks) {
    const from = firstIndex - track.firstIndex;
    let seen = 0;
    for (let n = 0; n < windowSamples; n++) seen |= track.mask[from + n]!;
    for (const reason of reasonsOf(seen)) problems.push({ person: track.person, reason });
    for (let c = 0; c < track.nChannels; c++, row++) {
      data.set(track.rows[c]!.subarray(from, from + windowSamples), row * windowSamples);
      const raw = track.rows[track.nChannels + c]!;
      unfiltered.set(raw.subarray(from, from + windowSamples), row * windowSamples);
    }
  }
  return {
    kind: "window",
    index,
    firstIndex,
    nSamples: windowSamples,
    samplingRate,
    start: firstIndex / samplingRate,
    data,
    unfiltered,
    problems,
  };
}
