import type { Timeline } from "@attune/wire/page";

export interface GazeLayer {
  readonly person: string;
  readonly layer: string;
}

/** Nearer than this the position is at the onset. */
const AT_SECONDS = 0.05;

/** Times at which a state of a layer begins, each after another state; `unknown` is no onset. */
export function gazeOnsets({ intervals }: Timeline, { person, layer }: GazeLayer): number[] {
  return intervals
    .filter((each) => each.person === person && each.layer === layer && each.state !== "unknown")
    .map(({ onset }) => onset)
    .sort((a, b) => a - b);
}

export const nextOnset = (onsets: readonly number[], position: number): number | undefined =>
  onsets.find((onset) => onset > position + AT_SECONDS);

/** While it plays, the onset just passed is not the one that is meant. */
export function previousOnset(
  onsets: readonly number[],
  position: number,
  isPlaying: boolean,
): number | undefined {
  const margin = isPlaying ? 1 : AT_SECONDS;
  return onsets.findLast((onset) => onset < position - margin);
}
