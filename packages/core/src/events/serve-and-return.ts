import { OptionError } from "../errors.ts";
import { median } from "../statistics/index.ts";
import { windowStarts } from "./interval-algebra.ts";
import {
  type Intervals,
  lastAtOrBefore,
  requireIntervals,
  requireObserved,
  SAME_TIME_SECONDS,
  spanIsWithin,
} from "./intervals.ts";

export interface ServeOptions {
  /** The reply begins at most so long after the end of the serve. Default 2 s; 5 as sensitivity. */
  readonly replySeconds?: number;
  /** The return begins at most so long after the end of the reply. Default 2 s. */
  readonly returnSeconds?: number;
  readonly observed: Intervals;
}

export interface ServeAndReturn {
  /** Acts of the server whose window for a reply was observed. */
  readonly nServes: number;
  readonly nReplies: number;
  /** Replies whose window for a return was observed; the others cannot be judged. */
  readonly nJudgedReplies: number;
  /** Completed: act, reply, act. */
  readonly nReturns: number;
  readonly replyShare: number;
  /** Of the replies that can be judged. */
  readonly returnShare: number;
  readonly medianReplySeconds: number;
  readonly medianReturnSeconds: number;
}

/**
 * Serve and return: the infant does something, the adult replies soon after its end, the infant does something again soon
 * after the end of the reply. Any two streams will do: the serve may be a look and the reply a word.
 *
 * A reply belongs to the last act before it, so that no reply is counted twice; the same act may be the return of one chain and
 * the serve of the next. A reply that begins before the serve has ended is none (count overlaps with `turnTaking`).
 *
 * @throws OptionError for windows that are not positive, intervals out of order or no observed time
 */
export function serveAndReturn(
  serves: Intervals,
  replies: Intervals,
  { replySeconds = 2, returnSeconds = 2, observed }: ServeOptions,
): ServeAndReturn {
  if (!(replySeconds > 0 && returnSeconds > 0))
    throw new OptionError(
      `serveAndReturn needs replySeconds and returnSeconds > 0, got ${replySeconds} and ${returnSeconds}.`,
    );
  requireIntervals("serveAndReturn", serves);
  requireIntervals("serveAndReturn", replies);
  requireObserved("serveAndReturn", observed);
  const judged = windowStarts(observed, replySeconds);
  const toReply: number[] = [];
  const toReturn: number[] = [];
  let nServes = 0;
  let nJudgedReplies = 0;
  for (let i = 0; i < serves.onsets.length; i++) {
    const end = serves.offsets[i];
    if (!spanIsWithin(end, end, judged)) continue;
    nServes++;
    const reply = lastAtOrBefore(replies.onsets, end + SAME_TIME_SECONDS) + 1;
    const latency = replies.onsets[reply] - end;
    if (!(latency <= replySeconds + SAME_TIME_SECONDS) || serves.onsets[i + 1] < replies.onsets[reply])
      continue;
    toReply.push(latency);
    const replied = replies.offsets[reply];
    if (!spanIsWithin(end, replied + returnSeconds, observed)) continue;
    nJudgedReplies++;
    const back = serves.onsets[lastAtOrBefore(serves.onsets, replied + SAME_TIME_SECONDS) + 1] - replied;
    if (back <= returnSeconds + SAME_TIME_SECONDS) toReturn.push(back);
  }
  return {
    nServes,
    nReplies: toReply.length,
    nJudgedReplies,
    nReturns: toReturn.length,
    replyShare: toReply.length / nServes,
    returnShare: toReturn.length / nJudgedReplies,
    medianReplySeconds: median(toReply),
    medianReturnSeconds: median(toReturn),
  };
}
