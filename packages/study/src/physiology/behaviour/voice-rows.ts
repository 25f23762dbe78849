import {
  intersectIntervals,
  RESPONSE_WINDOWS_SECONDS,
  rateRatio,
  ratesByState,
  serveAndReturn,
  subtractIntervals,
  totalSeconds,
  turnTakingByKind,
} from "@attune/core";
import type { DyadSettings } from "../request.ts";
import type { BehaviourRow } from "../result.ts";
import { isEmpty } from "./coded-states.ts";
import { contingent } from "./contingency-rows.ts";
import { bouts, row } from "./row.ts";
import type { DyadBehaviour } from "./vocabulary.ts";

/** Voice, contingency, turns, serve and return; protophones and cries apart. */
export function voiceRows(behaviour: DyadBehaviour, settings: DyadSettings): BehaviourRow[] {
  const { voice, gaze, first, second } = behaviour;
  if (voice === undefined || !(totalSeconds(voice.observed) > 0)) return [];
  const { protophones, cries, observed } = voice;
  const kinds = [
    ["protophone", protophones],
    ["cry", cries],
  ] as const;
  const rows = [
    ...bouts("voice", first, "voice", voice.first, observed),
    ...kinds.flatMap(([kind, stream]) =>
      isEmpty(stream) ? [] : bouts("voice", second, kind, stream, observed),
    ),
    ...contingent(
      `${first} answers ${second}'s protophone`,
      second,
      first,
      protophones,
      voice.first,
      observed,
      settings,
    ),
    ...contingent(`${first} answers ${second}'s cry`, second, first, cries, voice.first, observed, settings),
    ...contingent(
      `${second} answers ${first}'s voice`,
      first,
      second,
      voice.first,
      protophones,
      observed,
      settings,
    ),
  ];
  if (!isEmpty(voice.first))
    for (const gapSeconds of RESPONSE_WINDOWS_SECONDS) {
      const turns = turnTakingByKind([protophones, cries], voice.first, { gapSeconds, observed });
      kinds.forEach(([kind, stream], k) => {
        if (isEmpty(stream)) return;
        const each = turns[k]!;
        const common = { topic: "turns", detail: `${kind}, pauses up to ${gapSeconds} s` } as const;
        const switches = each.transferOffsets.length;
        rows.push(
          row({
            ...common,
            measure: "turns",
            from: second,
            to: first,
            value: each.firstToSecond,
            unit: "count",
            n: switches,
          }),
          row({
            ...common,
            measure: "turns",
            from: first,
            to: second,
            value: each.secondToFirst,
            unit: "count",
            n: switches,
          }),
          row({
            ...common,
            measure: "median floor transfer",
            from: second,
            to: first,
            value: each.medianTransferOffset,
            unit: "s",
            n: switches,
          }),
          row({
            ...common,
            measure: "overlapping",
            from: second,
            to: first,
            value: each.overlapShare,
            unit: "share",
            n: switches,
          }),
          row({
            ...common,
            measure: "longest chain",
            from: second,
            to: first,
            value: Math.max(0, ...each.chainLengths),
            unit: "turns",
            n: each.chainLengths.length,
          }),
        );
      });
    }
  for (const replySeconds of [2, 5]) {
    if (isEmpty(protophones) || isEmpty(voice.first)) break;
    const serves = serveAndReturn(protophones, voice.first, { replySeconds, observed });
    const common = {
      topic: "turns",
      detail: `reply within ${replySeconds} s, return within 2 s`,
      unit: "share",
    } as const;
    rows.push(
      row({
        ...common,
        measure: "served and replied",
        from: second,
        to: first,
        value: serves.replyShare,
        n: serves.nServes,
      }),
      row({
        ...common,
        measure: "replied and returned",
        from: first,
        to: second,
        value: serves.returnShare,
        n: serves.nJudgedReplies,
      }),
    );
  }
  if (gaze !== undefined) rows.push(...perGaze(behaviour));
  return rows;
}

/** Vocalisations of the second per minute of the first's gaze, with the exposure to each. */
function perGaze({ gaze, voice, first, second }: DyadBehaviour): BehaviourRow[] {
  const observed = intersectIntervals(gaze!.observed, voice!.observed);
  if (!(totalSeconds(observed) > 0)) return [];
  const looking = gaze!.first;
  const states = [
    [`${first} looks at ${second}`, looking],
    [`${first} looks elsewhere`, subtractIntervals(observed, looking)],
  ] as const;
  const rates = ratesByState(
    voice!.protophones,
    states.map(([, each]) => each),
    observed,
  );
  const [direct, averted] = rates;
  const ratio = rateRatio(direct!.count, direct!.seconds, averted!.count, averted!.seconds);
  const common = { topic: "voice", from: second, to: first } as const;
  return [
    ...rates.map((rate, k) =>
      row({
        ...common,
        measure: "protophones per minute",
        detail: `${states[k]![0]} (${rate.seconds.toFixed(0)} s exposure)`,
        value: rate.perMinute,
        unit: "1/min",
        n: rate.count,
      }),
    ),
    row({
      ...common,
      measure: "rate ratio",
      detail: `looking over elsewhere; 95 % ${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)} (counting error only)`,
      value: ratio.ratio,
      unit: "ratio",
      n: direct!.count + averted!.count,
      expected: 1,
    }),
  ];
}
