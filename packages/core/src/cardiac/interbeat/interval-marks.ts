import { median } from "../../statistics/index.ts";
import type { BeatMark, TrainBeat } from "./beat-train.ts";
import { badRunLength, type Population, populationLimits } from "./population.ts";

/** How an interval came to its value: "missing" is NaN; "missed" and "extra" name the beat that was wrong. */
export type IntervalMark = BeatMark | "missing";

const surroundings = 10;
const farOffShare = 0.3;

/**
 * Judges what repairs have made of each interval, by closing beat.
 *
 * @param beats the repaired train
 * @param intervals `[beats - 1]`, ms
 */
export function intervalMarks(
  beats: readonly TrainBeat[],
  intervals: Float64Array,
  population: Population,
): IntervalMark[] {
  const { shortest, longest } = populationLimits(population);
  const marks: IntervalMark[] = [];
  let runStart = 0;
  let runChanges = 0;
  for (let k = 0; k < intervals.length; k++) {
    const closing = beats[k + 1];
    const mark = changeOf(beats[k], closing);
    const wrong = closing.unexplained || !(intervals[k] >= shortest && intervals[k] <= longest);
    marks.push(wrong || (mark !== "kept" && farOff(intervals, k)) ? "missing" : mark);
    if (mark === "kept") {
      runStart = k + 1;
      runChanges = 0;
      continue;
    }
    runChanges += closing.extraBefore + (closing.mark === "kept" ? 0 : 1);
    if (runChanges < badRunLength) continue;
    marks.fill("missing", runStart, k + 1);
    runStart = k + 1;
  }
  // Damage that no criterion saw lies beside the damage that one did: beats of noise at an even pace, for one.
  for (let k = 1; k < marks.length; k++)
    if (marks[k - 1] === "missing" && farOff(intervals, k)) marks[k] = "missing";
  for (let k = marks.length - 2; k >= 0; k--)
    if (marks[k + 1] === "missing" && farOff(intervals, k)) marks[k] = "missing";
  return marks;
}

function changeOf(opening: TrainBeat, closing: TrainBeat): BeatMark {
  if (closing.extraBefore > 0) return "extra";
  if (closing.mark !== "kept") return closing.mark;
  // A beat that stayed where it was does not change the interval that it opens.
  return opening.unexplained ? "kept" : opening.mark;
}

function farOff(intervals: Float64Array, k: number): boolean {
  const typical = median(intervals.subarray(Math.max(0, k - surroundings), k + surroundings + 1));
  return Math.abs(intervals[k] - typical) > farOffShare * typical;
}
