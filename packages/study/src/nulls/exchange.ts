import { blockShuffle, permutation, runPreservingShuffle, type Uniform, WindowSet } from "@attune/core";
import type { ConditionData } from "../condition-data.ts";
import type { StudySettings } from "../settings.ts";
import type { NullContext } from "./context.ts";

/** Windows beyond this are exchanged in units of several neighbours, so that the number of different pairs stays bounded. */
const MOST_UNITS = 100;
/** Units of a condition that is longer still: there are more than enough of them, and memory and time fall by half. */
const UNITS_OF_LONG_CONDITIONS = 64;
const LONG_CONDITION = 200;
/** Four units can change partners in nine ways only, five in 44: below that the null is a handful of values. */
const FEWEST_UNITS = 5;
/** Heads are moved apart by at least this much, beyond the memory of either signal. */
const MINIMUM_SHIFT_SECONDS = 5;
/** Neighbouring windows of overlapping cuts move together for about this long. */
const SEGMENT_SECONDS = 6;

/** The windows in whole exchange units. */
export function exchangeUnits(
  { set }: ConditionData,
  settings: StudySettings,
): { set: WindowSet; unit: number } {
  const mostUnits = set.nWindows > LONG_CONDITION ? UNITS_OF_LONG_CONDITIONS : MOST_UNITS;
  const unit = settings.window.overlap > 0 ? 1 : Math.max(1, Math.ceil(set.nWindows / mostUnits));
  const whole = Math.floor(set.nWindows / unit) * unit;
  const people = set.people.map(({ id, nChannels }) => ({ id, nChannels }));
  return {
    set: whole === set.nWindows ? set : new WindowSet(people, set.nSamples, set.windows.slice(0, whole)),
    unit,
  };
}

/** Why so few units cannot be exchanged, or undefined when they are enough. */
export const tooFewToExchange = (nUnits: number): string | undefined =>
  nUnits < FEWEST_UNITS
    ? `too few windows to exchange: ${nUnits}, and ${FEWEST_UNITS} are the least`
    : undefined;

/** Seconds from the start of one window to the start of the next. */
export const hopSeconds = ({ window }: StudySettings): number => window.seconds * (1 - window.overlap);

/** Another window of the partner for every window, none that shares samples with its own. */
export function shuffleWindows(n: number, { settings, data }: NullContext, uniform: Uniform): Int32Array {
  if (settings.window.overlap === 0) return blockShuffle(n, { minimumShift: 1, uniform });
  const hop = hopSeconds(settings);
  const minimumShift = Math.ceil(settings.window.seconds / hop);
  const segmentLength = Math.max(2, Math.round(SEGMENT_SECONDS / hop));
  return runPreservingShuffle(runLengths(data, settings), { minimumShift, segmentLength, uniform });
}

/** Every shift that moves the heads apart far enough, in windows or units, in random order. */
export function possibleShifts(n: number, { settings, data }: NullContext, uniform: Uniform): Int32Array {
  if (n === 0) return new Int32Array(0);
  const unitSeconds = hopSeconds(settings) * Math.floor(data.set.nWindows / n);
  const shortest = Math.ceil(MINIMUM_SHIFT_SECONDS / unitSeconds);
  return permutation(Math.max(0, n - 2 * shortest + 1), uniform).map((step) => shortest + step);
}

/** Windows `shift` places later, round the end. */
export const rotated = (n: number, shift: number): Int32Array =>
  Int32Array.from({ length: n }, (_, w) => (w - shift + n) % n);

/** Lengths of the runs of windows that follow each other within an episode without a hole. */
export function runLengths(
  { firstIndices, episodes }: Pick<ConditionData, "firstIndices" | "episodes">,
  settings: StudySettings,
): number[] {
  const hop = Math.max(1, Math.round(hopSeconds(settings) * settings.analysisRate));
  const lengths: number[] = [];
  firstIndices.forEach((first, w) => {
    const follows = w > 0 && first - firstIndices[w - 1]! === hop && episodes[w] === episodes[w - 1];
    if (follows) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  });
  return lengths;
}
