import { StateTrack } from "../live/state-track.ts";
import { TimelineBook } from "../live/timeline-book.ts";
import type { Finding } from "./analysis/messages.ts";
import type { ReplayFacts } from "./replay-facts.ts";

/** States, events and gaps of the whole recording; what the analysis finds comes while it is found. */
export function timelineOf({ from, states, events, regular }: ReplayFacts): TimelineBook {
  const book = new TimelineBook(from);
  const track = new StateTrack();
  for (const change of states) {
    const taken = track.take(change);
    if (taken !== undefined) book.state(taken.held, taken.ended);
  }
  for (const { at, label, source } of events) book.event(at, label, source);
  for (const { id, gaps, nominalSamplingRate } of regular)
    for (const { start, duration } of gaps)
      if (duration > 0)
        book.gap({
          streamId: id,
          from: start,
          to: start + duration,
          nLost: Math.round(duration * nominalSamplingRate),
        });
  return book;
}

export function addFinding(book: TimelineBook, finding: Finding): void {
  if ("coupling" in finding) {
    if (finding.coupling.scope === "pooled") book.coupling(finding.coupling);
    return;
  }
  if (!("window" in finding)) return;
  const { start, seconds, reasons } = finding.window;
  const words = reasons.map(({ person, reason }) => `${person} ${reason}`);
  if (words.length > 0) book.rejected(start, seconds, words);
}
