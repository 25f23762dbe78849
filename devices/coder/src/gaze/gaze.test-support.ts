import type { StateChange } from "@attune/signal";
import type { GazeArea } from "./areas.ts";
import type { GazeChannels } from "./choose-channels.ts";
import { GazeTracker, type GazeTrackerOptions } from "./gaze-tracker.ts";

export const channels: GazeChannels = {
  eyes: [{ x: 0, y: 1, confidence: 2 }],
  coordinates: "normalised",
  chosen: "norm_pos_x (channel 1) and norm_pos_y (channel 2)",
};
export const face: GazeArea = {
  name: "face",
  state: "partner",
  shape: { kind: "rectangle", x: 0.4, y: 0.4, width: 0.2, height: 0.2 },
};
export const toy: GazeArea = {
  name: "toy",
  state: "object",
  shape: {
    kind: "polygon",
    points: [
      [0, 0],
      [0.3, 0],
      [0, 0.3],
    ],
  },
};
export const make = (options: Partial<GazeTrackerOptions> = {}): GazeTracker =>
  new GazeTracker({
    person: "infant",
    channels,
    areas: [face, toy],
    coordinates: "normalised",
    outside: "away",
    ...options,
  });

export type Place = "face" | "toy" | "out" | "lost" | "unsure";
export const POINT: Record<Place, [number, number, number]> = {
  face: [0.5, 0.5, 0.95],
  toy: [0.1, 0.1, 0.95],
  out: [0.9, 0.9, 0.95],
  lost: [Number.NaN, Number.NaN, 0],
  unsure: [0.5, 0.5, 0.3],
};
export const RATE = 100;

export interface Samples {
  readonly data: Float64Array;
  readonly times: Float64Array;
  readonly n: number;
}

/** Samples at 100 Hz from time 0: how long each place holds, in samples. */
export function samplesOf(script: readonly (readonly [Place, number])[], rate = RATE): Samples {
  const places = script.flatMap(([place, n]) => Array.from({ length: n }, () => place));
  const n = places.length;
  const data = new Float64Array(3 * n);
  places.forEach((place, i) => {
    POINT[place].forEach((value, c) => {
      data[c * n + i] = value;
    });
  });
  return { data, times: Float64Array.from({ length: n }, (_, i) => i / rate), n };
}

export function cut(
  { data, times, n }: Samples,
  from: number,
  to: number,
): [Float64Array, number, Float64Array] {
  const length = to - from;
  const part = new Float64Array(3 * length);
  for (let c = 0; c < 3; c++) part.set(data.subarray(c * n + from, c * n + to), c * length);
  return [part, length, times.subarray(from, to)];
}
export const pushAll = (tracker: GazeTracker, samples: Samples): StateChange[] =>
  tracker.push(samples.data, samples.n, samples.times);
export const said = (changes: readonly StateChange[]): string[] =>
  changes.map(({ state, at }) => `${at.toFixed(3)} ${state}`);
export const run = (
  script: readonly (readonly [Place, number])[],
  options: Partial<GazeTrackerOptions> = {},
): string[] => said(pushAll(make(options), samplesOf(script)));
