import { OptionError } from "../errors.ts";
import { median } from "../statistics/index.ts";
import {
  type Intervals,
  isStrictlyWithin,
  requireIntervals,
  requireObserved,
  SAME_TIME_SECONDS,
  spanIsWithin,
  totalSeconds,
} from "./intervals.ts";

export interface TurnOptions {
  /** Longest pause between speakers that still makes a turn, seconds: 1, 2 or 5. */
  readonly gapSeconds: number;
  /** Longest overlap that still makes a turn, seconds. Default: any (chattr takes 1). */
  readonly overlapSeconds?: number;
  /** When both could be heard. */
  readonly observed: Intervals;
}

/** Turns between two people. `first` and `second` are the streams in the order in which they were passed. */
export interface TurnTaking {
  readonly gapSeconds: number;
  /** Switches from the first person to the second. */
  readonly firstToSecond: number;
  readonly secondToFirst: number;
  readonly switchesPerMinute: number;
  /** `[switches]`, onset of the new speaker minus offset of the one before, seconds; negative where they overlap. */
  readonly transferOffsets: Float64Array;
  readonly medianTransferOffset: number;
  /** Share of switches that overlap. */
  readonly overlapShare: number;
  /** Changes of speaker across time that was not observed: nobody knows what happened in between. */
  readonly nUnknown: number;
  /** `[chains]`, turns in each unbroken chain of switches, 2 or more. */
  readonly chainLengths: Int32Array;
}

/**
 * Turn-taking of two people: both streams in one row by onset, and a switch wherever the speaker changes and the floor-transfer
 * offset (onset minus the other's offset) is at most the gap. No switch is asserted across unobserved time.
 *
 * @throws OptionError for a gap or an overlap below 0, intervals out of order or no observed time
 * @see Heldner & Edlund, Journal of Phonetics 38:555 (2010), floor-transfer offset; Warlaumont et al., Psychological Science
 *      25:1314 (2014), adults' immediate answers; chattr (R package), gap and overlap
 */
export function turnTaking(first: Intervals, second: Intervals, options: TurnOptions): TurnTaking {
  return turnTakingByKind([first], second, options)[0];
}

/**
 * The same with the first person's voice in kinds, such as protophones and cries. All of them stand in the row, so that what
 * follows a cry is not counted as an answer to the protophone before it; each switch is counted with the kind it came from
 * or went to. Chains are those in which every turn of the first person is of this kind.
 *
 * @param kinds one stream each, of one person
 * @returns one result per kind
 * @see Yoo, Bowman & Oller, Frontiers in Psychology 9:1510 (2018): caregivers overlap cries and take turns with protophones
 */
export function turnTakingByKind(
  kinds: readonly Intervals[],
  second: Intervals,
  { gapSeconds, overlapSeconds = Number.POSITIVE_INFINITY, observed }: TurnOptions,
): TurnTaking[] {
  if (!(gapSeconds >= 0 && overlapSeconds >= 0))
    throw new OptionError(
      `turnTaking needs gapSeconds and overlapSeconds >= 0, got ${gapSeconds} and ${overlapSeconds}.`,
    );
  for (const stream of [...kinds, second]) requireIntervals("turnTaking", stream);
  requireObserved("turnTaking", observed);
  const row = oneRow(kinds, second);
  const minutes = totalSeconds(observed) / 60;
  return kinds.map((_, kind) => {
    const offsets: number[] = [];
    const chains: number[] = [];
    let [firstToSecond, nUnknown, length] = [0, 0, 1];
    const breakChain = () => {
      if (length > 1) chains.push(length);
      length = 1;
    };
    for (let i = 1; i < row.length; i++) {
      const before = row[i - 1];
      const after = row[i];
      const concerned = before.kind === kind ? after.kind < 0 : before.kind < 0 && after.kind === kind;
      const transfer = after.onset - before.offset;
      if (
        !concerned ||
        transfer > gapSeconds + SAME_TIME_SECONDS ||
        transfer < -overlapSeconds - SAME_TIME_SECONDS
      ) {
        breakChain();
        continue;
      }
      const from = Math.min(before.offset, after.onset);
      if (
        !isStrictlyWithin(after.onset, observed) ||
        !spanIsWithin(from, Math.max(before.offset, after.onset), observed)
      ) {
        nUnknown++;
        breakChain();
        continue;
      }
      offsets.push(transfer);
      if (before.kind === kind) firstToSecond++;
      length++;
    }
    breakChain();
    return {
      gapSeconds,
      firstToSecond,
      secondToFirst: offsets.length - firstToSecond,
      switchesPerMinute: offsets.length / minutes,
      transferOffsets: Float64Array.from(offsets),
      medianTransferOffset: median(offsets),
      overlapShare: offsets.filter((offset) => offset < -SAME_TIME_SECONDS).length / offsets.length,
      nUnknown,
      chainLengths: Int32Array.from(chains),
    };
  });
}

/** All utterances by onset; who begins at the same time and ends first comes first. Kind -1 is the second person. */
function oneRow(kinds: readonly Intervals[], second: Intervals) {
  const row = [...kinds, second].flatMap(({ onsets, offsets }, kind) =>
    Array.from(onsets, (onset, i) => ({
      onset,
      offset: offsets[i],
      kind: kind === kinds.length ? -1 : kind,
    })),
  );
  return row.sort((a, b) => a.onset - b.onset || a.offset - b.offset || b.kind - a.kind);
}
