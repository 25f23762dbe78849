import type { Person, StateInterval } from "@attune/signal";
import type { StudySettings } from "../settings.ts";
import { isSteady, lasts, type StateRun, stateAt, stateRuns, UNKNOWN } from "./gaze-runs.ts";

const GAZE_LAYER = "gaze";
/** Gaze before and after the shift is steady at least this long. */
const STABLE_SECONDS = 0.5;
/** "Already looking" is asked this long before the shift, because both may be coded at the same instant. */
const JUST_BEFORE_SECONDS = 1e-6;

/** Where the epoch of an event begins and ends, seconds relative to the event. */
export interface EpochSpan {
  readonly before: number;
  readonly after: number;
}

/** One class of gaze shifts: who shifts to the partner, and whether the partner was already looking. */
export interface EventClass {
  /** Such as `adult gaze -> direct, mutual`. */
  readonly event: string;
  /** Onsets that may be used as far as gaze is concerned, seconds, in order. */
  readonly onsets: readonly number[];
  /** Onsets of the class that gaze itself rules out: unsteady before or after, or a second one inside the epoch. */
  readonly nUnsteady: number;
  /** Whether a time could stand in for an event: the same steadiness and the same partner state, but no shift near it. */
  readonly isQuiet: (time: number) => boolean;
}

type Mutuality = "mutual" | "non-mutual";

/**
 * Shifts of gaze to the partner, by sender and by whether the partner was already looking (sender and mutual classes of
 * Marriott Haresign et al. 2023). `direct` is the adult's word for the partner, `partner` everybody else's.
 *
 * The partners of an adult are the children and the other way round. Mutual: a partner was looking just before the
 * shift. Non-mutual: none was, and it is known of each of them. An onset of which that is not known is in neither class.
 * A state that was already there when the coding began is no onset.
 */
export function gazeEvents(
  people: readonly Person[],
  states: readonly StateInterval[],
  settings: StudySettings["states"],
  epoch: EpochSpan,
): EventClass[] {
  const gaze = people.map(({ id, role }) => ({
    id,
    isAdult: role === "adult",
    target: role === "adult" ? "direct" : "partner",
    runs: stateRuns(states, id, GAZE_LAYER, settings),
  }));
  return gaze.flatMap(({ id, isAdult, target, runs }) => {
    const partners = gaze.filter((other) => other.isAdult !== isAdult);
    const mutuality = (time: number): Mutuality | undefined => {
      const seen = partners.map((partner) => ({
        ...partner,
        state: stateAt(partner.runs, time - JUST_BEFORE_SECONDS),
      }));
      if (seen.some((partner) => partner.state === partner.target)) return "mutual";
      return seen.length > 0 && seen.every(({ state }) => state !== UNKNOWN) ? "non-mutual" : undefined;
    };
    const onsets = runs.flatMap((run, i) => (i > 0 && run.state === target ? [i] : []));
    const name = `${id} gaze -> ${target}`;
    return [
      classOf(name, runs, onsets, epoch, () => true),
      ...(["mutual", "non-mutual"] as const).map((kind) =>
        classOf(`${name}, ${kind}`, runs, onsets, epoch, (time) => mutuality(time) === kind),
      ),
    ].filter(({ onsets, nUnsteady }) => onsets.length + nUnsteady > 0);
  });
}

/** @param onsets indices of the runs that begin with a shift to the partner, of any class */
function classOf(
  event: string,
  runs: readonly StateRun[],
  onsets: readonly number[],
  { before, after }: EpochSpan,
  belongs: (time: number) => boolean,
): EventClass {
  const times = onsets.map((i) => runs[i]!.onset);
  const shiftsInEpoch = (time: number): number =>
    times.filter((other) => other >= time + before && other <= time + after).length;
  const isUsable = (i: number): boolean => {
    const run = runs[i]!;
    const previous = runs[i - 1]!;
    const isSeen = previous.state !== UNKNOWN;
    return (
      isSeen &&
      lasts(previous, STABLE_SECONDS) &&
      lasts(run, STABLE_SECONDS) &&
      shiftsInEpoch(run.onset) === 1
    );
  };
  const members = onsets.filter((i) => belongs(runs[i]!.onset));
  const usable = members.filter(isUsable);
  return {
    event,
    onsets: usable.map((i) => runs[i]!.onset),
    nUnsteady: members.length - usable.length,
    isQuiet: (time) =>
      isSteady(runs, time - STABLE_SECONDS, time + STABLE_SECONDS) &&
      shiftsInEpoch(time) === 0 &&
      belongs(time),
  };
}
