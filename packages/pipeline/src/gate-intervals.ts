import { GatedIntervals, type InterbeatDecision, OnlineInterbeatGate } from "@attune/core";
import type { InterbeatInterval, Person } from "@attune/signal";
import { defer, mergeMap, type OperatorFunction } from "rxjs";
import type { GatedHeart, HeartEvent, SettledIntervals } from "./heart-events.ts";

/**
 * Judges the intervals between beats (`OnlineInterbeatGate`) and settles them (`GatedIntervals`): every verdict leaves as it
 * is, and after it the intervals that later stages use. Ticks pass in their place.
 */
export function gateIntervals(person: Person): OperatorFunction<HeartEvent, GatedHeart> {
  return (events) =>
    defer(() => {
      const gate = new OnlineInterbeatGate({ population: person.role });
      const gated = new GatedIntervals();
      return events.pipe(
        mergeMap((event): GatedHeart[] => {
          if (event.kind === "heart-tick") return [event];
          const decisions = event.kind === "beat" ? gate.push(event.at) : gate.gap(event.until);
          const settled = gated.push(decisions);
          const verdicts = decisions.map((decision) => verdictOf(person.id, decision));
          return settled.times.length > 0 ? [...verdicts, settledOf(settled, decisions)] : verdicts;
        }),
      );
    });
}

const verdictOf = (person: string, decision: InterbeatDecision): InterbeatInterval => ({
  kind: "interbeat",
  person,
  at: decision.time,
  interval: decision.interval,
  verdict: decision.mark,
  missedBeats: decision.missedBeats,
  correctedInterval: decision.correctedInterval,
  correctedAt: decision.correctedTime,
});

/** What a good decision of this moment brought is as it came; everything that was held back until then is a replacement. */
function settledOf(
  { times, intervals }: { readonly times: Float64Array; readonly intervals: Float64Array },
  decisions: readonly InterbeatDecision[],
): SettledIntervals {
  const asTheyCame = new Set(decisions.filter(({ mark }) => mark === "ok").map(({ time }) => time));
  const isCorrected = Uint8Array.from(times, (time, k) =>
    Number.isNaN(intervals[k]!) || asTheyCame.has(time) ? 0 : 1,
  );
  return { kind: "settled", times, intervals, isCorrected };
}
