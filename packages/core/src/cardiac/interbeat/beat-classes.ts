import { quantileOfSorted } from "../../clock/order-statistics.ts";
import { berntsonArtefacts } from "./berntson.ts";
import { interbeatIntervals } from "./interbeat-intervals.ts";
import { lipponenTarvainenArtefacts } from "./lipponen-tarvainen.ts";

/** Beat numbers by what is to be done with them. */
export interface BeatClasses {
  /** Delete. */
  readonly extra: readonly number[];
  /** Insert one before. */
  readonly missed: readonly number[];
  /** Move to the middle of their neighbours. */
  readonly misplaced: readonly { readonly beat: number; readonly mark: "ectopic" | "long" | "short" }[];
  /** The interval up to this beat is wrong and nothing explains it. */
  readonly unexplained: readonly { readonly beat: number; readonly mark: "long" | "short" }[];
}

/** Classes of Lipponen and Tarvainen as things to do. */
export function lipponenTarvainenClasses(beatTimes: ArrayLike<number>): BeatClasses {
  const { ectopic, missed, extra, long, short } = lipponenTarvainenArtefacts(beatTimes);
  const misplaced = [
    ...ectopic.map((beat) => ({ beat, mark: "ectopic" as const })),
    ...long.map((beat) => ({ beat, mark: "long" as const })),
    ...short.map((beat) => ({ beat, mark: "short" as const })),
  ];
  return { extra, missed, misplaced, unexplained: [] };
}

/**
 * Berntson's criterion says which differences are too large, not which beat is at fault. An interval is taken for
 * wrong when a flagged difference touches it and it lies further than the criterion from the median of the 11
 * intervals about it. Then, with the criterion as tolerance: two intervals that add up to one median had an extra
 * beat between them; one that halves to the median lacks one; two whose mean is the median share an ectopic beat.
 */
export function berntsonClasses(beatTimes: ArrayLike<number>): BeatClasses {
  const { intervals } = interbeatIntervals(beatTimes);
  const { criterion, flagged } = berntsonArtefacts(intervals);
  const large = new Set(flagged);
  const extra: number[] = [];
  const missed: number[] = [];
  const misplaced: { beat: number; mark: "ectopic" }[] = [];
  const unexplained: { beat: number; mark: "long" | "short" }[] = [];
  for (let k = 0; k < intervals.length; k++) {
    if (!large.has(k) && !large.has(k + 1)) continue;
    const window = intervals.slice(Math.max(0, k - 5), k + 6).sort();
    const typical = quantileOfSorted(window, 0.5);
    const near = (value: number) => Math.abs(value - typical) <= criterion;
    if (near(intervals[k])) continue;
    const next = intervals[k + 1];
    if (near(intervals[k] + next)) extra.push(++k);
    else if (near(intervals[k] / 2)) missed.push(k + 1);
    else if (near((intervals[k] + next) / 2)) misplaced.push({ beat: ++k, mark: "ectopic" });
    else unexplained.push({ beat: k + 1, mark: intervals[k] > typical ? "long" : "short" });
  }
  return { extra, missed, misplaced, unexplained };
}
