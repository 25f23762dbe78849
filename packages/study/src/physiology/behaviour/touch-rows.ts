import {
  intersectIntervals,
  offsetHazard,
  responseLatencies,
  testEvents,
  totalSeconds,
  uniteIntervals,
} from "@attune/core";
import { shown } from "../answer.ts";
import type { DyadSettings } from "../request.ts";
import type { BehaviourRow } from "../result.ts";
import { isEmpty } from "./coded-states.ts";
import { bouts, row } from "./row.ts";
import type { DyadBehaviour, TouchOf } from "./vocabulary.ts";

/** Seconds within which a touch counts as an answer to a cry, and in which a cry's end is looked for. */
const CRY_SECONDS = 15;

/**
 * Touch of each person by kind; how soon the first's answers the second's cries, and whether cries end after it. Where both
 * people touch, the time in which anybody does stands beside it.
 */
export function touchRows(behaviour: DyadBehaviour, settings: DyadSettings): BehaviourRow[] {
  const seen = behaviour.touch.filter(({ observed }) => totalSeconds(observed) > 0);
  return [...seen.flatMap((touch) => rowsOf(touch, behaviour, settings)), ...eitherRows(seen)];
}

function eitherRows(seen: readonly TouchOf[]): BehaviourRow[] {
  const [a, b] = seen;
  if (a === undefined || b === undefined) return [];
  const observed = intersectIntervals(a.observed, b.observed);
  if (!(totalSeconds(observed) > 0)) return [];
  return bouts("touch", "either", "touch by either person", uniteIntervals(a.any, b.any), observed).map(
    (each) => ({ ...each, to: "both" }),
  );
}

function rowsOf(
  { person: toucher, partner: touched, any, kinds, observed }: TouchOf,
  { voice, second }: DyadBehaviour,
  settings: DyadSettings,
): BehaviourRow[] {
  const rows = [
    ...bouts("touch", toucher, "any touch", any, observed),
    ...kinds.flatMap(([kind, stream]) => bouts("touch", toucher, kind, stream, observed)),
  ].map((each) => ({ ...each, to: touched }));
  // Protophones and cries are the second's: only the first's touch answers them.
  if (voice === undefined || touched !== second || isEmpty(any)) return rows;
  const both = intersectIntervals(observed, voice.observed);
  if (!(totalSeconds(both) > 0)) return rows;
  if (!isEmpty(voice.protophones)) {
    const after = responseLatencies(voice.protophones, any, { withinSeconds: CRY_SECONDS, observed: both });
    rows.push(
      row({
        topic: "touch",
        from: touched,
        to: toucher,
        measure: "latency from protophone to touch",
        detail: `median of the ${after.latencies.length} of ${after.nSignals} after which touch began within ${CRY_SECONDS} s`,
        value: after.medianSeconds,
        unit: "s",
        n: after.latencies.length,
      }),
    );
  }
  if (isEmpty(voice.cries)) return rows;
  const latencies = responseLatencies(voice.cries, any, { withinSeconds: CRY_SECONDS, observed: both });
  const answered = testEvents(
    any,
    (stream) =>
      responseLatencies(voice.cries, stream, { withinSeconds: CRY_SECONDS, observed: both }).answeredShare,
    {
      observed: both,
      null: "circular-shift",
      seed: settings.seed,
      nSurrogates: settings.nSurrogates,
      key: "cry-touch",
    },
  );
  const hazard = offsetHazard(voice.cries, any.onsets, { withinSeconds: CRY_SECONDS, observed: both });
  const common = { topic: "touch", from: touched, to: toucher } as const;
  return [
    ...rows,
    row({
      ...common,
      measure: "cries answered by touch",
      detail: `within ${CRY_SECONDS} s of their beginning`,
      value: latencies.answeredShare,
      unit: "share",
      n: latencies.nSignals,
      expected: answered.nullMean,
      nullSd: answered.nullSd,
      p: answered.p,
      null: answered.null,
    }),
    row({
      ...common,
      measure: "latency from cry to touch",
      detail: "median of the answered",
      value: latencies.medianSeconds,
      unit: "s",
      n: latencies.latencies.length,
    }),
    row({
      ...common,
      from: toucher,
      to: touched,
      measure: "cry ends after touch",
      detail: `hazard in ${CRY_SECONDS} s after the onset of touch over the rest of crying; 95 % ${shown(hazard.ratio.low, 2)} to ${shown(hazard.ratio.high, 2)} (counting error only)`,
      value: hazard.ratio.ratio,
      unit: "ratio",
      n: hazard.after.nOffsets,
      expected: 1,
    }),
  ];
}
