import { StudyError } from "../errors.ts";
import type { ReadHeart } from "./hearts/read-hearts.ts";
import type { SharedTime } from "./hearts/shared-span.ts";
import type { DyadSettings } from "./request.ts";

const SHORTEST_SECONDS = 60;

/** The whole seconds in which both hearts were recorded, or the part of them that was asked for. */
export function sharedTime(hearts: readonly ReadHeart[], settings: DyadSettings): SharedTime {
  const { epochSeconds, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = settings;
  const start = Math.ceil(Math.max(from, ...hearts.map(({ beats }) => beats.firstTime)));
  const end = Math.floor(Math.min(to, ...hearts.map(({ beats }) => beats.lastTime)));
  if (!(end - start >= SHORTEST_SECONDS))
    throw new StudyError(
      `The hearts share ${Math.max(0, end - start)} s, and covariation needs ${SHORTEST_SECONDS} s or more: look at attune info for when each stream runs, and at --from and --to.`,
      { misuse: false },
    );
  return { start, end, epochSeconds, nEpochs: Math.floor((end - start) / epochSeconds) };
}
