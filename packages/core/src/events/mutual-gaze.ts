import { median } from "../statistics/index.ts";
import { type BoutStatistics, boutStatistics } from "./bouts.ts";
import { intersectIntervals } from "./interval-algebra.ts";
import {
  type Intervals,
  isStrictlyWithin,
  lastAtOrBefore,
  requireObserved,
  SAME_TIME_SECONDS,
  totalSeconds,
} from "./intervals.ts";

/** Who did it, in counts. `unknown`: at the edge of observed time. */
export interface WhoCounts {
  readonly first: number;
  readonly second: number;
  readonly together: number;
  readonly unknown: number;
}

/** Two people's gaze at each other. `first` and `second` are the people in the order in which they were passed. */
export interface MutualGazeStatistics {
  readonly first: BoutStatistics;
  readonly second: BoutStatistics;
  readonly mutual: BoutStatistics;
  /** Share of mutual time if the two looked independently of each other: product of their shares. */
  readonly expectedShare: number;
  /** Share of the second's looking during which the first looks back. */
  readonly firstGivenSecond: number;
  readonly secondGivenFirst: number;
  /** Who was looking already when the other's look made it mutual. */
  readonly firstLooker: WhoCounts;
  /** Whose look away ended it. */
  readonly brokenBy: WhoCounts;
  /** How long the first looker waited for the other, seconds, over bouts in which both onsets were seen. */
  readonly medianJoinSeconds: { readonly first: number; readonly second: number };
}

/**
 * Mutual gaze as the intersection of both people's looks at each other, and who makes and breaks it.
 *
 * What nobody could see is left out of every share: unknown is not away. Bridge blinks and drop glances before
 * (`bridgePauses`, `dropShort`; coded mutual gaze uses 0.1 s). `medianJoinSeconds.first` is the wait of the first person.
 *
 * @throws OptionError for intervals out of order or no observed time
 */
export function mutualGazeStatistics(
  first: Intervals,
  second: Intervals,
  observed: Intervals,
): MutualGazeStatistics {
  requireObserved("mutualGazeStatistics", observed);
  const a = intersectIntervals(first, observed);
  const b = intersectIntervals(second, observed);
  const both = intersectIntervals(a, b);
  const looker = { first: 0, second: 0, together: 0, unknown: 0 };
  const breaker = { first: 0, second: 0, together: 0, unknown: 0 };
  const waits = { first: [] as number[], second: [] as number[] };
  for (let i = 0; i < both.onsets.length; i++) {
    const onset = both.onsets[i];
    const offset = both.offsets[i];
    const ofA = lastAtOrBefore(a.onsets, onset);
    const ofB = lastAtOrBefore(b.onsets, onset);
    if (!isStrictlyWithin(onset, observed)) looker.unknown++;
    else {
      const wait = b.onsets[ofB] - a.onsets[ofA];
      const who = earlier(a.onsets[ofA], b.onsets[ofB]);
      looker[who]++;
      if (who !== "together" && isStrictlyWithin(who === "first" ? a.onsets[ofA] : b.onsets[ofB], observed))
        waits[who].push(Math.abs(wait));
    }
    if (!isStrictlyWithin(offset, observed)) breaker.unknown++;
    else breaker[earlier(a.offsets[ofA], b.offsets[ofB])]++;
  }
  const mutualSeconds = totalSeconds(both);
  const statisticsOfFirst = boutStatistics(first, observed);
  const statisticsOfSecond = boutStatistics(second, observed);
  return {
    first: statisticsOfFirst,
    second: statisticsOfSecond,
    mutual: boutStatistics(both, observed),
    expectedShare: statisticsOfFirst.share * statisticsOfSecond.share,
    firstGivenSecond: mutualSeconds / statisticsOfSecond.seconds,
    secondGivenFirst: mutualSeconds / statisticsOfFirst.seconds,
    firstLooker: looker,
    brokenBy: breaker,
    medianJoinSeconds: { first: median(waits.first), second: median(waits.second) },
  };
}

function earlier(first: number, second: number): "first" | "second" | "together" {
  if (Math.abs(first - second) <= SAME_TIME_SECONDS) return "together";
  return first < second ? "first" : "second";
}
