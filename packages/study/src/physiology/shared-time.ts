import { median } from "@attune/core";
import { StudyError } from "../errors.ts";
import type { ReadHeart } from "./hearts/read-hearts.ts";
import type { SharedTime } from "./hearts/shared-span.ts";
import type { DyadSettings } from "./request.ts";

const SHORTEST_SECONDS = 60;

/** No beat is missed in what lies beyond the first and last one by less than this, seconds. */
const LONGEST_BEAT = 1;

/** The last of a whole number of samples or beats lies short of the end: an end may lie one beat further out. */
function beatOf({ beats: { times } }: ReadHeart): number {
  const intervals = Array.from(times.subarray(1), (time, k) => time - times[k]!);
  return Math.min(LONGEST_BEAT, median(intervals));
}

/** The whole seconds in which both hearts were recorded, give or take a beat, or the part of them that was asked for. */
export function sharedTime(hearts: readonly ReadHeart[], settings: DyadSettings): SharedTime {
  const { epochSeconds, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = settings;
  const start = Math.max(
    0,
    Math.ceil(Math.max(from, ...hearts.map((heart) => heart.beats.firstTime - beatOf(heart)))),
  );
  const end = Math.floor(Math.min(to, ...hearts.map((heart) => heart.beats.lastTime + beatOf(heart))));
  if (!(end - start >= SHORTEST_SECONDS))
    throw new StudyError(
      `The hearts share ${Math.max(0, end - start)} s, and covariation needs ${SHORTEST_SECONDS} s or more: look at attune info for when each stream runs, and at --from and --to.`,
      { misuse: false },
    );
  return { start, end, epochSeconds, nEpochs: Math.floor((end - start) / epochSeconds) };
}
