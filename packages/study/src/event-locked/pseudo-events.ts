import { shuffle, type Uniform } from "@attune/core";
import type { EventClass } from "./gaze-events.ts";
import { EPOCH, type EpochCutter } from "./trials.ts";

/** Possible times are looked at this far apart, seconds. */
const GRID_SECONDS = 0.05;

/**
 * Epochs around random times at which nothing happened: as many as asked for, or undefined when the recording has not
 * that many.
 *
 * No shift of the sender to the partner lies in the epoch, so the nearest is at least 1 s away; the sender's gaze
 * is steady around the time as it is around an event, the partner's state is that of the class, and everybody is
 * clean. Two of these times are as far apart as two events may be.
 */
export function drawPseudoEvents(
  cutter: EpochCutter,
  { isQuiet }: EventClass,
  n: number,
  uniform: Uniform,
): Float64Array[] | undefined {
  const { first, last } = cutter.span;
  const candidates: number[] = [];
  for (let k = Math.ceil(first / GRID_SECONDS); k * GRID_SECONDS <= last; k++) {
    if (isQuiet(k * GRID_SECONDS)) candidates.push(k * GRID_SECONDS);
  }
  shuffle(candidates, uniform);
  const taken: number[] = [];
  const epochs: Float64Array[] = [];
  for (const time of candidates) {
    if (epochs.length === n) break;
    if (taken.some((other) => Math.abs(other - time) < EPOCH.after)) continue;
    const epoch = cutter.cut(time);
    if (epoch === undefined) continue;
    taken.push(time);
    epochs.push(epoch);
  }
  return epochs.length === n ? epochs : undefined;
}
