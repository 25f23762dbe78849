import type { BeatClasses } from "./beat-classes.ts";

/**
 * A long or short interval may be the fault of the beat that opens it: one misplaced beat lies twice as far off the
 * middle of its neighbours as either of them does.
 */
const openingAtFault = 1.5;

/**
 * The floor of the online gate, s. In a quiet preterm heart the thresholds of Lipponen and Tarvainen shrink to a few
 * ms and would move 3 % of the good beats.
 */
const smallestMoveSeconds = 0.02;

/** What happened to a beat: "missed" was put in, "extra" was taken out. */
export type BeatMark = "kept" | "ectopic" | "missed" | "extra" | "long" | "short";

export interface TrainBeat {
  time: number;
  /** Number of the beat in the raw train, -1 for one that was put in. */
  readonly origin: number;
  mark: BeatMark;
  /** Raw beats that were taken out between the beat before and this one. */
  extraBefore: number;
  /** The interval up to this beat is wrong and was not repaired. */
  unexplained: boolean;
}

export function rawTrain(beatTimes: ArrayLike<number>, from: number, to: number): TrainBeat[] {
  const train: TrainBeat[] = [];
  for (let k = from; k < to; k++)
    train.push({ time: beatTimes[k], origin: k, mark: "kept", extraBefore: 0, unexplained: false });
  return train;
}

/**
 * Repairs a train in passes: find, repair, find again, for as long as fewer are found than before.
 *
 * A misplaced beat beside another repair of the same pass is left for the next pass: one bad beat disturbs up to
 * three intervals, and moving its good neighbours would be three corrections where one is needed. A beat less than
 * 20 ms off the middle of its neighbours stays.
 *
 * @param rawMarks written at `origin` of each beat that was taken out or moved
 */
export function repairTrain(
  train: TrainBeat[],
  classify: (beatTimes: ArrayLike<number>) => BeatClasses,
  rawMarks: BeatMark[],
): TrainBeat[] {
  let beats = train;
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    const classes = classify(beats.map((beat) => beat.time));
    const movable = beatsToMove(beats, classes.misplaced);
    const nFound = classes.extra.length + classes.missed.length + movable.length;
    const last = nFound === 0 || nFound >= before;
    if (last) {
      for (const { beat, mark } of classes.unexplained) {
        beats[beat].unexplained = true;
        if (beats[beat].mark === "kept") setMark(beats[beat], mark, rawMarks);
      }
      return beats;
    }
    before = nFound;
    beats = repairOnce(beats, classes, movable, rawMarks);
  }
}

function setMark(beat: TrainBeat, mark: BeatMark, rawMarks: BeatMark[]): void {
  beat.mark = mark;
  if (beat.origin >= 0) rawMarks[beat.origin] = mark;
}

type Misplaced = BeatClasses["misplaced"][number];

/** Misplaced beats that are worth a move, the furthest off the middle of their neighbours first. */
function beatsToMove(beats: readonly TrainBeat[], misplaced: BeatClasses["misplaced"]): Misplaced[] {
  const offset = (k: number) =>
    k <= 0 || k >= beats.length - 1
      ? -1
      : Math.abs(beats[k].time - (beats[k - 1].time + beats[k + 1].time) / 2);
  const atFault = (beat: number) => (offset(beat - 1) > openingAtFault * offset(beat) ? beat - 1 : beat);
  return misplaced
    .map(({ beat, mark }) => ({ beat: mark === "ectopic" ? beat : atFault(beat), mark }))
    .filter(({ beat }) => offset(beat) >= smallestMoveSeconds)
    .sort((a, b) => offset(b.beat) - offset(a.beat) || a.beat - b.beat);
}

function repairOnce(
  beats: TrainBeat[],
  classes: BeatClasses,
  movable: readonly Misplaced[],
  rawMarks: BeatMark[],
): TrainBeat[] {
  const touched = new Set<number>([...classes.extra, ...classes.missed]);
  for (const { beat, mark } of movable) {
    if (touched.has(beat - 1) || touched.has(beat) || touched.has(beat + 1)) continue;
    touched.add(beat);
    beats[beat].time = (beats[beat - 1].time + beats[beat + 1].time) / 2;
    setMark(beats[beat], mark, rawMarks);
  }
  const extra = new Set(classes.extra);
  const missed = new Set(classes.missed);
  const repaired: TrainBeat[] = [];
  let takenOut = 0;
  for (let k = 0; k < beats.length; k++) {
    const beat = beats[k];
    if (extra.has(k)) {
      setMark(beat, "extra", rawMarks);
      takenOut += 1 + beat.extraBefore;
      continue;
    }
    if (missed.has(k) && k > 0 && !extra.has(k - 1)) {
      const time = (beats[k - 1].time + beat.time) / 2;
      repaired.push({ time, origin: -1, mark: "missed", extraBefore: takenOut, unexplained: false });
      takenOut = 0;
    }
    beat.extraBefore += takenOut;
    takenOut = 0;
    repaired.push(beat);
  }
  return repaired;
}
